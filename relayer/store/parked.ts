import { toBytes } from './bytes.ts';
import { recordHistory } from './history.ts';
import { chunksOf, listed } from './listed.ts';
import { toRecord, type MessageRecord } from './messageRecords.ts';
import type { Database, MessageStage } from './schema.ts';

/** Stages in which a message can be set aside. */
const UNFINISHED = ['sent', 'proven'] as const satisfies readonly MessageStage[];

/** Messages with this hash, or sent by the transaction with it. */
export async function findMessages(db: Database, routeIds: readonly number[], hash: string): Promise<MessageRecord[]> {
  if (routeIds.length === 0) return [];
  const bytes = toBytes(hash);
  const rows = await db
    .selectFrom('messages')
    .selectAll()
    .where('routeId', 'in', routeIds)
    .where((where) => where.or([where('messageHash', '=', bytes), where('transactionHash', '=', bytes)]))
    .orderBy('routeId')
    .orderBy('counter')
    .execute();
  return rows.map(toRecord);
}

/** All messages that are set aside, the oldest first. */
export async function parkedMessages(db: Database, routeIds: readonly number[]): Promise<MessageRecord[]> {
  if (routeIds.length === 0) return [];
  const rows = await db
    .selectFrom('messages')
    .selectAll()
    .where('routeId', 'in', routeIds)
    .where('stage', 'in', UNFINISHED)
    .where('orphaned', '=', 0)
    .where('parkedReason', 'is not', null)
    .orderBy('routeId')
    .orderBy('counter')
    .execute();
  return rows.map(toRecord);
}

/** Whether a message is set aside, and can be taken up again. */
export function isParked({ stage, parkedReason, isOrphaned }: MessageRecord): boolean {
  return !isOrphaned && parkedReason !== null && UNFINISHED.some((one) => one === stage);
}

/**
 * Has messages that are set aside looked at now, as if they had never been tried. The reason stays until something else is known:
 * what came to nothing before is not taken into a batch again.
 */
export async function unpark(db: Database, ids: readonly number[]): Promise<void> {
  for (const some of chunksOf(ids)) {
    await db
      .updateTable('messages')
      .set({ nextTryAt: 0, tries: 0 })
      .where('id', 'in', listed(some))
      .where('stage', 'in', UNFINISHED)
      .execute();
  }
  await recordHistory(db, ids, { event: 'retried' });
}
