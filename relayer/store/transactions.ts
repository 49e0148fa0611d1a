import { sql } from 'kysely';

import { toBytes, toHex } from './bytes.ts';
import type { Database } from './schema.ts';

/** Whose transactions they are: one engine, and one only, makes them. */
export interface Account {
  readonly chainId: number;
  readonly address: string;
}

/** A signed transaction that was or will be broadcast. */
export interface Attempt {
  readonly hash: string;
  readonly raw: string;
  /** Wei. */
  readonly maxFeePerGas: bigint;
  /** Milliseconds. */
  readonly signedAt: number;
}

/** A transaction that is to be looked after. */
export interface OpenTransaction {
  readonly id: number;
  readonly nonce: number;
  readonly stage: 'pending' | 'mined';
  /** The latest last. */
  readonly attempts: readonly Attempt[];
}

/** One more than the highest nonce that was given out; 0 before the first. */
export async function nextStoredNonce(db: Database, account: Account): Promise<number> {
  const { highest } = await db
    .selectFrom('transactions')
    .select(({ fn }) => fn.max('nonce').as('highest'))
    .where('chainId', '=', account.chainId)
    .where('signer', '=', toBytes(account.address))
    .executeTakeFirstOrThrow();
  return (highest as number | null) === null ? 0 : highest + 1;
}

