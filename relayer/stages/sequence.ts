import { isError, type JsonRpcProvider } from 'ethers';

import { getAgreedBlock } from '../../sdk/chain/agreedBlock.ts';
import { sendToAll, sendTogether } from '../../sdk/chain/pooledProvider.ts';
import { toXdmError } from '../../sdk/chain/rpcErrors.ts';
import { sleep } from '../../sdk/chain/sleep.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { decodeDeposit } from '../../sdk/core/optimism.ts';
import { isEndpointFault } from '../endpointFault.ts';
import type { SequencedQueue } from '../sequencedQueue.ts';
import { countReorganisations, readCursor } from '../store/blocks.ts';
import {
  forgetExecuted,
  markDropped,
  markExecuted,
  markSent,
  markUnexecutedFrom,
  nextQueueElements,
  unfinalDeposits,
  type Execution,
  type FinalNumbers,
  type QueuedElement,
  type UnfinalDeposit,
} from '../store/queueElements.ts';
import { IN_FLIGHT_MS } from '../store/lease.ts';
import type { Store } from '../store/store.ts';
import { findOnL2, isInBlock, L2Lookups, type InBlock } from './l2Lookups.ts';
import { resumeQueue } from './resumeQueue.ts';
import type { StageContext } from './stage.ts';

/** Elements looked at in one pass. */
const PASS_LIMIT = 100;

/** Times that an element is handed to an L2 node that refuses it, and milliseconds in between. */
const MOST_REFUSALS = 20;
const REFUSED_MS = 5;

/**
 * Executes the queue's elements on L2: in order, each once. An element's transaction hash binds its index and its content,
 * so that L2 itself knows what it has executed, whatever was lost here.
 * One process at a time may do this: two can hand the same element to L2 in the same instant, and L2 executes it twice.
 * @returns number of elements that are found or made executed
 */
