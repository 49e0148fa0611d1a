import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { NodeLane } from '../relayer/lanes/nodeLane.ts';
import { startNode } from '../relayer/node.ts';
import type { ConfigSources } from '../relayer/settings/parse.ts';
import { removeSqlite } from '../relayer/store/backends/sqlite.ts';
import { logDestination, nodeLogger } from '../relayer/telemetry/nodeLogger.ts';
import { XdmError } from '../sdk/core/errors.ts';
import { ALL_ACCOUNTS, deployerAccount, devnetAccount, USER_ACCOUNTS, type DevnetAccount } from './accounts.ts';
import { startAnvil, type Anvil, type AnvilOptions } from './anvil.ts';
import { writeWhole } from './files.ts';

/** What local networks of all kinds are started with. */
export interface LocalNetworkOptions {
  /** Port of the node's HTTP interface on 127.0.0.1; a free one where it is not given. */
  readonly httpPort?: number | undefined;
  /** Seconds between two blocks. */
  readonly blockTime: number;
  /** Blocks that the safe block is behind the newest; the final one is twice as far. 1 unless given. */
  readonly epochSlots?: number;
  /** Folder for the deployment file, and the node's store and log. */
  readonly dataDir: string;
  /** Whether the node runs. */
  readonly relayer: boolean;
}

/** Files in the folder. */
interface Paths {
  readonly deploymentPath: string;
  /** Settings of the node, for one that is started by itself. */
  readonly settingsPath: string;
  readonly storePath: string;
  readonly logPath: string;
}

/** A local network that runs, whatever kind of lane it has. */
export interface LocalNetwork extends Paths {
  /** Where the node serves health, metrics and its API; undefined without a node. */
  readonly httpUrl: string | undefined;
  /** Funded on all chains, for whoever uses it. */
  readonly accounts: readonly DevnetAccount[];
  /** Owner of the lane; funded likewise. */
  readonly owner: DevnetAccount;
  /** Settles when a chain ends that was not told to. */
  readonly broken: Promise<void>;
  /** Ends the node, then what else runs, the chains last. */
  stop(): Promise<void>;
}

/** Starts what the network ends. */
export interface Starter {
  /** One chain after the other: the second free port must not be the first. */
  startChain(options: AnvilOptions): Promise<Anvil>;
  /** Has something ended before what was started before it. */
  onStop(end: () => unknown): void;
}

/** A lane on local chains. */
export interface LocalLane<Shown> {
  /** What the network has of it. */
  readonly shown: Shown;
  /** Text of the deployment file. */
  readonly deployment: string;
  /** Of the node. */
  readonly settings: object;
  readonly nodeLane: (sources: ConfigSources) => NodeLane;
}

/**
 * Starts a local network: chains with a lane, and a node. What an earlier one left in the folder is removed: its chains are gone.
 * @param putUp starts the chains, and deploys the lane
 * @throws {XdmError} `in-use` for a port or a folder that another one has, `not-installed` without anvil
 */
export async function startLocalNetwork<Shown extends object>(
  options: LocalNetworkOptions,
  putUp: (starter: Starter) => Promise<LocalLane<Shown>>,
): Promise<LocalNetwork & Shown> {
  const { dataDir, epochSlots = 1 } = options;
  const paths: Paths = {
    deploymentPath: join(dataDir, 'deployment.json'),
    settingsPath: join(dataDir, 'relayer.json'),
    storePath: join(dataDir, 'relayer.sqlite'),
    logPath: join(dataDir, 'relayer.log'),
  };
  createFolder(dataDir);
  forgetEarlier(paths.storePath, dataDir);
  rmSync(paths.deploymentPath, { force: true });

  const chains: Anvil[] = [];
  const ends: (() => unknown)[] = [];
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => await (stopped ??= endAll(ends));
  const common = ['--slots-in-an-epoch', `${epochSlots}`, '--accounts', `${ALL_ACCOUNTS}`];
  try {
    const { shown, deployment, settings, nodeLane } = await putUp({
      async startChain({ args = [], ...chain }) {
        const anvil = await startAnvil({ ...chain, args: [...common, ...args] });
        chains.push(anvil);
        ends.push(async () => await anvil.stop());
        return anvil;
      },
      onStop: (end) => void ends.push(end),
    });
    writeSettings(paths, settings);
    writeWhole(paths.deploymentPath, deployment);
    let httpUrl: string | undefined;
    if (options.relayer) {
      const flags = { store: paths.storePath, httpPort: options.httpPort ?? 0 };
      const lane = nodeLane({ flags, environment: {}, file: settings });
      const logger = nodeLogger(lane, logDestination(paths.logPath));
      const node = await startNode(lane, logger);
      ends.push(async () => await node.stop());
      ({ httpUrl } = node);
      if (httpUrl !== undefined) writeSettings(paths, { ...settings, httpPort: Number(new URL(httpUrl).port) });
    }
    return {
      ...shown,
      ...paths,
      httpUrl,
      accounts: Array.from({ length: USER_ACCOUNTS }, (_, index) => devnetAccount(index)),
      owner: deployerAccount(),
      broken: Promise.race(chains.map(async ({ exited }) => await exited)),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function endAll(ends: readonly (() => unknown)[]): Promise<void> {
  for (const end of ends.toReversed()) await end();
}

/** With the port of the node that runs, where `xdm status --why` and `xdm doctor` look for it: another network's may have 7300. */
function writeSettings({ settingsPath }: Paths, settings: object): void {
  writeWhole(settingsPath, `${JSON.stringify(settings, undefined, 2)}\n`);
}

function forgetEarlier(storePath: string, dataDir: string): void {
  try {
    removeSqlite(storePath);
  } catch (cause) {
    if (!(cause instanceof XdmError) || cause.code !== 'in-use') throw cause;
    throw new XdmError('in-use', `the folder ${dataDir} is that of a local network whose node runs`, {
      cause,
      hint: 'stop that network, or give this one another folder with --data-dir',
    });
  }
}

function createFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new XdmError('invalid-argument', `the folder ${path} cannot be created: ${reason}`, {
      cause,
      hint: 'give another one with --data-dir',
    });
  }
}
