import { keccak256 } from 'ethers';
import { sql } from 'kysely';

import type { LogPosition } from '../../sdk/chain/logs.ts';
import { toBytes, toHex } from './bytes.ts';
import { INSERTED_POSITION, positionColumns, type EventSource } from './events.ts';
import { listed, rowsAtATime } from './listed.ts';
import type { Database } from './schema.ts';

/** An element of the queue as its deposit transaction. */
export interface QueuedDeposit extends LogPosition {
  readonly index: number;
  /** The deposit transaction, encoded. */
  readonly raw: string;
}

/** What L1 has done to elements that were handed to L2. */
export interface Rewriting {
  /** Indices of those that it has replaced by others: L2 has then gone another way. */
  readonly replaced: readonly number[];
  /** Indices of those that are what L2 was handed. */
  readonly kept: readonly number[];
}

/**
 * Records elements of the queue. One that was handed to L2 stays what it was then, whatever L1 has in its place now: what L2
 * has executed must not be forgotten.
 */
export async function recordQueueElements(
  db: Database,
  source: EventSource,
  elements: readonly QueuedDeposit[],
): Promise<Rewriting> {
  const replaced: number[] = [];
  const kept: number[] = [];
  for (const some of rowsAtATime(elements)) {
    const handed = await handedHashes(db, source.routeId, some);
    const rows = some.map(({ index: queueIndex, raw, ...event }) => {
      const content = { depositHash: toBytes(keccak256(raw)), raw: toBytes(raw) };
      const before = handed.get(queueIndex);
      const isReplaced = before !== undefined && toHex(content.depositHash) !== toHex(before.depositHash);
      if (before !== undefined) (isReplaced ? replaced : kept).push(queueIndex);
      return {
        routeId: source.routeId,
        queueIndex,
        ...content,
        ...(isReplaced && before),
        ...positionColumns(source, event),
      };
    });
    await db
      .insertInto('queueElements')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['routeId', 'queueIndex']).doUpdateSet({
          depositHash: sql.ref<Uint8Array>('excluded.depositHash'),
          raw: sql.ref<Uint8Array>('excluded.raw'),
          ...INSERTED_POSITION,
        }),
      )
      .execute();
  }
  return { replaced, kept };
}

/** What L2 was handed, by index. */
async function handedHashes(db: Database, routeId: number, elements: readonly QueuedDeposit[]) {
  const rows = await db
    .selectFrom('queueElements')
    .select(['queueIndex', 'depositHash', 'raw'])
    .where('routeId', '=', routeId)
    .where('queueIndex', 'in', listed(elements.map(({ index }) => index)))
    .where((query) => query.or([query('sentAt', '>', 0), query('executed', '=', 1)]))
    .execute();
  return new Map(rows.map(({ queueIndex, depositHash, raw }) => [queueIndex, { depositHash, raw }]));
}

/** An element that is to be executed. */
export interface QueuedElement {
  readonly index: number;
  readonly raw: string;
  /** Hash of the deposit transaction on L2. */
  readonly depositHash: string;
  /** On L1. */
  readonly blockNumber: number;
  readonly blockHash: string;
  /** When it was last handed to L2, milliseconds; 0 before the first time. */
  readonly sentAt: number;
}

/** The next elements to execute: in order, without a gap. */
export async function nextQueueElements(db: Database, routeId: number, limit: number): Promise<QueuedElement[]> {
  const last = await db
    .selectFrom('queueElements')
    .select('queueIndex')
    .where('routeId', '=', routeId)
    .where('executed', '=', 1)
    .orderBy('queueIndex', 'desc')
    .limit(1)
    .executeTakeFirst();
  const first = last === undefined ? 0 : last.queueIndex + 1;
  const rows = await db
    .selectFrom('queueElements')
    .select(['queueIndex', 'raw', 'depositHash', 'blockNumber', 'blockHash', 'sentAt'])
    .where('routeId', '=', routeId)
    .where('queueIndex', '>=', first)
    .where('orphaned', '=', 0)
    .orderBy('queueIndex')
    .limit(limit)
    .execute();
  const gap = rows.findIndex(({ queueIndex }, position) => queueIndex !== first + position);
  return rows.slice(0, gap === -1 ? rows.length : gap).map(({ queueIndex, blockNumber, sentAt, ...bytes }) => ({
    index: queueIndex,
    blockNumber,
    sentAt,
    raw: toHex(bytes.raw),
    depositHash: toHex(bytes.depositHash),
    blockHash: toHex(bytes.blockHash),
  }));
}

/**
 * Records that elements are being handed to L2, before they are: from then on L1 must not replace them.
 * @returns those that still are what L1 has
 */
export async function markSent(
  db: Database,
  routeId: number,
  { elements, sentAt }: { readonly elements: readonly QueuedElement[]; readonly sentAt: number },
): Promise<QueuedElement[]> {
  const sent: QueuedElement[] = [];
  for (const element of elements) {
    const { numUpdatedRows } = await db
      .updateTable('queueElements')
      .set({ sentAt })
      .where('routeId', '=', routeId)
      .where('queueIndex', '=', element.index)
      .where('depositHash', '=', toBytes(element.depositHash))
      .where('orphaned', '=', 0)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) break;
    sent.push(element);
  }
  return sent;
}

