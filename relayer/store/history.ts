import { sql, type RawBuilder, type Selectable } from 'kysely';

import { toHex } from './bytes.ts';
import { chunksOf, listed } from './listed.ts';
import type { Database, HistoryTable, MessageEvent } from './schema.ts';

/** Something that happened to messages. */
export interface HappenedTo {
  readonly event: MessageEvent;
  /** Why, as an error's code; null or missing where that says itself. */
  readonly reason?: string | null;
  /** Milliseconds; now, unless told otherwise. */
  readonly at?: number;
}

/** Something that happened to a message. */
export interface HistoryEntry {
  /** Grows with each entry of the store. */
  readonly id: number;
  readonly event: MessageEvent;
  /** Milliseconds. */
  readonly at: number;
  readonly reason: string | null;
  /** Of the transaction that did it, on the destination. */
  readonly transactionHash: string | null;
  /** How often it happened, one after the other, with nothing else in between. */
  readonly times: number;
  /** When it happened last, milliseconds. */
  readonly lastAt: number;
}

/**
 * Records what happened to messages, in the transaction in which it did, after the messages themselves were changed. The same
 * one again right after itself, for the same reason, adds to its count: what is tried again and again does not fill the disk.
 */
export async function recordHistory(db: Database, ids: readonly number[], happened: HappenedTo): Promise<void> {
  for (const some of chunksOf(ids)) await recordChunk(db, some, happened);
}

async function recordChunk(db: Database, ids: readonly number[], { event, reason, at }: HappenedTo): Promise<void> {
  const now = at ?? Date.now();
  const fresh = event === 'parked' ? await withoutRepeated(db, ids, { reason: reason ?? null, now }) : ids;
  if (fresh.length === 0) return;
  // Types are named where a database cannot infer them. One statement, whose values are made where the messages are.
  await sql`
    insert into "history" ("messageId", "event", "at", "reason", "transactionHash")
    select "id", ${event}, cast(${now} as bigint), cast(${reason ?? null} as text), ${transactionOf(event)}
    from "messages" where "id" in ${listed(fresh)} order by "id"`.execute(db);
}

/** Counts one more of those whose last entry is the same. Returns the others. */
async function withoutRepeated(
  db: Database,
  ids: readonly number[],
  { reason, now }: { readonly reason: string | null; readonly now: number },
): Promise<readonly number[]> {
  const repeated = await db
    .updateTable('history')
    .set(({ eb }) => ({ times: eb('times', '+', 1), lastAt: now }))
    .where('id', 'in', (query) =>
      query
        .selectFrom('history as latest')
        .select(({ fn }) => fn.max('latest.id').as('id'))
        .where('latest.messageId', 'in', listed(ids))
        .groupBy('latest.messageId'),
    )
    .where('event', '=', 'parked')
    .where('reason', reason === null ? 'is' : '=', reason)
    .returning('messageId')
    .execute();
  const counted = new Set(repeated.map(({ messageId }) => messageId));
  return ids.filter((id) => !counted.has(id));
}

/** Where the transaction of an event stands. */
function transactionOf(event: MessageEvent): RawBuilder<unknown> {
  if (event === 'relayed' || event === 'failed') return sql`"relayTransactionHash"`;
  if (event !== 'submitted') return sql`null`;
  return sql`(select "hash" from "attempts" where "attempts"."transactionId" = "messages"."transactionId"
    order by "signedAt" limit 1)`;
}

/** What happened to a message, from the beginning. */
export async function historyOf(db: Database, messageId: number, limit = 1000): Promise<HistoryEntry[]> {
  const rows = await db
    .selectFrom('history')
    .selectAll()
    .where('messageId', '=', messageId)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(entryOf).toReversed();
}

/** An entry of any message, with what names that. */
export interface LaneEvent extends HistoryEntry {
  readonly routeId: number;
  readonly messageHash: string;
}

/** What happened after an entry, in order. */
export async function historyAfter(db: Database, id: number, limit: number): Promise<LaneEvent[]> {
  const rows = await db
    .selectFrom('history')
    .innerJoin('messages', 'messages.id', 'history.messageId')
    .selectAll('history')
    .select(['messages.routeId', 'messages.messageHash'])
    .where('history.id', '>', id)
    .orderBy('history.id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...entryOf(row), routeId: row.routeId, messageHash: toHex(row.messageHash) }));
}

/** The newest entry; 0 before the first. */
export async function newestHistory(db: Database): Promise<number> {
  const row = await db.selectFrom('history').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
  return row?.id ?? 0;
}

function entryOf(row: Selectable<HistoryTable>): HistoryEntry {
  const { id, event, at, reason, transactionHash, times, lastAt } = row;
  return {
    id,
    event,
    at,
    reason,
    transactionHash: transactionHash === null ? null : toHex(transactionHash),
    times,
    lastAt: lastAt ?? at,
  };
}
