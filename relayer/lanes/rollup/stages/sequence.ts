import type { JsonRpcProvider } from 'ethers';

import { getAgreedBlock } from '../../../../sdk/chain/agreedBlock.ts';
import { sendTogether } from '../../../../sdk/chain/pooledProvider.ts';
import type { SequencedQueue } from '../sequencedQueue.ts';
import { countReorganisations, readCursor } from '../../../store/blocks.ts';
import {
  forgetExecuted,
  markExecuted,
  markUnexecutedFrom,
  nextQueueElements,
  unfinalDeposits,
  type Execution,
  type FinalNumbers,
  type QueuedElement,
  type UnfinalDeposit,
} from '../../../store/queueElements.ts';
import type { Store } from '../../../store/store.ts';
import { execute, findReceipt } from './execute.ts';
import { handOut } from './handOut.ts';
import { findOnL2, findSurely, isInBlock, L2Lookups } from './l2Lookups.ts';
import { resumeQueue } from './resumeQueue.ts';
import { settleDeposits } from './settleDeposits.ts';
import type { StageContext } from '../../../stages/stage.ts';

/** Elements looked at in one pass. */
const PASS_LIMIT = 100;

/**
 * Executes the queue's elements on L2: in order, each once. An element's transaction hash binds its index and its content,
 * so that L2 itself knows what it has executed, whatever was lost here.
 * One process at a time may do this: two can hand the same element to L2 in the same instant, and L2 executes it twice.
 * @returns number of elements that are found or made executed
 */
export async function sequence(queue: SequencedQueue, context: StageContext): Promise<number> {
  const { routeId, l1, l2ChainId, l2 } = queue;
  const { store, logger } = context;
  const final = await finalNumbers(queue, store);
  const dropped = await settleDeposits(queue, final.l2, context);
  if ((await nextQueueElements(store.db, routeId, 1)).length === 0) return dropped;
  const executable = (await getAgreedBlock(l1, queue.finality)).number;
  const resumed = await resumeQueue(queue, executable, context);
  if (resumed === undefined) return 0;
  const before = await countReorganisations(store.db, l2ChainId);
  const elements = await finalOnes(queue, executable, await nextQueueElements(store.db, routeId, PASS_LIMIT));
  if (elements.length === 0) return resumed;
  const [last] = await unfinalDeposits(store.db, routeId, { finalNumber: final.l2, limit: 1 });
  if (last !== undefined && !(await findOnL2(l2, last.depositHash)).some(isInBlock)) {
    await executeAgain(queue, final.l2, store);
    return 0;
  }
  const places = await Promise.all(elements.map(async (element) => await findReceipt(l2, element)));
  const held = new Map(elements.map((element, position) => [element, places[position]]));
  const handed = new Set(
    await handOut(
      queue,
      elements.filter((element) => held.get(element) === undefined),
      store,
    ),
  );
  const done: Execution[] = [];
  let previous = last?.depositHash;
  const lookups = new L2Lookups(
    l2,
    elements.map(({ depositHash }) => depositHash),
    new Set(elements.flatMap(({ sentAt, depositHash }) => (sentAt > 0 ? [depositHash] : []))),
  );
  try {
    for (const element of elements) {
      const { index, depositHash } = element;
      const place = held.get(element);
      if (place === undefined && !handed.has(element)) break;
      const outcome = place ?? (await execute(queue, { element, previous, lookups }, store));
      if (outcome === 'pending') break;
      if (outcome === 'void') logger.warn({ index, depositHash }, 'an element that cannot be executed: passed over');
      done.push({ index, block: outcome === 'void' ? null : outcome });
      previous = outcome === 'void' ? undefined : depositHash;
    }
  } finally {
    await recordPass(queue, { last, elements, done, before }, store);
  }
  await store.write(async (db) => await forgetExecuted(db, routeId, final));
  if (done.length > 0) logger.info({ count: done.length, upTo: done.at(-1)?.index }, 'executed the queue');
  return done.length + resumed;
}