/** Elements of the queue that were executed, as far as the store knows: all before this one. */
export async function countExecuted(db: Database, routeId: number): Promise<number> {
  const { last } = await db
    .selectFrom('queueElements')
    .select(({ fn }) => fn.max('queueIndex').as('last'))
    .where('routeId', '=', routeId)
    .where('executed', '=', 1)
    .executeTakeFirstOrThrow();
  return ((last as number | null) ?? -1) + 1;
}

/** An element that L2 has executed. */
export interface Execution {
  readonly index: number;
  /** The L2 block that it is in; null for one that no state of L2 lets be executed. */
  readonly block: { readonly number: number; readonly hash: string } | null;
}

/** Records that L2 has executed elements. */
export async function markExecuted(db: Database, routeId: number, executions: readonly Execution[]): Promise<void> {
  const byBlock = Map.groupBy(executions, ({ block }) => block?.hash);
  for (const some of byBlock.values()) {
    const block = some[0]?.block ?? null;
    const place = { executedIn: block?.number ?? null, executedHash: block === null ? null : toBytes(block.hash) };
    await db
      .updateTable('queueElements')
      .set({ executed: 1, ...place })
      .where('routeId', '=', routeId)
      .where(
        'queueIndex',
        'in',
        some.map(({ index }) => index),
      )
      .execute();
  }
}

/** A deposit that a reorganisation of L2 can still undo. */
export interface UnfinalDeposit {
  readonly index: number;
  readonly depositHash: string;
  /** Number of the L2 block that it is in. */
  readonly executedIn: number;
}

/** The last deposits, the newest first, that are in L2 blocks above a number. */
export async function unfinalDeposits(
  db: Database,
  routeId: number,
  { finalNumber, limit }: { readonly finalNumber: number; readonly limit: number },
): Promise<UnfinalDeposit[]> {
  const rows = await db
    .selectFrom('queueElements')
    .select(['queueIndex as index', 'depositHash', 'executedIn'])
    .where('routeId', '=', routeId)
    .where('executed', '=', 1)
    .where('executedIn', '>', finalNumber)
    .orderBy('queueIndex', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ index, depositHash, executedIn }) => {
    return { index, depositHash: toHex(depositHash), executedIn: executedIn ?? 0 };
  });
}

/**
 * L2 has dropped its blocks above a number, and with them what it had executed there: it is to be executed again. What comes after that
 * is looked at again, too: some of it can be in the blocks that came instead.
 */
export async function markUnexecutedAbove(db: Database, chainId: number, number: number): Promise<void> {
  const dropped = await db
    .selectFrom('queueElements')
    .innerJoin('routes', 'routes.id', 'queueElements.routeId')
    .select(['routeId', ({ fn }) => fn.min<number>('queueIndex').as('first')])
    .where('destinationChainId', '=', chainId)
    .where('executedIn', '>', number)
    .groupBy('routeId')
    .execute();
  for (const { routeId, first } of dropped) {
    const after = db.updateTable('queueElements').where('routeId', '=', routeId).where('queueIndex', '>=', first);
    await after.set({ sentAt: 0 }).where('executedIn', '>', number).execute();
    await markUnexecutedFrom(db, routeId, first);
  }
}

/**
 * Lets elements from an index on be executed again, unless L2 says that it has them. That they were handed over stays known: an endpoint
 * that lacks them can be behind the one that has them.
 */
export async function markUnexecutedFrom(db: Database, routeId: number, first: number): Promise<void> {
  await db
    .updateTable('queueElements')
    .set({ executed: 0, executedIn: null, executedHash: null })
    .where('routeId', '=', routeId)
    .where('queueIndex', '>=', first)
    .execute();
}

/** Records that all elements in blocks that cannot be dropped any more are L2's own to execute, as its node derives them. */
export async function markDerived(db: Database, routeId: number, finalNumber: number): Promise<void> {
  await db
    .updateTable('queueElements')
    .set({ executed: 1 })
    .where('routeId', '=', routeId)
    .where('executed', '=', 0)
    .where('orphaned', '=', 0)
    .where('blockNumber', '<=', finalNumber)
    .execute();
}

/** Up to which blocks nothing can be dropped any more: of the chain that has the queue, and of the one that executes it. */
export interface FinalNumbers {
  readonly l1: number;
  readonly l2: number;
}

/** Forgets elements that are settled, and that neither chain can drop any more; the last of them says where to go on. */
export async function forgetExecuted(db: Database, routeId: number, final: FinalNumbers): Promise<void> {
  await db
    .deleteFrom('queueElements')
    .where('routeId', '=', routeId)
    .where('blockNumber', '<=', final.l1)
    .where('executedHash', 'is', null)
    .where('queueIndex', '<', (query) =>
      query
        .selectFrom('queueElements')
        .select(({ fn }) => fn.max<number>('queueIndex').as('last'))
        .where('routeId', '=', routeId)
        .where('executed', '=', 1)
        .where((where) => where.or([where('executedIn', 'is', null), where('executedIn', '<=', final.l2)])),
    )
    .execute();
}
