import type { Selectable } from 'kysely';

import { toAddress, toBytes, toHex } from './bytes.ts';
import type { AttemptTable, Database, TransactionStage, TransactionTable } from './schema.ts';

/** A signed transaction, as those may see it who look on. */
export interface AttemptRecord {
  readonly hash: string;
  /** Wei. */
  readonly maxFeePerGas: bigint;
  /** Wei; null on a chain without EIP-1559. */
  readonly maxPriorityFeePerGas: bigint | null;
  /** Milliseconds. */
  readonly signedAt: number;
  /** When it was first handed to a node, milliseconds; null before. */
  readonly broadcastAt: number | null;
  /** What a node said that did not take it. */
  readonly refusal: string | null;
}

/** A transaction of ours with all its attempts. */
export interface TransactionRecord {
  readonly id: number;
  readonly chainId: number;
  readonly signer: string;
  readonly nonce: number;
  readonly purpose: string;
  readonly stage: TransactionStage;
  /** Milliseconds. */
  readonly createdAt: number;
  /** Of the attempt that was mined; null before. */
  readonly transactionHash: string | null;
  readonly blockNumber: number | null;
  readonly reverted: boolean | null;
  /** Whether what it was for was given up, and its nonce used up by an attempt that does nothing. */
  readonly givenUp: boolean;
  /** Wei, of the attempt that was mined; null before. */
  readonly paid: bigint | null;
  /** In the order in which they were signed. */
  readonly attempts: readonly AttemptRecord[];
}

export interface TransactionFilter {
  readonly stage?: TransactionStage | undefined;
  readonly purpose?: string | undefined;
  readonly signer?: string | undefined;
  /** Only those with a smaller number. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Transactions of ours, the newest first. */
export async function listTransactions(
  db: Database,
  { stage, purpose, signer, before, limit }: TransactionFilter,
): Promise<TransactionRecord[]> {
  const rows = await db
    .selectFrom('transactions')
    .selectAll()
    .$if(stage !== undefined, (query) => query.where('stage', '=', stage ?? 'pending'))
    .$if(purpose !== undefined, (query) => query.where('purpose', '=', purpose ?? ''))
    .$if(signer !== undefined, (query) => query.where('signer', '=', toBytes(signer ?? '')))
    .$if(before !== undefined, (query) => query.where('id', '<', before ?? 0))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return await withAttempts(db, rows);
}

/** The transactions of some numbers, or with an attempt of some hashes, the oldest first. */
export async function findTransactions(
  db: Database,
  ids: readonly number[],
  hashes: readonly string[],
): Promise<TransactionRecord[]> {
  const attempts =
    hashes.length === 0
      ? []
      : await db
          .selectFrom('attempts')
          .select('transactionId')
          .where(
            'hash',
            'in',
            hashes.map((hash) => toBytes(hash)),
          )
          .execute();
  const all = [...new Set([...ids, ...attempts.map(({ transactionId }) => transactionId)])];
  if (all.length === 0) return [];
  const rows = await db.selectFrom('transactions').selectAll().where('id', 'in', all).orderBy('id').execute();
  return await withAttempts(db, rows);
}

async function withAttempts(db: Database, rows: readonly Selectable<TransactionTable>[]): Promise<TransactionRecord[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const attempts = await db
    .selectFrom('attempts')
    .selectAll()
    .where('transactionId', 'in', ids)
    .orderBy('position')
    .orderBy('signedAt')
    .execute();
  const byTransaction = Map.groupBy(attempts, ({ transactionId }) => transactionId);
  return rows.map((row) => toRecord(row, byTransaction.get(row.id) ?? []));
}

function toRecord(row: Selectable<TransactionTable>, attempts: readonly Selectable<AttemptTable>[]): TransactionRecord {
  const { id, chainId, nonce, purpose, stage, createdAt, blockNumber, reverted, transactionHash } = row;
  return {
    id,
    chainId,
    signer: toAddress(row.signer),
    nonce,
    purpose,
    stage,
    createdAt,
    transactionHash: transactionHash === null ? null : toHex(transactionHash),
    blockNumber,
    reverted: reverted === null ? null : reverted === 1,
    givenUp: row.givenUp === 1,
    paid: row.paid === null ? null : BigInt(row.paid),
    attempts: attempts.map(({ hash, maxFeePerGas, maxPriorityFeePerGas: priority, signedAt, broadcastAt, refusal }) => {
      const maxPriorityFeePerGas = priority === null ? null : BigInt(priority);
      return {
        hash: toHex(hash),
        maxFeePerGas: BigInt(maxFeePerGas),
        maxPriorityFeePerGas,
        signedAt,
        broadcastAt,
        refusal,
      };
    }),
  };
}
