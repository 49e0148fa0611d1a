import { toHex } from './bytes.ts';
import type { UnfinalDeposit } from './queueElements.ts';
import type { Database } from './schema.ts';

/** A deposit whose block is final by its number, and was not compared with the one that has this number then. */
export interface UnsettledDeposit extends UnfinalDeposit {
  /** Hash of the L2 block that it was in. */
  readonly executedHash: string;
}

/** The first deposits that are to be settled, in the order of the queue. */
export async function unsettledDeposits(
  db: Database,
  routeId: number,
  { finalNumber, limit }: { readonly finalNumber: number; readonly limit: number },
): Promise<UnsettledDeposit[]> {
  const rows = await db
    .selectFrom('queueElements')
    .select(['queueIndex as index', 'depositHash', 'executedIn', 'executedHash'])
    .where('routeId', '=', routeId)
    .where('executedHash', 'is not', null)
    .where('executedIn', '<=', finalNumber)
    .orderBy('queueIndex')
    .limit(limit)
    .execute();
  return rows.map(({ index, depositHash, executedIn, executedHash }) => {
    const hash = toHex(executedHash ?? new Uint8Array());
    return { index, depositHash: toHex(depositHash), executedIn: executedIn ?? 0, executedHash: hash };
  });
}

/** Records that elements up to an index were executed in blocks that L2 still has and cannot drop. */
export async function markSettled(db: Database, routeId: number, upTo: number): Promise<void> {
  await db
    .updateTable('queueElements')
    .set({ executedHash: null })
    .where('routeId', '=', routeId)
    .where('queueIndex', '<=', upTo)
    .where('executedHash', 'is not', null)
    .execute();
}