/** Stores a signed transaction, before it is broadcast. Returns its number in the store. */
export async function insertTransaction(
  db: Database,
  account: Account,
  transaction: { readonly nonce: number; readonly purpose: string; readonly createdAt: number },
): Promise<number> {
  const { id } = await db
    .insertInto('transactions')
    .values({ chainId: account.chainId, signer: toBytes(account.address), stage: 'pending', ...transaction })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Stores one more signed transaction for the same nonce. */
export async function insertAttempt(db: Database, transactionId: number, attempt: Attempt): Promise<void> {
  const { hash, raw, signedAt } = attempt;
  const maxFeePerGas = attempt.maxFeePerGas.toString();
  await db
    .insertInto('attempts')
    .values({ transactionId, hash: toBytes(hash), raw: toBytes(raw), maxFeePerGas, signedAt })
    .execute();
}

/**
 * The account's transactions that can move on, by nonce: those that are not mined, and those whose block cannot be dropped
 * any more. What is in between waits for `markUnminedAbove`, or for its block.
 */
export async function openTransactions(
  db: Database,
  account: Account,
  { finalNumber, limit }: { readonly finalNumber: number; readonly limit: number },
): Promise<OpenTransaction[]> {
  const rows = await db
    .selectFrom('transactions')
    .select(['id', 'nonce', 'stage'])
    .where('chainId', '=', account.chainId)
    .where('signer', '=', toBytes(account.address))
    .where((where) => where.or([where('stage', '=', sql.lit('pending')), where('stage', '=', sql.lit('mined'))]))
    .where((where) => where.or([where('stage', '=', 'pending'), where('blockNumber', '<=', finalNumber)]))
    .orderBy('nonce')
    .limit(limit)
    .execute();
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const attempts = await db.selectFrom('attempts').selectAll().where('transactionId', 'in', ids).execute();
  return rows.map(({ stage, ...row }) => ({
    ...row,
    stage: stage as 'pending' | 'mined',
    attempts: attempts
      .filter(({ transactionId }) => transactionId === row.id)
      .map(({ hash, raw, maxFeePerGas, signedAt }) => ({
        hash: toHex(hash),
        raw: toHex(raw),
        maxFeePerGas: BigInt(maxFeePerGas),
        signedAt,
      }))
      .toSorted((a, b) => Number(a.maxFeePerGas - b.maxFeePerGas)),
  }));
}

/** Nonces from `first` on that are below one given out, and were never given out themselves. */
export async function missingNonces(db: Database, account: Account, first: number): Promise<number[]> {
  const rows = await db
    .selectFrom('transactions')
    .select('nonce')
    .where('chainId', '=', account.chainId)
    .where('signer', '=', toBytes(account.address))
    .where('nonce', '>=', first)
    .orderBy('nonce')
    .execute();
  const given = new Set(rows.map(({ nonce }) => nonce));
  const count = (rows.at(-1)?.nonce ?? first) - first;
  return Array.from({ length: count }, (_, offset) => first + offset).filter((nonce) => !given.has(nonce));
}

/** Number of the account's transactions of a purpose, or of all, that are not mined. */
export async function countPending(db: Database, account: Account, purpose?: string): Promise<number> {
  const { count } = await db
    .selectFrom('transactions')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('chainId', '=', account.chainId)
    .where('signer', '=', toBytes(account.address))
    .where('stage', '=', sql.lit('pending'))
    .$if(purpose !== undefined, (query) => query.where('purpose', '=', purpose ?? ''))
    .executeTakeFirstOrThrow();
  return count;
}

/** Where a transaction was mined. */
export interface MinedAt {
  readonly hash: string;
  readonly blockNumber: number;
  readonly reverted: boolean;
}

/** `pending -> mined`, and `-> final` once its block is: what was signed is of no more use then. */
export async function markMined(db: Database, id: number, mined: MinedAt, isFinal: boolean): Promise<void> {
  await db
    .updateTable('transactions')
    .set({
      stage: isFinal ? 'final' : 'mined',
      transactionHash: toBytes(mined.hash),
      blockNumber: mined.blockNumber,
      reverted: mined.reverted ? 1 : 0,
    })
    .where('id', '=', id)
    .execute();
  if (isFinal) await db.deleteFrom('attempts').where('transactionId', '=', id).execute();
}

/** `mined -> pending`: a reorganisation has dropped its block. */
export async function markUnmined(db: Database, id: number): Promise<void> {
  await db.updateTable('transactions').set(NOT_MINED).where('id', '=', id).execute();
}

/** The same for all transactions in blocks of a chain above a number. */
export async function markUnminedAbove(db: Database, chainId: number, number: number): Promise<void> {
  await db
    .updateTable('transactions')
    .set(NOT_MINED)
    .where('chainId', '=', chainId)
    .where('stage', '=', sql.lit('mined'))
    .where('blockNumber', '>', number)
    .execute();
}

const NOT_MINED = { stage: 'pending', transactionHash: null, blockNumber: null, reverted: null } as const;

/** Another transaction of the account took the nonce, for good. */
export async function markReplaced(db: Database, id: number): Promise<void> {
  await db.updateTable('transactions').set({ stage: 'replaced' }).where('id', '=', id).execute();
  await db.deleteFrom('attempts').where('transactionId', '=', id).execute();
}

/** Forgets a transaction that was never mined: its nonce was not given out. */
export async function forgetTransaction(db: Database, id: number): Promise<void> {
  await db.deleteFrom('attempts').where('transactionId', '=', id).execute();
  await db.deleteFrom('transactions').where('id', '=', id).execute();
}

/** Forgets transactions that are over, unless a message waits to hear of it. The last nonce says where to go on. */
export async function forgetFinished(db: Database): Promise<void> {
  await db
    .deleteFrom('transactions')
    .where('stage', 'in', ['final', 'replaced'])
    .where('id', 'not in', (query) =>
      query
        .selectFrom('messages')
        .select('transactionId')
        .where('stage', '=', sql.lit('submitted'))
        .where('transactionId', 'is not', null)
        .$castTo<{ transactionId: number }>(),
    )
    .where((where) =>
      where.exists(
        where
          .selectFrom('transactions as later')
          .select('later.id')
          .whereRef('later.chainId', '=', 'transactions.chainId')
          .whereRef('later.signer', '=', 'transactions.signer')
          .whereRef('later.nonce', '>', 'transactions.nonce'),
      ),
    )
    .execute();
}
