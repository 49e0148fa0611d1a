import type { JsonRpcProvider } from 'ethers';

import { getAgreedBlock } from '../../sdk/chain/agreedBlock.ts';
import { sendToAll } from '../../sdk/chain/pooledProvider.ts';
import { toXdmError } from '../../sdk/chain/rpcErrors.ts';
import { decodeDeposit } from '../../sdk/core/optimism.ts';
import { isEndpointFault } from '../endpointFault.ts';
import type { Finality } from '../route.ts';
import { readCursor } from '../store/blocks.ts';
import {
  forgetExecuted,
  markExecuted,
  markSent,
  nextQueueElements,
  type QueuedElement,
} from '../store/queueElements.ts';
import { IN_FLIGHT_MS } from '../store/lease.ts';
import type { Store } from '../store/store.ts';
import type { StageContext } from './stage.ts';

/** A queue whose elements are executed here, because L2's node does not derive them itself. */
export interface SequencedQueue {
  /** The route that its messages take. */
  readonly routeId: number;
  readonly l1ChainId: number;
  readonly l1: JsonRpcProvider;
  readonly l2: JsonRpcProvider;
  /** How final an element's L1 block must be: L2 would have to be wound back if it were dropped later. */
  readonly finality: Finality;
}

/** Elements looked at in one pass. */
const PASS_LIMIT = 100;

/**
 * Executes the queue's elements on L2: in order, each once. An element's transaction hash binds its index and its content,
 * so that L2 itself knows what it has executed, whatever was lost here.
 * One process at a time may do this: two can hand the same element to L2 in the same instant, and L2 executes it twice.
 * @returns number of elements executed
 */
export async function sequence(queue: SequencedQueue, { store, logger }: StageContext): Promise<number> {
  const { routeId, l1ChainId, l2 } = queue;
  const elements = await finalOnes(queue, await nextQueueElements(store.db, routeId, PASS_LIMIT));
  if (elements.length === 0) return 0;
  const receipts = await Promise.all(
    elements.map(async ({ depositHash }) => await l2.getTransactionReceipt(depositHash)),
  );
  const held = new Set(elements.filter((_, position) => receipts[position] !== null));
  const handed = new Set(
    await handOut(
      queue,
      elements.filter((element) => !held.has(element)),
      store,
    ),
  );
  const done: number[] = [];
  try {
    for (const element of elements) {
      const { index, depositHash } = element;
      if (!held.has(element) && !handed.has(element)) break;
      const outcome = held.has(element) ? 'executed' : await execute(queue, element, store);
      if (outcome === 'pending') break;
      if (outcome === 'void') logger.warn({ index, depositHash }, 'an element that cannot be executed: passed over');
      done.push(index);
    }
  } finally {
    await store.write(async (db) => await markExecuted(db, routeId, done));
  }
  const cursor = await readCursor(store.db, l1ChainId);
  await store.write(async (db) => await forgetExecuted(db, routeId, cursor?.finalNumber ?? -1));
  if (done.length > 0) logger.info({ count: done.length, upTo: done.at(-1) }, 'executed the queue');
  return done.length;
}

/** The first of them, as far as they stand in blocks that L1 will not drop. */
async function finalOnes({ l1, finality }: SequencedQueue, elements: readonly QueuedElement[]) {
  if (elements.length === 0) return [];
  const final = (await getAgreedBlock(l1, finality)).number;
  const numbers = [...new Set(elements.map(({ blockNumber }) => blockNumber))].filter((number) => number <= final);
  const blocks = await Promise.all(numbers.map(async (number) => await getAgreedBlock(l1, number)));
  const hashes = new Map(blocks.map(({ number, hash }) => [number, hash]));
  const end = elements.findIndex(({ blockNumber, blockHash }) => hashes.get(blockNumber) !== blockHash);
  return elements.slice(0, end === -1 ? elements.length : end);
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

/**
 * Returns `void` for an element that no state of L2 lets be executed: a replay whose value has arrived before; `pending` for
 * one that L2 has and has not executed yet.
 */
async function execute(
  { l2 }: SequencedQueue,
  element: QueuedElement,
  { lease }: Store,
): Promise<'executed' | 'void' | 'pending'> {
  // Looked up again, since those before it took their time: what another process has sent meanwhile is not sent twice.
  const call = { method: 'eth_getTransactionByHash', params: [element.depositHash] };
  const known = ((await sendToAll(l2, call)) as ({ blockHash: unknown } | null)[]).filter((each) => each !== null);
  if (known.length > 0) return known.every(({ blockHash }) => blockHash === null) ? 'pending' : 'executed';
  lease.verify();
  try {
    // Answers when the transaction is in a block: the next one may depend on it.
    await l2.send('eth_sendRawTransactionSync', [element.raw]);
    return 'executed';
  } catch (cause) {
    // The answer can be lost, or an earlier process have sent it.
    if ((await l2.getTransactionReceipt(element.depositHash)) !== null) return 'executed';
    const error = toXdmError(cause);
    if (!isEndpointFault(error) && (await lacksFunds(l2, element.raw))) return 'void';
    throw error;
  }
}

/** Whether the sender lacks the value even with what the element mints. An OP-stack node includes such a one as failed. */
async function lacksFunds(l2: JsonRpcProvider, raw: string): Promise<boolean> {
  const { from, mint, value } = decodeDeposit(raw);
  const balance = BigInt((await l2.send('eth_getBalance', [from, 'latest'])) as string);
  return balance + mint < value;
}
