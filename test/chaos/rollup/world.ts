import { waitForReceipt } from '../../../sdk/chain/receipts.ts';
import type { Side } from '../../../sdk/core/deployment.ts';
import { deployFragile, type FragileTarget } from '../../support/fragile.ts';
import { startNetwork, type Network } from '../../support/network.ts';
import { breakable, EPOCH_SLOTS, prepareNodes, type World } from '../world.ts';

/** A rollup's lane: L1, L2, and its node. */
export interface RollupWorld extends World<Side> {
  readonly network: Network;
  readonly targets: Readonly<Record<Side, Targets>>;
}

/** What messages to a chain call. */
interface Targets {
  /** Counts its calls. */
  readonly sound: FragileTarget;
  /** Always reverts. */
  readonly broken: FragileTarget;
}

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

export interface WorldOptions {
  /** Processes of the node; more than one share a store on Postgres. 1 unless given. */
  readonly replicas?: number;
  /** Fraud-proof window, seconds; 3 unless given. */
  readonly window?: number;
}

export async function startWorld({ replicas = 1, window = 3 }: WorldOptions = {}): Promise<RollupWorld> {
  const network = await startNetwork({ relayer: false, challengePeriod: BigInt(window), epochSlots: EPOCH_SLOTS });
  const { client, miner } = network;
  // Nothing that was safe is dropped.
  const droppable = EPOCH_SLOTS - 1;
  const l1 = await breakable(network.l1RpcUrl, { provider: client.l1, droppable });
  const { betweenBlocks } = miner;
  const l2 = await breakable(network.l2RpcUrl, { provider: client.l2, droppable, betweenBlocks });
  const endpoints = { 'l1-rpc-url': l1.proxy.url, 'l2-rpc-url': l2.proxy.url };
  const options = { deployment: network.deploymentPath, ...endpoints, ...SETTINGS };
  const node = await prepareNodes({ replicas, options });
  const targets = { l1: await deployTargets(network, 'l1'), l2: await deployTargets(network, 'l2') };
  // No reorganisation drops them.
  for (let blocks = 0; blocks < 2 * EPOCH_SLOTS; blocks++) await addBlocks(network);
  return {
    ...node,
    network,
    chains: { l1, l2 },
    targets,
    async stop() {
      await node.stop();
      await Promise.all([l1.proxy.stop(), l2.proxy.stop()]);
      await network.stop();
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
