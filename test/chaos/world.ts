import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

import { waitForReceipt } from '../../sdk/chain/receipts.ts';
import type { Side } from '../../sdk/core/deployment.ts';
import { deployFragile, type FragileTarget } from '../support/fragile.ts';
import { startNetwork, type Network } from '../support/network.ts';
import { startPostgres, type PostgresServer } from '../support/postgres.ts';
import { randomOf, type Random } from '../support/random.ts';
import { startRpcProxy, type RpcProxy } from '../support/rpcProxy.ts';
import { newNodeProcess, type NodeProcess, type NodeProcessOptions } from './nodeProcess.ts';

/** Two chains, an endpoint in front of each that does what it is told, and the node's process. */
export interface World {
  readonly network: Network;
  /** What the node reads and sends through; traffic and audit ask the chains themselves. */
  readonly proxies: Readonly<Record<Side, RpcProxy>>;
  readonly targets: Readonly<Record<Side, Targets>>;
  /** The node's processes: one, or several replicas that share a store on Postgres. */
  readonly nodes: readonly NodeProcess[];
  readonly postgres: PostgresServer | undefined;
  /** Number of the highest block that a chain had when it dropped blocks. */
  readonly highest: Record<Side, number>;
  readonly seed: number;
  readonly random: Random;
  /** The node's store: a file, or a URL. */
  readonly store: string;
  /** File that the node's clock reads how far it is from the machine's, milliseconds. */
  readonly clockPath: string;
  stop(): Promise<void>;
}

/** What messages to a chain call. */
interface Targets {
  /** Counts its calls. */
  readonly sound: FragileTarget;
  /** Always reverts. */
  readonly broken: FragileTarget;
}

/** Blocks that the safe block is behind the newest, and half of those that the final one is: what is newer can be dropped. */
export const EPOCH_SLOTS = 3;

/** What chains that drop blocks ask of a node: it takes nothing for granted that is not safe, or final. */
const SETTINGS = {
  'l1-finality': 'finalized',
  'l2-finality': 'finalized',
  'queue-finality': 'safe',
  'proposal-finality': 'safe',
  'poll-interval': '200',
  'proposal-interval': '1500',
  'rebroadcast-after': '2000',
  'bump-after': '5000',
};

/** The seed of this run; a variable repeats another one's. */
function chooseSeed(): number {
  const seed = Number(process.env['XDM_CHAOS_SEED'] ?? Date.now() % 1_000_000);
  console.log(`XDM_CHAOS_SEED=${seed} repeats this run's faults and their times`);
  return seed;
}

export interface WorldOptions {
  /** Processes of the node; more than one share a store on Postgres. 1 unless given. */
  readonly replicas?: number;
  /** Fraud-proof window, seconds; 3 unless given. */
  readonly window?: number;
}

export async function startWorld({ replicas = 1, window = 3 }: WorldOptions = {}): Promise<World> {
  const seed = chooseSeed();
  const network = await startNetwork({ relayer: false, challengePeriod: BigInt(window), epochSlots: EPOCH_SLOTS });
  const [l1, l2] = await Promise.all([startRpcProxy(network.l1RpcUrl), startRpcProxy(network.l2RpcUrl)]);
  const folder = mkdtempSync(join(tmpdir(), 'xdm-chaos-'));
  const postgres = replicas > 1 ? await startPostgres({ durable: true }) : undefined;
  const store = (await postgres?.createDatabase('lane')) ?? join(folder, 'relayer.sqlite');
  const clockPath = join(folder, 'clock');
  const options = { deployment: network.deploymentPath, 'l1-rpc-url': l1.url, 'l2-rpc-url': l2.url, store };
  const node: NodeProcessOptions = {
    options: { ...options, ...SETTINGS },
    env: { NODE_OPTIONS: `--import ${pathToFileURL('test/chaos/clock.mjs').href}`, XDM_CHAOS_CLOCK: clockPath },
  };
  const nodes = Array.from({ length: replicas }, () => newNodeProcess(node));
  const targets = { l1: await deployTargets(network, 'l1'), l2: await deployTargets(network, 'l2') };
  // No reorganisation drops them.
  for (let blocks = 0; blocks < 2 * EPOCH_SLOTS; blocks++) await addBlocks(network);
  return {
    network,
    proxies: { l1, l2 },
    targets,
    nodes,
    postgres,
    highest: { l1: 0, l2: 0 },
    seed,
    random: randomOf(seed),
    store,
    clockPath,
    async stop() {
      await Promise.all(nodes.map(async (each) => await each.kill()));
      await Promise.all([l1.stop(), l2.stop(), postgres?.stop()]);
      await network.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function deployTargets(network: Network, side: Side): Promise<Targets> {
  const [sound, broken] = await Promise.all([
    deployFragile(network.account(side, 5), 'never seen'),
    deployFragile(network.account(side, 6), 'out of order'),
  ]);
  await sound.repair();
  return { sound, broken };
}

/** Longest wait for a block, milliseconds. */
const BLOCK_DEADLINE_MS = 20_000;

/**
 * Adds a block to each chain. On L2 only its miner may do so, which does whenever a transaction waits.
 * @param seconds that pass before it on L1, beside those that pass anyway
 */
export async function addBlocks(network: Network, seconds = 0): Promise<void> {
  const idle = network.account('l2', 9);
  if (seconds > 0) await network.client.l1.send('evm_increaseTime', [seconds]);
  await Promise.all([
    network.client.l1.send('anvil_mine', ['0x1']),
    idle.sendTransaction({ to: idle.address, gasLimit: 21_000n }).then(async ({ hash }) => {
      await waitForReceipt(network.client.l2, hash, { timeout: BLOCK_DEADLINE_MS });
    }),
  ]);
}
