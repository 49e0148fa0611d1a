import { sql } from 'kysely';

import type { LogPosition } from '../../sdk/chain/logs.ts';
import { toBytes, toHex } from './bytes.ts';
import { positionColumns, type EventSource } from './events.ts';
import { rowsAtATime } from './listed.ts';
import type { Numbered, NumberRange } from './gaps.ts';
import type { Database } from './schema.ts';

/** A deposit that L2 must execute. */
export interface ExpectedDeposit {
  readonly index: number;
  /** Of the transaction on L2. */
  readonly depositHash: string;
  /** Whether L2 may pass it over. */
  readonly canLapse: boolean;
}

/** An element as it stands on L1. */
export interface RecordedDeposit extends ExpectedDeposit {
  /** Its block on L1. */
  readonly blockNumber: number;
  /** Whether L2 has executed it, before others that come first. */
  readonly isMatched: boolean;
}

/** How far L2's deposits were compared with the queue. */
export interface DepositCheck {
  /** The last L2 block of which all is right. */
  readonly blockNumber: number;
  /** Index of the element that is to come next. */
  readonly nextIndex: number;
  readonly held?: HeldDeposit | undefined;
}

/** A deposit that the check does not go past. */
export interface HeldDeposit {
  /** `waiting`: L1 is not read far enough; `early`: its element can still be dropped; `unexpected`: it is none. */
  readonly why: 'waiting' | 'early' | 'unexpected';
  readonly depositHash: string;
  /** Its L2 block. */
  readonly blockNumber: number;
  /** Milliseconds. */
  readonly since: number;
  readonly detail: string;
}

/** Records what L2 must execute. */
export async function recordExpectedDeposits(
  db: Database,
  source: EventSource,
  deposits: readonly (ExpectedDeposit & LogPosition)[],
): Promise<void> {
  for (const { index: queueIndex, depositHash, canLapse, ...event } of deposits) {
    const content = {
      depositHash: toBytes(depositHash),
      canLapse: canLapse ? (1 as const) : (0 as const),
      ...positionColumns(source, event),
    };
    await db
      .insertInto('expectedDeposits')
      .values({ routeId: source.routeId, queueIndex, ...content })
      .onConflict((conflict) => conflict.columns(['routeId', 'queueIndex']).doUpdateSet(content))
      .execute();
  }
}

/** Elements before the next one among which what was passed over is remembered. */
const LAPSED_KEPT = 1000;

/** Those of the queue from an index on that are recorded and stand on L1, and before them those that were passed over of late. */
export async function expectedFrom(
  db: Database,
  routeId: number,
  { first, limit }: { readonly first: number; readonly limit: number },
): Promise<RecordedDeposit[]> {
  const rows = await standing(db, routeId)
    .where('queueIndex', '>=', first - LAPSED_KEPT)
    .where(sql<boolean>`("queueIndex" >= ${first} or "canLapse" = 1 and "matchedHash" is null)`)
    .orderBy('queueIndex')
    .limit(limit + LAPSED_KEPT)
    .execute();
  return rows.map(toRecorded);
}

/** Those of the queue above an index that are recorded, stand on L1, and have one of these hashes. */
export async function expectedAmong(
  db: Database,
  routeId: number,
  { above, hashes }: { readonly above: number; readonly hashes: readonly string[] },
): Promise<RecordedDeposit[]> {
  const found: RecordedDeposit[] = [];
  for (const some of rowsAtATime(hashes)) {
    const rows = await standing(db, routeId)
      .where('queueIndex', '>', above)
      .where('depositHash', 'in', some.map(toBytes))
      .execute();
    found.push(...rows.map(toRecorded));
  }
  return found.toSorted((a, b) => a.index - b.index);
}

function standing(db: Database, routeId: number) {
  return db
    .selectFrom('expectedDeposits')
    .select(['queueIndex', 'depositHash', 'matchedHash', 'canLapse', 'blockNumber'])
    .where('routeId', '=', routeId)
    .where('orphaned', '=', 0);
}

type StandingRow = Awaited<ReturnType<ReturnType<typeof standing>['execute']>>[number];

function toRecorded({ queueIndex, depositHash, matchedHash, canLapse, blockNumber }: StandingRow): RecordedDeposit {
  const isMatched = matchedHash !== null && toHex(matchedHash) === toHex(depositHash);
  return { index: queueIndex, depositHash: toHex(depositHash), canLapse: canLapse === 1, blockNumber, isMatched };
}

