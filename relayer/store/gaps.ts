import { sql } from 'kysely';

import { toHex } from './bytes.ts';
import type { Database } from './schema.ts';
import { isUndelivered } from './undelivered.ts';

/** An event that has a number, in a block. */
export interface Numbered {
  readonly number: number;
  readonly blockNumber: number;
}

/** Numbers from one on. */
export interface NumberRange {
  readonly first: number;
  readonly limit: number;
}

/** What is recorded of events that a contract counts from 0. */
export interface Recorded {
  /** First number that is not recorded. */
  readonly missing: number;
  /** The one before it, if it is known. */
  readonly last: Numbered | undefined;
  /** Whether there are later ones, which do not follow. */
  readonly isGap: boolean;
}

/** Where the numbers from the first on stop to follow each other. */
export function endOf(rows: readonly Numbered[], first: number): Recorded {
  const gap = rows.findIndex(({ number }, position) => number !== first + position);
  const end = gap === -1 ? rows.length : gap;
  return { missing: first + end, last: rows[end - 1], isGap: gap !== -1 };
}

/** Messages of a route from a counter on, in order. */
export async function messagesFrom(db: Database, routeId: number, { first, limit }: NumberRange): Promise<Numbered[]> {
  return await db
    .selectFrom('messages')
    .select(['counter as number', 'blockNumber'])
    .where('routeId', '=', routeId)
    .where('orphaned', '=', 0)
    .where('counter', '>=', first)
    .orderBy('counter')
    .limit(limit)
    .execute();
}

/** Elements of the queue from an index on, in order. What was executed is not looked for, but the last. */
export async function elementsFrom(db: Database, routeId: number, { first, limit }: NumberRange): Promise<Numbered[]> {
  return await db
    .selectFrom('queueElements')
    .select(['queueIndex as number', 'blockNumber'])
    .where('routeId', '=', routeId)
    .where('orphaned', '=', 0)
    .where('queueIndex', '>=', first)
    .orderBy('queueIndex')
    .limit(limit)
    .execute();
}

/** Index of the last element that was executed; those before it may be forgotten. 0 before the first. */
export async function lastExecuted(db: Database, routeId: number): Promise<number> {
  const { last } = await db
    .selectFrom('queueElements')
    .select(({ fn }) => fn.max('queueIndex').as('last'))
    .where('routeId', '=', routeId)
    .where('executed', '=', 1)
    .executeTakeFirstOrThrow();
  return (last as number | null) === null ? 0 : last;
}

/**
 * Hashes of messages that the destination must have attempted, and of whose attempt no event was read: their transaction was mined, the
 * destination says that they were delivered, or it has executed their element of the queue.
 */
export async function unseenDeliveries(db: Database, routeId: number, limit: number): Promise<string[]> {
  const undelivered = db
    .selectFrom('messages')
    .select('messageHash')
    .where('messages.routeId', '=', routeId)
    .where('messages.orphaned', '=', 0)
    .where(isUndelivered)
    .limit(limit);
  const last = db
    .selectFrom('queueElements')
    .innerJoin('routes', 'routes.id', 'queueElements.routeId')
    .innerJoin('chains', 'chains.chainId', 'routes.destinationChainId')
    .select(({ fn }) => fn.max<number>('queueIndex').as('last'))
    .where('queueElements.routeId', '=', routeId)
    .where('executed', '=', 1)
    // As far as the destination was read.
    .where((where) =>
      where.or([where('executedIn', 'is', null), where('executedIn', '<=', where.ref('chains.blockNumber'))]),
    );
  // Each by an index of its own: most messages wait for what has nothing to do with this.
  const rows = await Promise.all([
    undelivered
      .where('parkedReason', '=', 'already-relayed')
      .where('messages.stage', 'in', ['sent', 'proven'])
      .execute(),
    undelivered
      .where('messages.stage', '=', sql.lit('submitted'))
      .innerJoin('transactions', 'transactions.id', 'messages.transactionId')
      .where('transactions.stage', 'in', ['mined', 'final'])
      .execute(),
    undelivered.where('messages.stage', '=', sql.lit('sent')).where('counter', '<=', last).execute(),
  ]);
  return rows.flat().map(({ messageHash }) => toHex(messageHash));
}
