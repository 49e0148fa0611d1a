import { l2MessengerOf } from '../../../../sdk/chain/contracts.ts';
import { sendToAll } from '../../../../sdk/chain/pooledProvider.ts';
import { readCursor } from '../../../store/blocks.ts';
import { elementsBefore, markExecutedUpTo, type KnownElement } from '../../../store/executedQueue.ts';
import { countExecuted, unfinalDeposits } from '../../../store/queueElements.ts';
import type { Store } from '../../../store/store.ts';
import type { SequencedQueue } from '../sequencedQueue.ts';
import type { StageContext } from '../../../stages/stage.ts';

/** Elements looked up at a time. */
const CHUNK = 100;

/** L2 blocks that the cursor may be behind: what was executed there is looked up one by one. */
const MAX_LAG = 64;

/** Stores that were compared with L2 since they were opened, which each process does, and each time that it begins to act. */
const compared = new WeakSet<Store>();

/**
 * Finds out how far L2 has executed the queue, where the store may not know: a new store on an old lane, or one that stood still while
 * another sequencer acted. L2 executes in order: what comes before an element that it has executed in a final block is never handed to it
 * again, even if it has forgotten the receipts, which many nodes do after some time. What no node forgets is which messages arrived.
 * @param finalNumber last L1 block whose elements may be executed
 * @returns number of elements found; undefined while the chains are not read far enough to tell
 */
export async function resumeQueue(
  queue: SequencedQueue,
  finalNumber: number,
  { store, logger }: StageContext,
): Promise<number | undefined> {
  const { routeId, l1ChainId, l2ChainId, l2 } = queue;
  if (compared.has(store)) return 0;
  const known = await countExecuted(store.db, routeId);
  if (known > 0 && (await hasForgottenNothing(queue, store))) return done(store, 0);
  const [l1Cursor, l2Cursor] = [await readCursor(store.db, l1ChainId), await readCursor(store.db, l2ChainId)];
  if (l1Cursor === undefined || l1Cursor.number < finalNumber) return undefined;
  if (l2Cursor === undefined || (await l2.getBlockNumber()) > l2Cursor.number + MAX_LAG) return undefined;
  for (let before = Number.MAX_SAFE_INTEGER; ;) {
    const some = await elementsBefore(store.db, routeId, { before, limit: CHUNK });
    const elements = some.filter(({ index }) => index >= known);
    const last = elements.at(-1);
    if (last === undefined) break;
    const blocks = await findBlocks(queue, elements);
    const position = blocks.findIndex((block) => block !== undefined && block <= l2Cursor.finalNumber);
    const [found, executedIn] = [elements[position], blocks[position]];
    if (found !== undefined && executedIn !== undefined) {
      await store.write(async (db) => await markExecutedUpTo(db, routeId, { index: found.index, executedIn }));
      logger.info({ upTo: found.index }, 'L2 has executed the queue up to here, as it says itself');
      return done(store, found.index + 1 - known);
    }
    before = last.index;
  }
  return done(store, 0);
}

/** It is asked once: what L2 executes from then on is known by whoever hands it over. */
function done(store: Store, count: number): number {
  compared.add(store);
  return count;
}

/**
 * Whether L2 still has the receipt of the last deposit that the store knows to be executed: then it has those of all later ones, and each
 * is looked up by itself. One that it dropped, and not what comes after it, is found so; it is behind an element in a final block.
 */
async function hasForgottenNothing({ routeId, l2 }: SequencedQueue, { db }: Store): Promise<boolean> {
  const [last] = await unfinalDeposits(db, routeId, { finalNumber: -1, limit: 1 });
  if (last === undefined) return false;
  const receipts = await sendToAll(l2, { method: 'eth_getTransactionReceipt', params: [last.depositHash] });
  return receipts.every((receipt) => receipt !== null);
}

/** The L2 block that each element was executed in, if it was as far as L2 can say. */
async function findBlocks(
  { l2, lane }: SequencedQueue,
  elements: readonly KnownElement[],
): Promise<(number | undefined)[]> {
  const messenger = l2MessengerOf(lane, l2);
  return await Promise.all(
    elements.map(async ({ depositHash, messageHash }) => {
      const receipt = await l2.getTransactionReceipt(depositHash);
      if (receipt !== null || messageHash === undefined) return receipt?.blockNumber;
      const { status, blockNumber } = await messenger.delivery(messageHash);
      return status === 0n ? undefined : Number(blockNumber);
    }),
  );
}
