import { sql, type RawBuilder } from 'kysely';

import type { StateBatchAppended, StateBatchDeleted } from '../../sdk/chain/logs.ts';
import type { StateBatch } from '../../sdk/chain/stateBatches.ts';
import { toBytes, toHex } from './bytes.ts';
import { positionColumns, type EventSource } from './events.ts';
import type { Database } from './schema.ts';

/** A batch that is stored on L1, and the event that says so. */
export interface StoredBatch extends StateBatch {
  readonly eventId: number;
}

/** Records batches committed and deleted. */
export async function recordStateBatches(
  db: Database,
  source: EventSource,
  events: { readonly appended: readonly StateBatchAppended[]; readonly deleted: readonly StateBatchDeleted[] },
): Promise<void> {
  const rows = [
    ...events.appended.map((batch) => ({
      kind: 'appended' as const,
      batchIndex: Number(batch.batchIndex),
      batchRoot: toBytes(batch.batchRoot),
      batchSize: Number(batch.batchSize),
      prevTotalElements: Number(batch.prevTotalElements),
      timestamp: Number(batch.timestamp),
      ...positionColumns(source, batch),
    })),
    ...events.deleted.map((batch) => ({
      kind: 'deleted' as const,
      batchIndex: Number(batch.batchIndex),
      ...positionColumns(source, batch),
    })),
  ];
  for (const row of rows) {
    await db
      .insertInto('stateBatchEvents')
      .values({ routeId: source.routeId, ...row })
      .onConflict((conflict) => conflict.columns(['routeId', 'blockHash', 'logIndex']).doUpdateSet({ orphaned: 0 }))
      .execute();
  }
}

/** Whether the event "batch" of a query is of a batch that is stored: committed, and not deleted since. */
export const IS_STORED: RawBuilder<boolean> = sql<boolean>`"batch"."kind" = 'appended' and "batch"."orphaned" = 0
  and not exists (select 1 from "stateBatchEvents" as "deletion"
    where "deletion"."routeId" = "batch"."routeId"
      and "deletion"."kind" = 'deleted'
      and "deletion"."orphaned" = 0
      and "deletion"."batchIndex" <= "batch"."batchIndex"
      and ("deletion"."blockNumber", "deletion"."logIndex") > ("batch"."blockNumber", "batch"."logIndex"))`;

/** The batches that are stored. */
function stored(db: Database, routeId: number) {
  return db.selectFrom('stateBatchEvents as batch').where('batch.routeId', '=', routeId).where(IS_STORED);
}

/** The stored batch that holds an element; undefined while there is none. */
export async function batchOfElement(db: Database, routeId: number, element: number): Promise<StoredBatch | undefined> {
  const row = await stored(db, routeId)
    .selectAll('batch')
    .where('batch.prevTotalElements', '<=', element)
    .orderBy('batch.prevTotalElements', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const batch = batchOfRow(row);
  return element < Number(batch.prevTotalElements + batch.batchSize) ? batch : undefined;
}

/** What is read of a batch's event. */
interface BatchRow {
  readonly id: number;
  readonly batchIndex: number;
  readonly batchRoot: Uint8Array | null;
  readonly batchSize: number | null;
  readonly prevTotalElements: number | null;
  readonly timestamp: number | null;
}

/** A batch of its event. */
export function batchOfRow(row: BatchRow): StoredBatch {
  return {
    eventId: row.id,
    batchIndex: BigInt(row.batchIndex),
    batchRoot: toHex(row.batchRoot ?? new Uint8Array()),
    batchSize: BigInt(row.batchSize ?? 0),
    prevTotalElements: BigInt(row.prevTotalElements ?? 0),
    timestamp: BigInt(row.timestamp ?? 0),
  };
}

/** The stored batches, the newest first; those before an index where one is given. */
export async function newestBatches(
  db: Database,
  routeId: number,
  { before, limit }: { readonly before?: number | undefined; readonly limit: number },
): Promise<StoredBatch[]> {
  const rows = await stored(db, routeId)
    .selectAll('batch')
    .$if(before !== undefined, (query) => query.where('batch.batchIndex', '<', before ?? 0))
    .orderBy('batch.prevTotalElements', 'desc')
    .limit(limit)
    .execute();
  return rows.map(batchOfRow);
}

/** The elements of a stored batch, `end` excluded, and its L1 block. */
interface BatchSpan {
  readonly start: number;
  readonly end: number;
  readonly blockNumber: number;
}

/** What the stored batches hold, the newest first. */
export async function newestSpans(db: Database, routeId: number, limit: number): Promise<BatchSpan[]> {
  const rows = await stored(db, routeId)
    .select(['batch.prevTotalElements', 'batch.batchSize', 'batch.blockNumber'])
    .orderBy('batch.prevTotalElements', 'desc')
    // Of two at the same place the earlier one was deleted.
    .orderBy('batch.blockNumber', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ prevTotalElements, batchSize, blockNumber }) => {
    const start = prevTotalElements ?? 0;
    return { start, end: start + (batchSize ?? 0), blockNumber };
  });
}

