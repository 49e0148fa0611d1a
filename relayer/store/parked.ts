import type { Selectable } from 'kysely';

import { toBytes, toHex } from './bytes.ts';
import { recordHistory } from './history.ts';
import type { Database, MessageStage, MessageTable } from './schema.ts';

/** Where the node has a message, and what it waits for. */
export interface StoredMessage {
  /** In the store. */
  readonly id: number;
  readonly routeId: number;
  readonly messageHash: string;
  readonly stage: MessageStage;
  /** Whether a reorganisation has dropped the block it was sent in. */
  readonly isOrphaned: boolean;
  /** First timestamp of the destination, seconds, at which it can be delivered, once that is known. */
  readonly readyAt: number | null;
  /** Why it was set aside; null where it is not. */
  readonly parkedReason: string | null;
  /** When it is looked at again, milliseconds. */
  readonly nextTryAt: number;
  /** Times it was set aside for a cause of its own. */
  readonly tries: number;
}

/** Stages in which a message can be set aside. */
const UNFINISHED = ['sent', 'proven'] as const satisfies readonly MessageStage[];

/** Messages with this hash, or sent by the transaction with it. */
export async function findMessages(db: Database, routeIds: readonly number[], hash: string): Promise<StoredMessage[]> {
  const bytes = toBytes(hash);
  const rows = await db
    .selectFrom('messages')
    .selectAll()
    .where('routeId', 'in', routeIds)
    .where((where) => where.or([where('messageHash', '=', bytes), where('transactionHash', '=', bytes)]))
    .orderBy('routeId')
    .orderBy('counter')
    .execute();
  return rows.map(toStored);
}

/** All messages that are set aside, the oldest first. */
export async function parkedMessages(db: Database, routeIds: readonly number[]): Promise<StoredMessage[]> {
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
  return rows.map(toStored);
}

/** Whether a message is set aside, and can be taken up again. */
export function isParked({ stage, parkedReason, isOrphaned }: StoredMessage): boolean {
  return !isOrphaned && parkedReason !== null && UNFINISHED.some((one) => one === stage);
}

/**
 * Has a message that is set aside looked at now, as if it had never been tried. The reason stays until something else is known:
 * what came to nothing before is not taken into a batch again.
 */
export async function unpark(db: Database, id: number): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('messages')
    .set({ nextTryAt: 0, tries: 0 })
    .where('id', '=', id)
    .where('stage', 'in', UNFINISHED)
    .executeTakeFirst();
  if (numUpdatedRows === 1n) await recordHistory(db, [id], { event: 'retried' });
}

function toStored(row: Selectable<MessageTable>): StoredMessage {
  const { id, routeId, stage, readyAt, parkedReason, nextTryAt, tries } = row;
  const messageHash = toHex(row.messageHash);
  return { id, routeId, messageHash, stage, isOrphaned: row.orphaned === 1, readyAt, parkedReason, nextTryAt, tries };
}
