import type { LogPosition } from '../../sdk/chain/logs.ts';
import { toHex } from './bytes.ts';
import { listed } from './listed.ts';
import type { Database } from './schema.ts';

/** Where messages' logs stand, by the messages' numbers in the store. */
export async function positionsOf(db: Database, ids: readonly number[]): Promise<ReadonlyMap<number, LogPosition>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('messages')
    .select(['id', 'blockNumber', 'blockHash', 'transactionHash', 'logIndex'])
    .where('id', 'in', listed(ids))
    .execute();
  return new Map(
    rows.map(({ id, blockNumber, logIndex, blockHash, transactionHash }) => [
      id,
      { blockNumber, logIndex, blockHash: toHex(blockHash), transactionHash: toHex(transactionHash) },
    ]),
  );
}
