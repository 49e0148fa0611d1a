import { sql } from 'kysely';

import type { ParkedReason } from '../parkedReasons.ts';
import { toHex } from './bytes.ts';
import type { Database } from './schema.ts';
import { isUndelivered } from './undelivered.ts';

/** A message that should have moved long since. */
export interface StalledMessage {
  readonly messageHash: string;
  /** Since when, milliseconds. */
  readonly since: number;
  /** Why it was set aside; null where nobody has looked at it. */
  readonly reason: ParkedReason | null;
}

/** Reasons that hold up all messages and that the node or its operator must see the end of. A pause is not one: it is meant. */
const STALLING = [
  'rpc-unreachable',
  'rpc-rate-limited',
  'rpc-error',
  'insufficient-funds',
  'fee-cap',
  'spending-limit',
] as const satisfies readonly ParkedReason[];

/**
 * One message of a route, if there is any, that was due before a time and that nobody has looked at, or that is set aside since before
 * it for what holds up others as well. A message whose own target or size is the cause holds up none.
 * @param readyBy timestamp of the destination, seconds
 * @param before milliseconds
 */
export async function stalledMessage(
  db: Database,
  routeId: number,
  { readyBy, before }: { readonly readyBy: number; readonly before: number },
): Promise<StalledMessage | undefined> {
  return (await heldUp(db, routeId, before)) ?? (await overdue(db, routeId, { readyBy, before }));
}

async function heldUp(db: Database, routeId: number, before: number): Promise<StalledMessage | undefined> {
  const { oldest } = await db
    .selectFrom('messages')
    .select(({ fn }) => fn.min('id').as('oldest'))
    .where('routeId', '=', routeId)
    .where('parkedReason', 'in', STALLING)
    .where('stage', 'in', ['sent', 'proven'])
    .executeTakeFirstOrThrow();
  if ((oldest as number | null) === null) return undefined;
  const row = await db
    .selectFrom('history')
    .innerJoin('messages', 'messages.id', 'history.messageId')
    .select(['history.at', 'event', 'messages.messageHash', 'messages.parkedReason'])
    .where('history.messageId', '=', oldest)
    .orderBy('history.id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row?.event !== 'parked' || row.at > before) return undefined;
  return { messageHash: toHex(row.messageHash), since: row.at, reason: row.parkedReason };
}

async function overdue(
  db: Database,
  routeId: number,
  { readyBy, before }: { readonly readyBy: number; readonly before: number },
): Promise<StalledMessage | undefined> {
  const row = await db
    .selectFrom('messages')
    .select(['messageHash', 'readyAt', 'nextTryAt'])
    .where('routeId', '=', routeId)
    .where('stage', '=', sql.lit('proven'))
    .where('readyAt', '<=', Math.min(readyBy, Math.floor(before / 1000)))
    .where('nextTryAt', '<=', before)
    .where('orphaned', '=', 0)
    .where(isUndelivered)
    // In the order of the index: the first one found does.
    .orderBy('messages.blockNumber')
    .orderBy('messages.logIndex')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const since = Math.max((row.readyAt ?? 0) * 1000, row.nextTryAt);
  return { messageHash: toHex(row.messageHash), since, reason: null };
}
