import { sql } from 'kysely';

import { XdmError } from '../../../sdk/core/errors.ts';
import type { Database } from '../schema.ts';

/** The database's clock, milliseconds: the only one that all processes share. */
const NOW = sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`;

/** A lease that was taken. */
export interface Taken {
  /** Grows with each holder: what comes with a smaller one is late. */
  readonly token: number;
  /** Whether whoever had it before has nothing on its way any more. */
  readonly wasSettled: boolean;
}

/** Who wants a lease, and for how long. */
export interface Applicant {
  readonly lane: string;
  /** Of this process alone. */
  readonly holder: string;
  /** Milliseconds. */
  readonly ttl: number;
}

/**
 * Takes the lease of a lane, unless another process has it. Waits for the end of a transaction of whoever had it before: what comes
 * after that is refused.
 */
export async function takeLease(db: Database, applicant: Applicant): Promise<Taken | undefined> {
  const { lane, holder, ttl } = applicant;
  const isHeld = sql<boolean>`"expiresAt" > ${NOW} and "holder" <> ${holder}`;
  const row = db.selectFrom('leases').where('lane', '=', lane);
  // Without a lock: whoever only waits for its turn is in nobody's way.
  const seen = await row.select(isHeld.as('isHeld')).executeTakeFirst();
  if (seen?.isHeld === true) return undefined;
  if (seen === undefined) {
    await db
      .insertInto('leases')
      .values({ lane, holder: '', token: 0, expiresAt: 0, settled: 1 })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  const before = await row
    .select(['settled', isHeld.as('isHeld')])
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (before.isHeld) return undefined;
  const { token } = await db
    .updateTable('leases')
    .set(({ eb }) => ({ token: eb('token', '+', 1), holder, expiresAt: sql`${NOW} + ${ttl}`, settled: 0 }))
    .where('lane', '=', lane)
    .returning('token')
    .executeTakeFirstOrThrow();
  return { token, wasSettled: before.settled === 1 };
}

/** Keeps a lease for so many milliseconds more. Returns whether it is still there to be kept. */
export async function renewLease(
  db: Database,
  { lane, token, ttl }: { readonly lane: string; readonly token: number; readonly ttl: number },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('leases')
    .set({ expiresAt: sql`${NOW} + ${ttl}` })
    .where('lane', '=', lane)
    .where('token', '=', token)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Gives a lease back. */
export async function releaseLease(
  db: Database,
  { lane, token, isSettled }: { readonly lane: string; readonly token: number; readonly isSettled: boolean },
): Promise<void> {
  await db
    .updateTable('leases')
    .set({ expiresAt: 0, holder: '', settled: isSettled ? 1 : 0 })
    .where('lane', '=', lane)
    .where('token', '=', token)
    .execute();
}

/**
 * Makes sure, to the end of a transaction, that nobody else takes the lease. It can be renewed meanwhile.
 * @throws {XdmError} `lease-lost` where somebody has
 */
export async function holdLease(db: Database, lane: string, token: number): Promise<void> {
  const held = await db
    .selectFrom('leases')
    .select('token')
    .where('lane', '=', lane)
    .where('token', '=', token)
    .forKeyShare()
    .executeTakeFirst();
  if (held === undefined) throw leaseLost('another replica has taken over');
}

/** Makes all lanes' transactions wait for the end of this one, which belongs to none of them. */
export async function holdAllLeases(db: Database): Promise<void> {
  await db.selectFrom('leases').select('lane').orderBy('lane').forUpdate().execute();
}

export function leaseLost(how: string, cause?: unknown): XdmError {
  return new XdmError('lease-lost', `this replica may not act for the lane any more: ${how}`, {
    cause,
    hint: 'it stands by, and goes on when it is its turn again',
  });
}
