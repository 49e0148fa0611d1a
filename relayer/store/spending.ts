import { sql } from 'kysely';

import { toAddress, toBytes } from './bytes.ts';
import type { Database } from './schema.ts';
import type { Account } from './transactions.ts';

const DAY_MS = 86_400_000;

/** The day in UTC of a time in milliseconds, counted from 1970-01-01. */
export function dayOf(milliseconds: number): number {
  return Math.floor(milliseconds / DAY_MS);
}

/** When a day begins, milliseconds. */
export function startOf(day: number): number {
  return day * DAY_MS;
}

/** Wei that an account has paid on a day, for transactions that became final on it. */
export async function spentOn(db: Database, { chainId, address }: Account, day: number): Promise<bigint> {
  const row = await db
    .selectFrom('spending')
    .select('wei')
    .where('chainId', '=', chainId)
    .where('signer', '=', toBytes(address))
    .where('day', '=', day)
    .executeTakeFirst();
  return BigInt(row?.wei ?? 0);
}

/** What an account has paid on a day. */
export interface Spending extends Account {
  readonly wei: bigint;
}

/** What all accounts have paid on a day, for transactions that became final on it. */
export async function spendingOn(db: Database, day: number): Promise<Spending[]> {
  const rows = await db
    .selectFrom('spending')
    .selectAll()
    .where('day', '=', day)
    .orderBy('signer')
    .orderBy('chainId')
    .execute();
  return rows.map(({ chainId, signer, wei }) => ({ chainId, address: toAddress(signer), wei: BigInt(wei) }));
}

/** Counts what a transaction has cost that is final now. */
export async function addSpending(db: Database, account: Account, day: number, wei: bigint): Promise<void> {
  const total = (await spentOn(db, account, day)) + wei;
  await db
    .insertInto('spending')
    .values({ chainId: account.chainId, signer: toBytes(account.address), day, wei: total.toString() })
    .onConflict((conflict) => conflict.columns(['chainId', 'signer', 'day']).doUpdateSet({ wei: total.toString() }))
    .execute();
}

/** Wei that an account's transactions take which are not final. */
export interface Committed {
  /** At most, of those that are not mined. */
  readonly pending: bigint;
  /** Of those that are mined: as much, since a reorganisation can drop them, and they can be mined again for more. */
  readonly mined: bigint;
}

/** What an account has committed itself to beside what is counted on a day. Of several attempts the dearest counts. */
export async function committedBy(db: Database, { chainId, address }: Account): Promise<Committed> {
  const rows = await db
    .selectFrom('transactions')
    .leftJoin('attempts', 'attempts.transactionId', 'transactions.id')
    .select(['transactions.id', 'transactions.stage', 'paid', 'gasLimit', 'maxFeePerGas'])
    .where('chainId', '=', chainId)
    .where('signer', '=', toBytes(address))
    .where((where) => where.or([where('stage', '=', sql.lit('pending')), where('stage', '=', sql.lit('mined'))]))
    .execute();
  const costs = { pending: new Map<number, bigint>(), mined: new Map<number, bigint>() };
  for (const { id, stage, paid, gasLimit, maxFeePerGas } of rows) {
    const ofStage = stage === 'mined' ? costs.mined : costs.pending;
    // A rollup charges for data beside gas.
    const most = [BigInt(gasLimit ?? 0) * BigInt(maxFeePerGas ?? 0), BigInt(paid ?? 0)];
    for (const cost of most) if (cost >= (ofStage.get(id) ?? 0n)) ofStage.set(id, cost);
  }
  return { pending: sum(costs.pending.values()), mined: sum(costs.mined.values()) };
}

function sum(values: Iterable<bigint>): bigint {
  let total = 0n;
  for (const value of values) total += value;
  return total;
}
