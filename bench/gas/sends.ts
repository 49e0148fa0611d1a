import { queueOf, stateCommitmentChainOf } from '../../sdk/chain/contracts.ts';
import { executeQueue } from '../../test/support/executeQueue.ts';
import { medianOf, type L2SendFigures, type StateBatchFigures } from './figures.ts';
import { sendFromL1, sendFromL2 } from './messages.ts';
import { payload, targetFor } from './payloads.ts';
import { minedOf, sendTransaction, splitOf, type Mined, type RawReceipt, type Split } from './transactions.ts';
import type { World } from './world.ts';

/** State roots in the batch that messages are proven by, and in a large one. */
export const STATE_BATCH = 16;
export const LARGE_STATE_BATCH = 256;

/** Numbers of state roots whose commitment is measured. */
const STATE_BATCHES = [1, STATE_BATCH, LARGE_STATE_BATCH, 65_536];

/** Messages from L2 whose sending is averaged: what appending to the tree costs follows a pattern of powers of two. */
const L2_SENDS = 256;

/** Messages from L1 whose median is taken. */
const L1_SENDS = 5;

/** Payloads of these messages, apart from those that are relayed. */
const FIRST_PAYLOAD = 1_000_000;

function payloads(bytes: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => payload(bytes, FIRST_PAYLOAD + index));
}

/** Sends messages from L2 with payloads of so many bytes. */
export async function measureL2Send(world: World, bytes: number): Promise<L2SendFigures> {
  const [first = '', ...others] = payloads(bytes, L2_SENDS + 1);
  const sent = await sendFromL2(world, others);
  const average = Math.round(sent.reduce((sum, { gas }) => sum + gas, 0) / sent.length);
  const [one] = await sendFromL2(world, [first]);
  return { average, one: await splitOf(world.l2.provider, one!) };
}

/** Sends messages from L1 with payloads of so many bytes, and executes them on L2. */
export async function measureFromL1(world: World, bytes: number): Promise<{ l1Send: Split; l2Execution: Split }> {
  const { client, l1, l2, lane, recorders } = world;
  const first = await queueOf(lane, l1.provider).getQueueLength();
  const data = payloads(bytes, L1_SENDS);
  const sent: Mined[] = [];
  for (const one of data) sent.push(await sendFromL1(world, one));
  const executed: Mined[] = [];
  for (const { hash } of await executeQueue(client, first)) {
    executed.push(minedOf((await l2.provider.send('eth_getTransactionReceipt', [hash])) as RawReceipt));
  }
  const target = recorders.l2[targetFor(data[0] ?? '0x')];
  return {
    l1Send: await splitOf(l1.provider, medianOf(sent, gasOf)),
    l2Execution: await splitOf(l2.provider, medianOf(executed, gasOf), target),
  };
}

/** Commits state batches. Only a root goes on chain: one that is made up costs the same. What it did stays. */
export async function measureStateBatches({ l1, lane }: World): Promise<StateBatchFigures[]> {
  const chain = stateCommitmentChainOf(lane, l1.provider);
  const from = await chain.proposer();
  const figures: StateBatchFigures[] = [];
  for (const roots of STATE_BATCHES) {
    const start = await chain.getTotalElements();
    const call = await chain.appendStateBatch.populateTransaction(`0x${'5a'.repeat(32)}`, roots, start);
    const { gas } = await sendTransaction(l1.provider, { ...call, from, gasLimit: 150_000 });
    figures.push({ roots, gas });
  }
  return figures;
}

function gasOf({ gas }: Mined): number {
  return gas;
}
