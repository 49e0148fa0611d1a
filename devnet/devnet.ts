import { Wallet } from 'ethers';

import { parseNodeConfig } from '../relayer/lanes/rollup/config.ts';
import { rollupNodeLane } from '../relayer/lanes/rollup/rollupNodeLane.ts';
import { deployLane } from '../sdk/actions/deployLane.ts';
import { planLane } from '../sdk/actions/planLane.ts';
import { connect } from '../sdk/chain/rpc.ts';
import { serializeDeployment, type Deployment } from '../sdk/core/deployment.ts';
import { ALL_ACCOUNTS, deployerAccount, nodeAccount } from './accounts.ts';
import type { Anvil } from './anvil.ts';
import { startLocalNetwork, type LocalNetwork, type LocalNetworkOptions, type Starter } from './localNetwork.ts';
import { startMiner, type Miner } from './miner.ts';
import { checkPort } from './ports.ts';

/** L2 has a block whenever transactions wait, beside those at the time of a block. */
export interface DevnetOptions extends LocalNetworkOptions {
  /** Ports on 127.0.0.1; free ones where they are not given. */
  readonly l1Port?: number | undefined;
  readonly l2Port?: number | undefined;
  /** Fraud-proof window, seconds. */
  readonly challengePeriod: bigint;
}

/** A local network with a rollup's lane. */
interface RollupLane {
  readonly deployment: Deployment;
  readonly l1RpcUrl: string;
  readonly l2RpcUrl: string;
  /** What mines L2's blocks. */
  readonly miner: Pick<Miner, 'betweenBlocks'>;
}

/** A local network that runs, with a rollup's lane; the owner is challenger and guardian as well. */
export type Devnet = LocalNetwork & RollupLane;

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
 * Starts a local network with a rollup's lane: two chains, and a node.
 * @throws {XdmError} as `startLocalNetwork`
 */
export async function startDevnet(options: DevnetOptions): Promise<Devnet> {
  await checkPort(options.l1Port, '--l1-port');
  await checkPort(options.l2Port, '--l2-port');
  return await startLocalNetwork<RollupLane>(options, async (starter) => {
    const [l1, l2] = await startChains(options, starter);
    const miner = startMiner(l2.url, options.blockTime);
    starter.onStop(() => miner.stop());
    const deployment = await deploy(options, l1.url, l2.url);
    return {
      shown: { deployment, l1RpcUrl: l1.url, l2RpcUrl: l2.url, miner },
      deployment: serializeDeployment(deployment),
      settings: NODE_SETTINGS,
      nodeLane: (sources) => rollupNodeLane(deployment, parseNodeConfig(sources)),
    };
  });
}

async function startChains({ l1Port, l2Port }: DevnetOptions, starter: Starter): Promise<[Anvil, Anvil]> {
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
  const l1 = await starter.startChain({ chainId: L1_CHAIN_ID, port: l1Port, args: l1Args });
  return [l1, await starter.startChain({ chainId: L2_CHAIN_ID, port: l2Port, args: l2Args })];
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