/** Whether the batch of an event is stored. */
export async function isStored(db: Database, routeId: number, eventId: number): Promise<boolean> {
  const batch = await stored(db, routeId).select('batch.id').where('batch.id', '=', eventId).executeTakeFirst();
  return batch !== undefined;
}

/** Proven messages whose batch was deleted or dropped: their proofs no longer hold. */
export async function unfoundedMessages(db: Database, routeId: number): Promise<number[]> {
  const rows = await db
    .selectFrom('messages')
    .select('id')
    .where('routeId', '=', routeId)
    .where('stage', '=', sql.lit('proven'))
    .where('batchEventId', 'is not', null)
    .where((where) =>
      where.not(
        where.exists(
          stored(db, routeId).select('batch.id').where('batch.id', '=', sql.ref<number>('messages.batchEventId')),
        ),
      ),
    )
    .execute();
  return rows.map(({ id }) => id);
}

/**
 * Forgets final batches before the oldest message that is not finished, or else before the newest one: messages that come
 * later stand in later batches. With them go the deletions of none that is left.
 * @param startBlock L2 block of the first element
 */
export async function forgetBatches(
  db: Database,
  routeId: number,
  { startBlock, finalNumber }: { readonly startBlock: number; readonly finalNumber: number },
): Promise<void> {
  const messages = db.selectFrom('messages').where('routeId', '=', routeId);
  const [oldest, newest] = await Promise.all([
    messages
      .where(sql<boolean>`("stage" = 'sent' or "stage" = 'proven' or "stage" = 'submitted')`)
      .select(({ fn }) => fn.min('blockNumber').as('block'))
      .executeTakeFirstOrThrow(),
    messages.select('blockNumber as block').orderBy('id', 'desc').limit(1).executeTakeFirst(),
  ]);
  const block = (oldest.block as number | null) ?? newest?.block;
  if (block === undefined) return;
  const final = db
    .deleteFrom('stateBatchEvents')
    .where('routeId', '=', routeId)
    .where('blockNumber', '<=', finalNumber);
  await final
    .where('kind', '=', 'appended')
    .where(sql<boolean>`"prevTotalElements" + "batchSize" <= ${block - startBlock}`)
    // The watchtower is not done with it.
    .where(sql<boolean>`not exists (select 1 from "batchChecks" where "batchEventId" = "stateBatchEvents"."id")`)
    .execute();
  await final
    .where('kind', '=', 'deleted')
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('stateBatchEvents as batch')
            .select('batch.id')
            .whereRef('batch.routeId', '=', 'stateBatchEvents.routeId')
            .where('batch.kind', '=', 'appended')
            .whereRef('batch.blockNumber', '<=', 'stateBatchEvents.blockNumber'),
        ),
      ),
    )
    .execute();
}
