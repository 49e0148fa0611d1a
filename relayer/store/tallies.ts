import { sql } from 'kysely';

import { toAddress } from './bytes.ts';
import type { Database, MessageStage } from './schema.ts';

/** Messages of a route, counted. */
export interface RouteTally {
  readonly routeId: number;
  readonly stages: Readonly<Record<MessageStage | 'orphaned', number>>;
  /** Unfinished ones that are set aside, by the reason. */
  readonly parked: Readonly<Record<string, number>>;
  /** When the oldest unfinished one was read, milliseconds; undefined where there is none. */
  readonly oldestPendingAt: number | undefined;
  /** Of those that the destination takes by now and that are not set aside: how many, and since when the first, seconds. */
  readonly ready: { readonly count: number; readonly oldest: number | undefined };
}

/**
 * Counts messages without reading those that are finished, which are most: they are what is left of all.
 * @param readyBy timestamp of the destination, seconds
 */
export async function tallyRoute(db: Database, routeId: number, readyBy: number): Promise<RouteTally> {
  const [all, sent, proven, submitted, failed] = await Promise.all([
    count(db, sql`"routeId" = ${routeId}`),
    ...STAGES_COUNTED.map(
      async (stage) => await count(db, sql`"routeId" = ${routeId} and "stage" = ${sql.lit(stage)}`),
    ),
  ]);
  const orphans = await groupBy(db, 'stage', sql`"routeId" = ${routeId} and "orphaned" = 1`);
  const parked = await groupBy(db, 'parkedReason', sql`"routeId" = ${routeId} and "parkedReason" is not null`);
  const less = (stage: MessageStage, number = 0): number => number - (orphans[stage] ?? 0);
  const unfinished = (sent ?? 0) + (proven ?? 0) + (submitted ?? 0) + (failed ?? 0);
  return {
    routeId,
    stages: {
      sent: less('sent', sent),
      proven: less('proven', proven),
      submitted: less('submitted', submitted),
      failed: less('failed', failed),
      relayed: less('relayed', all - unfinished),
      orphaned: Object.values(orphans).reduce((sum, number) => sum + number, 0),
    },
    parked,
    oldestPendingAt: await oldestPending(db, routeId),
    ready: await tallyReady(db, routeId, readyBy),
  };
}

const STAGES_COUNTED = ['sent', 'proven', 'submitted', 'failed'] as const satisfies readonly MessageStage[];

async function count(db: Database, where: ReturnType<typeof sql>): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as "count" from "messages" where ${where}`.execute(db);
  return rows[0]?.count ?? 0;
}

async function groupBy(
  db: Database,
  column: 'stage' | 'parkedReason',
  where: ReturnType<typeof sql>,
): Promise<Record<string, number>> {
  const { rows } = await sql<{ key: string; count: number }>`
    select ${sql.ref(column)} as "key", count(*) as "count" from "messages" where ${where} group by 1`.execute(db);
  return Object.fromEntries(rows.map((row) => [row.key, row.count]));
}

/** The first of each stage in the order of the index, which is the order of the source chain. */
async function oldestPending(db: Database, routeId: number): Promise<number | undefined> {
  const times: number[] = [];
  for (const stage of ['sent', 'proven', 'submitted'] as const) {
    const first = await db
      .selectFrom('messages')
      .select('id')
      .select(
        sql<
          number | null
        >`(select "at" from "history" where "messageId" = "messages"."id" order by "history"."id" limit 1)`.as('at'),
      )
      .where('routeId', '=', routeId)
      .where('stage', '=', sql.lit(stage))
      .where('orphaned', '=', 0)
      .orderBy('blockNumber')
      .orderBy('logIndex')
      .limit(1)
      .executeTakeFirst();
    if (first?.at !== undefined && first.at !== null) times.push(first.at);
  }
  return times.length === 0 ? undefined : Math.min(...times);
}

async function tallyReady(db: Database, routeId: number, readyBy: number): Promise<RouteTally['ready']> {
  const { rows } = await sql<{ count: number; oldest: number | null }>`
    select count(*) as "count", min("readyAt") as "oldest" from "messages"
    where "routeId" = ${routeId} and "stage" = 'proven' and "parkedReason" is null
      and "readyAt" <= ${readyBy}`.execute(db);
  const [row] = rows;
  return { count: row?.count ?? 0, oldest: row?.oldest ?? undefined };
}

/** Transactions of a signer that are not mined. */
export interface PendingTally {
  readonly chainId: number;
  readonly signer: string;
  readonly purpose: string;
  readonly count: number;
  /** When the oldest was signed first, milliseconds. */
  readonly oldestAt: number;
}

export async function tallyPending(db: Database): Promise<PendingTally[]> {
  const rows = await db
    .selectFrom('transactions')
    .select(({ fn }) => [
      'chainId',
      'signer',
      'purpose',
      fn.countAll<number>().as('count'),
      fn.min('createdAt').as('oldestAt'),
    ])
    .where(sql<boolean>`("stage" = 'pending' or "stage" = 'mined')`)
    .where('stage', '=', sql.lit('pending'))
    .groupBy(['chainId', 'signer', 'purpose'])
    .execute();
  return rows.map(({ signer, count: number, ...row }) => {
    return { ...row, signer: toAddress(signer), count: number };
  });
}

/** Elements of the queue that are to be executed, and since when the first waits, milliseconds. */
export async function tallyQueue(
  db: Database,
  routeId: number,
  finalNumber: number,
): Promise<{ readonly count: number; readonly oldestAt: number | undefined }> {
  const waiting = db
    .selectFrom('queueElements')
    .where('routeId', '=', routeId)
    .where('executed', '=', 0)
    .where('orphaned', '=', 0)
    .where('blockNumber', '<=', finalNumber);
  const { number, first } = await waiting
    .select(({ fn }) => [fn.countAll<number>().as('number'), fn.min('queueIndex').as('first')])
    .executeTakeFirstOrThrow();
  if (number === 0) return { count: 0, oldestAt: undefined };
  const seen = await db
    .selectFrom('messages')
    .innerJoin('history', 'history.messageId', 'messages.id')
    .select('history.at')
    .where('messages.routeId', '=', routeId)
    .where('messages.counter', '=', first)
    .orderBy('history.id')
    .limit(1)
    .executeTakeFirst();
  return { count: number, oldestAt: seen?.at };
}
