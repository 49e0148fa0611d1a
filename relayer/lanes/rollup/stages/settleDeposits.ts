import { getBlockHeader } from '../../../../sdk/chain/blockHeader.ts';
import type { SequencedQueue } from '../sequencedQueue.ts';
import { markUnexecutedFrom } from '../../../store/queueElements.ts';
import { markSettled, unsettledDeposits } from '../../../store/settlements.ts';
import type { StageContext } from '../../../stages/stage.ts';

/** Deposits looked at in one pass. */
const PASS_LIMIT = 500;

/**
 * Looks once, when L2's blocks are final, whether they are those in which deposits were executed. `watch` sees what L2 drops of what it has
 * read, and a pass of `sequence` what is dropped while it lasts; a block that is dropped between, and read by nobody, is seen here.
 * Headers say so for ever; receipts are forgotten by many nodes.
 * @param finalNumber last L2 block that cannot be dropped
 * @returns number of elements that are to be executed again, if any is
 */
export async function settleDeposits(
  { routeId, l2 }: SequencedQueue,
  finalNumber: number,
  { store, logger }: StageContext,
): Promise<number> {
  const deposits = await unsettledDeposits(store.db, routeId, { finalNumber, limit: PASS_LIMIT });
  const last = deposits.at(-1);
  if (last === undefined) return 0;
  const numbers = [...new Set(deposits.map(({ executedIn }) => executedIn))];
  const headers = await Promise.all(numbers.map(async (number) => await getBlockHeader(l2, number)));
  const hashes = new Map(headers.map(({ number, hash }) => [number, hash]));
  const dropped = deposits.find(({ executedIn, executedHash }) => hashes.get(executedIn) !== executedHash);
  await store.write(async (db) => {
    await markSettled(db, routeId, dropped === undefined ? last.index : dropped.index - 1);
    if (dropped !== undefined) await markUnexecutedFrom(db, routeId, dropped.index);
  });
  if (dropped === undefined) return 0;
  const { index, depositHash, executedIn } = dropped;
  logger.warn({ index, depositHash, executedIn }, 'L2 has dropped an element that it had executed: executing it again');
  return 1;
}
