import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { Wallet } from 'ethers';
import { destination } from 'pino';

import { parseNodeConfig } from '../relayer/lanes/rollup/config.ts';
import { nodeLogger } from '../relayer/telemetry/nodeLogger.ts';
import { rollupNodeLane } from '../relayer/lanes/rollup/rollupNodeLane.ts';
import { startNode, type RelayerNode } from '../relayer/node.ts';
import { removeSqlite } from '../relayer/store/backends/sqlite.ts';
import { deployLane } from '../sdk/actions/deployLane.ts';
import { planLane } from '../sdk/actions/planLane.ts';
import { connect } from '../sdk/chain/rpc.ts';
import { serializeDeployment, type Deployment } from '../sdk/core/deployment.ts';
import { XdmError } from '../sdk/core/errors.ts';
import {
  ALL_ACCOUNTS,
  deployerAccount,
  devnetAccount,
  nodeAccount,
  USER_ACCOUNTS,
  type DevnetAccount,
} from './accounts.ts';
import { startAnvil, type Anvil } from './anvil.ts';
import { writeWhole } from './files.ts';
import { startMiner, type Miner } from './miner.ts';
import { checkPort } from './ports.ts';

export interface DevnetOptions {
  /** Ports on 127.0.0.1; free ones where they are not given. */
  readonly l1Port?: number | undefined;
  readonly l2Port?: number | undefined;
  /** Of the node's HTTP interface, likewise. */
  readonly httpPort?: number | undefined;
  /** Fraud-proof window, seconds. */
  readonly challengePeriod: bigint;
  /** Seconds between two blocks; L2 has one whenever transactions wait as well. */
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

/** A local network that runs. */
export interface Devnet extends Paths {
  readonly deployment: Deployment;
  readonly l1RpcUrl: string;
  readonly l2RpcUrl: string;
  /** Where the node serves health, metrics and its API; undefined without a node. */
  readonly httpUrl: string | undefined;
  /** Funded on both chains, for whoever uses it. */
  readonly accounts: readonly DevnetAccount[];
  /** Owner, challenger and guardian of the lane; funded likewise. */
  readonly owner: DevnetAccount;
  /** What mines L2's blocks. */
  readonly miner: Pick<Miner, 'betweenBlocks'>;
  /** Settles when a chain ends that was not told to. */
  readonly broken: Promise<void>;
  /** Ends the node, then the chains. */
  stop(): Promise<void>;
}

const L1_CHAIN_ID = 900;
const L2_CHAIN_ID = 901;
const ETHER = 10n ** 18n;

/** Ether that each account has at the start. L1's deployer puts into the vault what L2's accounts have together. */
const L1_BALANCE = 1_000_000n;
const L2_BALANCE = 1000n;

/** Most L2 gas of the deposits of one L1 block: more than one can enqueue, whose own gas limit is 30,000,000. */
const MAX_BLOCK_GAS = 120_000_000n;

/** Of an L2 block. */
const L2_GAS_LIMIT = 180_000_000n;

/** A local network need not wait for blocks to be final: nothing drops them. */
const NODE_SETTINGS = {
  l1Finality: 'latest',
  l2Finality: 'latest',
  queueFinality: 'latest',
  proposalFinality: 'latest',
  pollInterval: 100,
  proposalInterval: 2000,
  rebroadcastAfter: 3000,
  bumpAfter: 15_000,
  privateKey: nodeAccount().privateKey,
  // Beside the other, which a variable of whoever starts it may replace.
  proposerPrivateKey: nodeAccount().privateKey,
};

/**
 * Starts a local network: two chains, a lane, a node. What an earlier one left in the folder is removed: its chains are gone.
 * @throws {XdmError} `in-use` for a port or a folder that another one has, `not-installed` without anvil
 */
export async function startDevnet(options: DevnetOptions): Promise<Devnet> {
  const { dataDir } = options;
  const paths: Paths = {
    deploymentPath: join(dataDir, 'deployment.json'),
    settingsPath: join(dataDir, 'relayer.json'),
    storePath: join(dataDir, 'relayer.sqlite'),
    logPath: join(dataDir, 'relayer.log'),
  };
  await checkPort(options.l1Port, '--l1-port');
  await checkPort(options.l2Port, '--l2-port');
  createFolder(dataDir);
  removeSqlite(paths.storePath);
  rmSync(paths.deploymentPath, { force: true });

  const chains: Anvil[] = [];
  let miner: Miner | undefined;
  const stopChains = async (): Promise<void> => {
    miner?.stop();
    await Promise.all(chains.map(async (chain) => await chain.stop()));
  };
  try {
    const [l1, l2] = await startChains(options, chains);
    miner = startMiner(l2.url, options.blockTime);
    const deployment = await deploy(options, l1.url, l2.url);
    writeSettings(paths);
    writeWhole(paths.deploymentPath, serializeDeployment(deployment));
    const node = options.relayer ? await startRelayer(deployment, paths, options.httpPort ?? 0) : undefined;
    if (node?.httpUrl !== undefined) writeSettings(paths, Number(new URL(node.httpUrl).port));
    return {
      deployment,
      ...paths,
      l1RpcUrl: l1.url,
      l2RpcUrl: l2.url,
      httpUrl: node?.httpUrl,
      accounts: Array.from({ length: USER_ACCOUNTS }, (_, index) => devnetAccount(index)),
      owner: deployerAccount(),
      miner,
      broken: Promise.race([l1.exited, l2.exited]),
      async stop() {
        await node?.stop();
        await stopChains();
      },
    };
  } catch (error) {
    await stopChains();
    throw error;
  }
}

/** With the port of the node that runs, where `xdm status --why` and `xdm doctor` look for it: another network's may have 7300. */
function writeSettings({ settingsPath }: Paths, httpPort?: number): void {
  writeWhole(settingsPath, `${JSON.stringify({ ...NODE_SETTINGS, httpPort }, undefined, 2)}\n`);
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

async function startChains(options: DevnetOptions, started: Anvil[]): Promise<[Anvil, Anvil]> {
  const common = ['--slots-in-an-epoch', `${options.epochSlots ?? 1}`, '--accounts', `${ALL_ACCOUNTS}`];
  const start = async (chainId: number, port: number | undefined, args: readonly string[]): Promise<Anvil> => {
    const anvil = await startAnvil({ chainId, ...(port !== undefined && { port }), args: [...common, ...args] });
    started.push(anvil);
    return anvil;
  };
  // It has a block for each transaction until the lane is deployed, and then one each `blockTime`.
  const l1Args = ['--balance', `${L1_BALANCE}`, '--enable-tx-gas-limit'];
  // Its blocks follow the transactions, as a rollup's do: its miner sees to it.
  const l2Args = [
    '--balance',
    `${L2_BALANCE}`,
    '--gas-limit',
    `${L2_GAS_LIMIT}`,
    '--network',
    'optimism',
    '--no-mining',
  ];
  // One after the other: the second free port must not be the first.
  const l1 = await start(L1_CHAIN_ID, options.l1Port, l1Args);
  return [l1, await start(L2_CHAIN_ID, options.l2Port, l2Args)];
}

async function deploy(options: DevnetOptions, l1RpcUrl: string, l2RpcUrl: string): Promise<Deployment> {
  const [l1, l2] = await Promise.all([connect(l1RpcUrl, { name: 'L1' }), connect(l2RpcUrl, { name: 'L2' })]);
  const { address, privateKey } = deployerAccount();
  const signers = { l1Signer: new Wallet(privateKey, l1), l2Signer: new Wallet(privateKey, l2) };
  const plan = await planLane(signers, {
    owner: address,
    proposer: nodeAccount().address,
    challenger: address,
    guardian: address,
    fraudProofWindow: options.challengePeriod,
    maxBlockGas: MAX_BLOCK_GAS,
    valueEnabled: true,
    genesisVault: BigInt(ALL_ACCOUNTS) * L2_BALANCE * ETHER,
  });
  const lane = await deployLane(signers, plan);
  await l1.send('evm_setIntervalMining', [options.blockTime]);
  l1.destroy();
  l2.destroy();
  const deployedAt = { l1DeployedAt: plan.l1.deployedAt, l2DeployedAt: plan.l2.deployedAt };
  return { ...lane, ...deployedAt, deposits: 'sequencer', l1RpcUrl, l2RpcUrl };
}

async function startRelayer(
  deployment: Deployment,
  { storePath, logPath }: Paths,
  httpPort: number,
): Promise<RelayerNode> {
  const config = parseNodeConfig({ flags: { store: storePath, httpPort }, environment: {}, file: NODE_SETTINGS });
  const lane = rollupNodeLane(deployment, config);
  const logger = nodeLogger(lane, destination({ dest: logPath, append: false, sync: true }));
  return await startNode(lane, logger);
}