/** What a pass has done. */
interface Pass {
  /** The deposit before its first. */
  readonly last: UnfinalDeposit | undefined;
  readonly elements: readonly QueuedElement[];
  readonly done: readonly Execution[];
  /** Reorganisations of L2 that were known when it began. */
  readonly before: number;
}

async function recordPass(
  { l2, l2ChainId, routeId }: SequencedQueue,
  { last, elements, done, before }: Pass,
  store: Store,
): Promise<void> {
  const inBlocks = new Set(done.flatMap(({ index, block }) => (block === null ? [] : [index])));
  const executed = elements.filter(({ index }) => inBlocks.has(index));
  // Where nobody answers, what was executed is recorded all the same: `settleDeposits` looks at it again.
  const dropped = await firstDropped(l2, last === undefined ? executed : [last, ...executed]).catch(() => undefined);
  await store.write(async (db) => {
    // What L2 has executed in blocks that are gone is found out by its receipts, in the next pass.
    if ((await countReorganisations(db, l2ChainId)) !== before) return;
    await markExecuted(db, routeId, done);
    if (dropped !== undefined) await markUnexecutedFrom(db, routeId, dropped);
  });
}

async function finalNumbers({ l1ChainId, l2ChainId }: SequencedQueue, { db }: Store): Promise<FinalNumbers> {
  const [l1, l2] = await Promise.all([readCursor(db, l1ChainId), readCursor(db, l2ChainId)]);
  return { l1: l1?.finalNumber ?? -1, l2: l2?.finalNumber ?? -1 };
}

/** The first of them, as far as they stand in blocks that L1 will not drop. */
async function finalOnes({ l1 }: SequencedQueue, final: number, elements: readonly QueuedElement[]) {
  const numbers = [...new Set(elements.map(({ blockNumber }) => blockNumber))].filter((number) => number <= final);
  const blocks = await Promise.all(numbers.map(async (number) => await getAgreedBlock(l1, number)));
  const hashes = new Map(blocks.map(({ number, hash }) => [number, hash]));
  const end = elements.findIndex(({ blockNumber, blockHash }) => hashes.get(blockNumber) !== blockHash);
  return elements.slice(0, end === -1 ? elements.length : end);
}

/**
 * Looks for what L2 has dropped in blocks that `watch` had not read: of others it would have told. As long as it has not read as far as
 * that, the endpoint may just be behind.
 */
async function executeAgain({ routeId, l2, l2ChainId }: SequencedQueue, finalNumber: number, store: Store) {
  const cursor = await readCursor(store.db, l2ChainId);
  const deposits = await unfinalDeposits(store.db, routeId, { finalNumber, limit: PASS_LIMIT });
  const read = deposits.filter(({ executedIn }) => executedIn <= (cursor?.number ?? -1));
  // Where an endpoint is silent that has them, the others can be behind it.
  const found = await Promise.all(read.map(async ({ depositHash }) => await findSurely(l2, depositHash)));
  const first = read.findLast((_, position) => found[position]?.some(isInBlock) === false);
  if (first === undefined) return;
  await store.write(async (db) => await markUnexecutedFrom(db, routeId, first.index));
}

/**
 * Index of the first that L2 has dropped though it has the last of them: it was handed that one in the moment in which it dropped
 * blocks, and only a look back shows it. Where it has not got the last one, either, the endpoint may just be behind.
 * @param executed deposits that L2 has executed, in their order
 */
async function firstDropped(
  l2: JsonRpcProvider,
  executed: readonly Pick<QueuedElement, 'index' | 'depositHash'>[],
): Promise<number | undefined> {
  if (executed.length < 2) return undefined;
  const calls = executed.map(({ depositHash }) => ({ method: 'eth_getTransactionReceipt', params: [depositHash] }));
  const receipts = await sendTogether(l2, calls);
  if (receipts.at(-1) === null) return undefined;
  return executed.find((_, position) => receipts[position] === null)?.index;
}
