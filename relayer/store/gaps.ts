import type { Database } from './schema.ts';

/** An event that has a number, in a block. */
export interface Numbered {
  readonly number: number;
  readonly blockNumber: number;
}

/** What is recorded of events that a contract counts from 0. */
export interface Recorded {
  /** First number that is not recorded. */
  readonly missing: number;
  /** The one before it, if it is known. */
  readonly last: Numbered | undefined;
}

/** Where the numbers from the first on stop to follow each other. */
export function endOf(rows: readonly Numbered[], first: number): Recorded {
  const gap = rows.findIndex(({ number }, position) => number !== first + position);
  const end = gap === -1 ? rows.length : gap;
  return { missing: first + end, last: rows[end - 1] };
}

/** Messages of a route from a counter on, in order. */
export async function messagesFrom(db: Database, routeId: number, first: number): Promise<Numbered[]> {
  return await db
    .selectFrom('messages')
    .select(['counter as number', 'blockNumber'])
    .where('routeId', '=', routeId)
    .where('orphaned', '=', 0)
    .where('counter', '>=', first)
    .orderBy('counter')
    .execute();
}

/** Elements of the queue from an index on, in order. What was executed is not looked for, but the last. */
export async function elementsFrom(db: Database, routeId: number, first: number): Promise<Numbered[]> {
  return await db
    .selectFrom('queueElements')
    .select(['queueIndex as number', 'blockNumber'])
    .where('routeId', '=', routeId)
    .where('orphaned', '=', 0)
    .where('queueIndex', '>=', first)
    .orderBy('queueIndex')
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
