import { toBytes, toHex } from './bytes.ts';
import { recordHistory } from './history.ts';
import { withdrawProofsAbove } from './messages.ts';
import { withdrawTreeProofsAbove } from './messageTrees.ts';
import { markUnexecutedAbove } from './queueElements.ts';
import type { Database } from './schema.ts';
import { markUnminedAbove } from './transactions.ts';

/** Tables whose rows stand for events. */
const EVENT_TABLES = [
  'messages',
  'messageRoots',
  'deliveries',
  'queueElements',
  'stateBatchEvents',
  'expectedDeposits',
] as const;

export interface Block {
  readonly number: number;
  readonly hash: string;
}

/** How far a chain has been read. */
export interface Cursor extends Block {
  /** Digest of the contracts and events that were read, hex. */
  readonly sources: string;
  /** Of the block, seconds. */
  readonly timestamp: number;
  /** The last block that was read and cannot be dropped any more. */
  readonly finalNumber: number;
}

/** Undefined before anything was read. */
export async function readCursor(db: Database, chainId: number): Promise<Cursor | undefined> {
  const row = await db.selectFrom('chains').selectAll().where('chainId', '=', chainId).executeTakeFirst();
  if (row === undefined) return undefined;
  const { blockNumber, blockHash, sources, timestamp, finalNumber } = row;
  return { number: blockNumber, hash: toHex(blockHash), sources: toHex(sources), timestamp, finalNumber };
}

/** Moves the cursor, in the transaction that records what was read up to it. */
export async function moveCursor(db: Database, chainId: number, cursor: Cursor): Promise<void> {
  const { number: blockNumber, hash, sources, timestamp, finalNumber } = cursor;
  const values = { blockNumber, blockHash: toBytes(hash), sources: toBytes(sources), timestamp, finalNumber };
  await db
    .insertInto('chains')
    .values({ chainId, ...values })
    .onConflict((conflict) => conflict.column('chainId').doUpdateSet(values))
    .execute();
}

/** Remembers blocks that can still be dropped, and forgets those that cannot any more. */
export async function recordBlocks(
  db: Database,
  chainId: number,
  blocks: readonly Block[],
  finalNumber: number,
): Promise<void> {
  if (blocks.length > 0) {
    await db
      .insertInto('blocks')
      .values(blocks.map(({ number, hash }) => ({ chainId, number, hash: toBytes(hash), orphaned: 0 as const })))
      // A block can come back.
      .onConflict((conflict) => conflict.columns(['chainId', 'hash']).doUpdateSet({ orphaned: 0 }))
      .execute();
  }
  await db.deleteFrom('blocks').where('chainId', '=', chainId).where('number', '<', finalNumber).execute();
}

/** The blocks read that can still be dropped, the newest first. */
export async function readWindow(db: Database, chainId: number): Promise<Block[]> {
  const rows = await db
    .selectFrom('blocks')
    .select(['number', 'hash'])
    .where('chainId', '=', chainId)
    .where('orphaned', '=', 0)
    .orderBy('number', 'desc')
    .execute();
  return rows.map(({ number, hash }) => ({ number, hash: toHex(hash) }));
}

/** How often blocks of a chain were dropped: where it has not changed, what was read from the chain in between holds. */
export async function countReorganisations(db: Database, chainId: number): Promise<number> {
  const query = db.selectFrom('chains').select('reorganisations').where('chainId', '=', chainId);
  return (await query.executeTakeFirst())?.reorganisations ?? 0;
}

/**
 * Marks everything that was read of a chain's blocks above a number, which a reorganisation has dropped, and undoes what
 * rests on it.
 */
export async function orphanAbove(db: Database, chainId: number, number: number): Promise<void> {
  const orphaned = { orphaned: 1 } as const;
  await db.updateTable('blocks').set(orphaned).where('chainId', '=', chainId).where('number', '>', number).execute();
  const messages = await db
    .selectFrom('messages')
    .select('id')
    .where('chainId', '=', chainId)
    .where('blockNumber', '>', number)
    .where('orphaned', '=', 0)
    .execute();
  const ids = messages.map(({ id }) => id);
  await recordHistory(db, ids, { event: 'orphaned' });
  for (const table of EVENT_TABLES) {
    await db
      .updateTable(table)
      .set(orphaned)
      .where('chainId', '=', chainId)
      .where('blockNumber', '>', number)
      .execute();
  }
  await db
    .updateTable('chains')
    .set(({ eb }) => ({ reorganisations: eb('reorganisations', '+', 1) }))
    .where('chainId', '=', chainId)
    .execute();
  await withdrawProofsAbove(db, chainId, number);
  await withdrawTreeProofsAbove(db, chainId, number);
  await markUnminedAbove(db, chainId, number);
  await markUnexecutedAbove(db, chainId, number);
}