/** The first element that L2 has executed before the one that is to come next, unless it has executed that, too. */
export async function firstOutOfOrder(db: Database, routeId: number, nextIndex: number): Promise<number | undefined> {
  const row = await db
    .selectFrom('expectedDeposits')
    .select('queueIndex')
    .where('routeId', '=', routeId)
    .where('orphaned', '=', 0)
    .where('queueIndex', '>=', nextIndex)
    .where(sql<boolean>`"matchedHash" is not null`)
    .orderBy('queueIndex')
    .limit(1)
    .executeTakeFirst();
  return row?.queueIndex === nextIndex ? undefined : row?.queueIndex;
}

/** How many of the queue from an index on are recorded and stand on L1. */
export async function countExpected(db: Database, routeId: number, first: number): Promise<number> {
  const { count } = await db
    .selectFrom('expectedDeposits')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('routeId', '=', routeId)
    .where('orphaned', '=', 0)
    .where('queueIndex', '>=', first)
    .executeTakeFirstOrThrow();
  return count;
}

/** The same for the audit of the queue: their indices and blocks. */
export async function expectedNumbers(
  db: Database,
  routeId: number,
  { first, limit }: NumberRange,
): Promise<Numbered[]> {
  return await db
    .selectFrom('expectedDeposits')
    .select(['queueIndex as number', 'blockNumber'])
    .where('routeId', '=', routeId)
    .where('orphaned', '=', 0)
    .where('queueIndex', '>=', first)
    .orderBy('queueIndex')
    .limit(limit)
    .execute();
}

/** Undefined before the first look. */
export async function readDepositCheck(db: Database, routeId: number): Promise<DepositCheck | undefined> {
  const row = await db.selectFrom('depositChecks').selectAll().where('routeId', '=', routeId).executeTakeFirst();
  if (row === undefined) return undefined;
  const { blockNumber, nextIndex, held, heldHash, heldBlock, heldSince, detail } = row;
  if (held === null || heldHash === null) return { blockNumber, nextIndex };
  const what = { depositHash: toHex(heldHash), blockNumber: heldBlock ?? 0, since: heldSince ?? 0 };
  return { blockNumber, nextIndex, held: { why: held, ...what, detail: detail ?? '' } };
}

/** Records how far the check has come, and the deposits that were matched on the way. */
export async function recordDepositCheck(
  db: Database,
  routeId: number,
  { blockNumber, nextIndex, held, matched }: DepositCheck & { readonly matched: readonly ExpectedDeposit[] },
): Promise<void> {
  for (const { index, depositHash } of matched) {
    await db
      .updateTable('expectedDeposits')
      .set({ matchedHash: toBytes(depositHash) })
      .where('routeId', '=', routeId)
      .where('queueIndex', '=', index)
      .execute();
  }
  const row = {
    blockNumber,
    nextIndex,
    held: held?.why ?? null,
    heldHash: held === undefined ? null : toBytes(held.depositHash),
    heldBlock: held?.blockNumber ?? null,
    heldSince: held?.since ?? null,
    detail: held?.detail ?? null,
  };
  await db
    .insertInto('depositChecks')
    .values({ routeId, ...row })
    .onConflict((conflict) => conflict.column('routeId').doUpdateSet(row))
    .execute();
}

/**
 * Elements that were seen on L2 and that L1 has replaced or dropped since, by the hashes of the deposits seen.
 * @param finalNumber last L1 block that cannot be dropped: up to there, what was dropped has not come back
 */
export async function replacedDeposits(
  db: Database,
  routeId: number,
  finalNumber: number,
): Promise<{ index: number; hash: string }[]> {
  const rows = await db
    .selectFrom('expectedDeposits')
    .select(['queueIndex', 'matchedHash'])
    .where('routeId', '=', routeId)
    .where(sql<boolean>`"matchedHash" is not null`)
    .where(
      sql<boolean>`("orphaned" = 0 and "matchedHash" <> "depositHash" or "orphaned" = 1 and "blockNumber" <= ${finalNumber})`,
    )
    .execute();
  return rows.map(({ queueIndex, matchedHash }) => ({
    index: queueIndex,
    hash: toHex(matchedHash ?? new Uint8Array()),
  }));
}

/**
 * Forgets what was matched, or passed over a while ago, in L1 blocks that cannot be dropped any more, unless it was replaced. What was passed
 * over just now can still come: where L2 drops the block that it was in, in the moment in which it is handed the next one.
 */
export async function forgetMatched(
  db: Database,
  routeId: number,
  { nextIndex, finalNumber }: { readonly nextIndex: number; readonly finalNumber: number },
): Promise<void> {
  await db
    .deleteFrom('expectedDeposits')
    .where('routeId', '=', routeId)
    .where('queueIndex', '<', nextIndex)
    .where('blockNumber', '<=', finalNumber)
    .where(
      sql<boolean>`("matchedHash" is null and ("orphaned" = 1 or "queueIndex" < ${nextIndex - LAPSED_KEPT}) or "orphaned" = 0 and "matchedHash" = "depositHash")`,
    )
    .execute();
}
