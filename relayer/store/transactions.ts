import { sql, type Selectable } from 'kysely';

import { toBytes, toHex } from './bytes.ts';
import type { AttemptTable, Database } from './schema.ts';

/** Transactions forgotten at a time. */
const FORGET_LIMIT = 500;

/** Whose transactions they are: one engine, and one only, makes them. */
export interface Account {
  readonly chainId: number;
  readonly address: string;
}

/** A signed transaction that was or will be broadcast. */
export interface Attempt {
  readonly hash: string;
  readonly raw: string;
  readonly gasLimit: bigint;
  /** Wei. */
  readonly maxFeePerGas: bigint;
  /** Undefined on a chain without EIP-1559. */
  readonly maxPriorityFeePerGas: bigint | undefined;
  /** Milliseconds. */
  readonly signedAt: number;
}

/** A transaction that is to be looked after. */
export interface OpenTransaction {
  readonly id: number;
  readonly nonce: number;
  readonly purpose: string;
  readonly stage: 'pending' | 'mined';
  /** Number of messages that it was to deliver. */
  readonly messages: number;
  readonly givenUp: boolean;
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
  transaction: Pick<OpenTransaction, 'nonce' | 'purpose' | 'messages'> & { readonly createdAt: number },
): Promise<number> {
  const { id } = await db
    .insertInto('transactions')
    .values({ chainId: account.chainId, signer: toBytes(account.address), stage: 'pending', ...transaction })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Stores one more signed transaction for the same nonce: the so many-th, from 0. */
export async function insertAttempt(
  db: Database,
  transactionId: number,
  position: number,
  attempt: Attempt,
): Promise<void> {
  const { hash, raw, signedAt } = attempt;
  await db
    .insertInto('attempts')
    .values({
      transactionId,
      position,
      hash: toBytes(hash),
      raw: toBytes(raw),
      gasLimit: attempt.gasLimit.toString(),
      maxFeePerGas: attempt.maxFeePerGas.toString(),
      maxPriorityFeePerGas: attempt.maxPriorityFeePerGas?.toString() ?? null,
      signedAt,
    })
    .execute();
}

/** Notes that an attempt was handed to a node, milliseconds, and what the node said if it did not take it. */
export async function markBroadcast(
  db: Database,
  hash: string,
  { at, refusal }: { readonly at: number; readonly refusal: string | undefined },
): Promise<void> {
  await db
    .updateTable('attempts')
    .set((column) => ({
      broadcastAt: column.fn.coalesce('broadcastAt', column.val(at)),
      refusal: refusal ?? null,
    }))
    .where('hash', '=', toBytes(hash))
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
    .select(['id', 'nonce', 'purpose', 'stage', 'messages', 'givenUp'])
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
  const byTransaction = Map.groupBy(attempts, ({ transactionId }) => transactionId);
  return rows.map(({ stage, givenUp, ...row }) => ({
    ...row,
    stage: stage as 'pending' | 'mined',
    givenUp: givenUp === 1,
    attempts: (byTransaction.get(row.id) ?? [])
      .toSorted((a, b) => a.position - b.position || Number(BigInt(a.maxFeePerGas) - BigInt(b.maxFeePerGas)))
      .map(toAttempt),
  }));
}

function toAttempt({ hash, raw, signedAt, ...row }: Selectable<AttemptTable>): Attempt {
  return {
    hash: toHex(hash),
    raw: toHex(raw),
    gasLimit: BigInt(row.gasLimit ?? 0),
    maxFeePerGas: BigInt(row.maxFeePerGas),
    maxPriorityFeePerGas: row.maxPriorityFeePerGas === null ? undefined : BigInt(row.maxPriorityFeePerGas),
    signedAt,
  };
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

/** Number of the account's transactions of a purpose that are not mined and not given up, or of all that are not mined. */
export async function countPending(db: Database, account: Account, purpose?: string): Promise<number> {
  const { count } = await db
    .selectFrom('transactions')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('chainId', '=', account.chainId)
    .where('signer', '=', toBytes(account.address))
    .where('stage', '=', sql.lit('pending'))
    .$if(purpose !== undefined, (query) => query.where('purpose', '=', purpose ?? '').where('givenUp', '=', 0))
    .executeTakeFirstOrThrow();
  return count;
}

/** Where a transaction was mined. */
export interface MinedAt {
  readonly hash: string;
  readonly blockNumber: number;
  readonly reverted: boolean;
  /** Wei. */
  readonly paid: bigint;
}

/** `pending -> mined`, and `-> final` once its block is: what was signed is of no more use then, but for its hash. */
export async function markMined(db: Database, id: number, mined: MinedAt, isFinal: boolean): Promise<void> {
  await db
    .updateTable('transactions')
    .set({
      stage: isFinal ? 'final' : 'mined',
      transactionHash: toBytes(mined.hash),
      blockNumber: mined.blockNumber,
      reverted: mined.reverted ? 1 : 0,
      paid: mined.paid.toString(),
    })
    .where('id', '=', id)
    .execute();
  if (isFinal) await forgetSigned(db, id);
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

const NOT_MINED = { stage: 'pending', transactionHash: null, blockNumber: null, reverted: null, paid: null } as const;

/** Another transaction of the account took the nonce, for good. */
export async function markReplaced(db: Database, id: number): Promise<void> {
  await db.updateTable('transactions').set({ stage: 'replaced' }).where('id', '=', id).execute();
  await forgetSigned(db, id);
}

async function forgetSigned(db: Database, id: number): Promise<void> {
  await db.updateTable('attempts').set({ raw: new Uint8Array() }).where('transactionId', '=', id).execute();
}

/** Gives up what a transaction was for: from now on all that it has to do is to use its nonce up. */
export async function markGivenUp(db: Database, id: number): Promise<void> {
  await db.updateTable('transactions').set({ givenUp: 1 }).where('id', '=', id).execute();
}

/**
 * Forgets transactions that are over, unless messages were to be delivered by them: these say what was tried. The last nonce says
 * where to go on.
 */
export async function forgetFinished(db: Database): Promise<void> {
  const rows = await db
    .selectFrom('transactions')
    .select('id')
    .where('messages', '=', sql.lit(0))
    .where((where) => where.or([where('stage', '=', sql.lit('final')), where('stage', '=', sql.lit('replaced'))]))
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
    .limit(FORGET_LIMIT)
    .execute();
  if (rows.length === 0) return;
  const ids = rows.map(({ id }) => id);
  await db.deleteFrom('attempts').where('transactionId', 'in', ids).execute();
  await db.deleteFrom('transactions').where('id', 'in', ids).execute();
}