export async function sequence(queue: SequencedQueue, context: StageContext): Promise<number> {
  const { routeId, l1, l2ChainId, l2 } = queue;
  const { store, logger } = context;
  if ((await nextQueueElements(store.db, routeId, 1)).length === 0) return 0;
  const executable = (await getAgreedBlock(l1, queue.finality)).number;
  const resumed = await resumeQueue(queue, executable, context);
  if (resumed === undefined) return 0;
  const before = await countReorganisations(store.db, l2ChainId);
  const final = await finalNumbers(queue, store);
  const elements = await finalOnes(queue, executable, await nextQueueElements(store.db, routeId, PASS_LIMIT));
  if (elements.length === 0) return resumed;
  const [last] = await unfinalDeposits(store.db, routeId, { finalNumber: final.l2, limit: 1 });
  if (last !== undefined && !(await isExecuted(l2, last))) {
    await executeAgain(queue, final.l2, store);
    return 0;
  }
  const receipts = await Promise.all(
    elements.map(async ({ depositHash }) => await l2.getTransactionReceipt(depositHash)),
  );
  const held = new Map(elements.map((element, position) => [element, receipts[position]?.blockNumber]));
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
      const block = held.get(element);
      if (block === undefined && !handed.has(element)) break;
      const outcome = block ?? (await execute(queue, { element, previous, lookups }, store));
      if (outcome === 'pending') break;
      if (outcome === 'void') logger.warn({ index, depositHash }, 'an element that cannot be executed: passed over');
      done.push({ index, blockNumber: outcome === 'void' ? null : outcome });
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
  const inBlocks = new Set(done.flatMap(({ index, blockNumber }) => (blockNumber === null ? [] : [index])));
  const executed = elements.filter(({ index }) => inBlocks.has(index));
  const dropped = await firstDropped(l2, last === undefined ? executed : [last, ...executed]);
  await store.write(async (db) => {
    // What L2 has executed in blocks that are gone is found out by its receipts, in the next pass.
    if ((await countReorganisations(db, l2ChainId)) !== before) return;
    await markExecuted(db, routeId, done);
    if (dropped !== undefined) await markDropped(db, routeId, dropped);
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
  const executed = await Promise.all(read.map(async (deposit) => await isExecuted(l2, deposit)));
  const first = read.findLast((_, position) => executed[position] === false);
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

async function isExecuted(l2: JsonRpcProvider, { depositHash }: Pick<QueuedElement, 'depositHash'>): Promise<boolean> {
  return (await findOnL2(l2, depositHash)).some(isInBlock);
}

/** Notes which elements are handed to L2 now. One whose answer was lost is waited for: L2 would execute it twice. */
async function handOut({ routeId }: SequencedQueue, elements: readonly QueuedElement[], store: Store) {
  const now = Date.now();
  if (elements.length === 0 || elements.some(({ sentAt }) => Math.abs(now - sentAt) < IN_FLIGHT_MS)) return [];
  // Another process' clock says nothing: what it sent before it lost the lease is waited for from when that was taken over.
  const isTakenOver = performance.now() - store.lease.takenOverAt < IN_FLIGHT_MS;
  if (isTakenOver && elements.some(({ sentAt }) => sentAt > 0)) return [];
  return await store.write(async (db) => await markSent(db, routeId, { elements, sentAt: now }));
}

/** An element whose turn it is. */
interface Turn {
  readonly element: QueuedElement;
  /** Hash of the deposit before it, which L2 can have dropped meanwhile; undefined where it cannot. */
  readonly previous: string | undefined;
  readonly lookups: L2Lookups;
}

/**
 * Returns the number of the L2 block that it is in; `void` for an element that no state of L2 lets be executed: a replay whose value
 * has arrived before; `pending` for one that L2 has and has not executed yet, or that must wait for one before it.
 */
async function execute(
  { l2, routeId }: SequencedQueue,
  { element, previous, lookups }: Turn,
  store: Store,
): Promise<number | 'void' | 'pending'> {
  // Looked up again, since those before it took their time: what another process has sent meanwhile is not sent twice.
  const [known, before] = await Promise.all([
    lookups.find(element.depositHash),
    previous === undefined ? [] : lookups.find(previous),
  ]);
  if (known.length > 0) {
    const found = known.find(isInBlock);
    return found === undefined ? 'pending' : Number(found.blockNumber);
  }
  if (previous !== undefined && !before.some(isInBlock)) return 'pending';
  for (let tries = 1; ; tries++) {
    store.lease.verify();
    try {
      // Answers when the transaction is in a block: the next one may depend on it.
      const receipt = (await l2.send('eth_sendRawTransactionSync', [element.raw])) as InBlock;
      lookups.noteExecuted(element.depositHash, receipt);
      return Number(receipt.blockNumber);
    } catch (cause) {
      const error = toXdmError(cause);
      // It can still be on its way, and has left long after those before it were handed out with it.
      if (isAnswerLost(cause)) await noteSent(routeId, element, store);
      // The answer can be lost, or an earlier process have sent it.
      const receipt = await l2.getTransactionReceipt(element.depositHash);
      if (receipt !== null) return receipt.blockNumber;
      if (!isEndpointFault(error) && (await lacksFunds(l2, element.raw))) return 'void';
      // A node can have the one before in its pool for a moment after it has mined it. What it has refused it does not have.
      if (!isError(cause, 'UNKNOWN_ERROR') || tries === MOST_REFUSALS) throw error;
      await sleep(REFUSED_MS);
    }
  }
}

/** Whether nobody knows what became of a request: what the node itself says, and that it has too much to do, is no such error. */
function isAnswerLost(cause: unknown): boolean {
  return cause instanceof XdmError && cause.code !== 'rpc-rate-limited';
}

/** Notes that an element was handed to L2 just now, whose answer is not known. */
async function noteSent(routeId: number, element: QueuedElement, store: Store): Promise<void> {
  await store.write(async (db) => await markSent(db, routeId, { elements: [element], sentAt: Date.now() }));
}

/** Whether the sender lacks the value even with what the element mints. An OP-stack node includes such a one as failed. */
async function lacksFunds(l2: JsonRpcProvider, raw: string): Promise<boolean> {
  const { from, mint, value } = decodeDeposit(raw);
  // An endpoint that is behind lacks what has arrived just before.
  const balances = (await sendToAll(l2, { method: 'eth_getBalance', params: [from, 'latest'] })) as string[];
  return balances.every((balance) => BigInt(balance) + mint < value);
}
