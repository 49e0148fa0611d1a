import { sql, type Selectable } from 'kysely';

import type { SentMessage } from '../../sdk/chain/logs.ts';
import { decodeNonce, encodeNonce, type Message } from '../../sdk/core/message.ts';
import { PARK_MAX_MS } from '../backoff.ts';
import type { ParkedReason } from '../parkedReasons.ts';
import { toAddress, toBytes, toHex } from './bytes.ts';
import { INSERTED_POSITION, positionColumns, type EventSource } from './events.ts';
import { recordHistory } from './history.ts';
import { chunksOf, listed, rowsAtATime } from './listed.ts';
import { beforeSent } from './sentHistory.ts';
import { isUndelivered } from './undelivered.ts';
import type { Database, MessageStage, MessageTable } from './schema.ts';

/** A message that is not delivered yet. */
export interface PendingMessage {
  /** In the store. */
  readonly id: number;
  readonly messageHash: string;
  readonly message: Message;
  /** Block it was sent in. */
  readonly blockNumber: number;
  /** Of its own proof; 0 where it has none. */
  readonly proofBytes: number;
  /** Times it was set aside. */
  readonly tries: number;
  /** Why it was set aside last. */
  readonly parkedReason: ParkedReason | null;
}

/** Records messages that were sent. One that a reorganisation had dropped comes back as it was. */
export async function recordSent(db: Database, source: EventSource, sent: readonly SentMessage[]): Promise<void> {
  if (sent.length === 0) return;
  const noteSent = await beforeSent(db, source.routeId);
  const recorded: number[] = [];
  for (const some of rowsAtATime(sent)) {
    const rows = await db
      .insertInto('messages')
      .values(some.map((event) => sentRow(source, event)))
      .onConflict((conflict) => conflict.columns(['routeId', 'messageHash']).doUpdateSet(INSERTED_POSITION))
      .returning('id')
      .execute();
    recorded.push(...rows.map(({ id }) => id));
  }
  await noteSent(recorded);
}

function sentRow(source: EventSource, { message, messageHash, ...event }: SentMessage) {
  return {
    routeId: source.routeId,
    messageHash: toBytes(messageHash),
    counter: Number(decodeNonce(message.nonce).counter),
    sender: toBytes(message.sender),
    target: toBytes(message.target),
    value: message.value.toString(),
    gasLimit: message.gasLimit.toString(),
    data: toBytes(message.data),
    stage: 'sent' as const,
    ...positionColumns(source, event),
  };
}

export interface DueOptions {
  /** Milliseconds. */
  readonly now: number;
  readonly limit: number;
  /** Only messages that the destination takes at this timestamp, seconds. */
  readonly readyBy?: number;
}

/** Messages of a stage that are to be looked at now, the oldest first. One that was delivered is not among them. */
export async function dueMessages(
  db: Database,
  routeId: number,
  stage: MessageStage,
  { now, limit, readyBy }: DueOptions,
): Promise<PendingMessage[]> {
  const rows = await db
    .selectFrom('messages')
    .leftJoin('proofs', 'proofs.messageId', 'messages.id')
    .selectAll('messages')
    .select(sql<number>`coalesce(length("proof"), 0)`.as('proofBytes'))
    .where('routeId', '=', routeId)
    .where('stage', '=', sql.lit(stage))
    .where('orphaned', '=', 0)
    // None waits longer than the longest wait: the clock was set back meanwhile.
    .where((where) => where.or([where('nextTryAt', '<=', now), where('nextTryAt', '>', now + PARK_MAX_MS)]))
    // An expression: an index on the time would give them in another order than they are worked on.
    .$if(readyBy !== undefined, (query) => query.where(sql<number>`"readyAt" + 0`, '<=', readyBy ?? 0))
    .where(isUndelivered)
    .orderBy('messages.blockNumber')
    .orderBy('logIndex')
    .limit(limit)
    .execute();
  return rows.map(toPending);
}

function toPending(row: Selectable<MessageTable> & { readonly proofBytes: number }): PendingMessage {
  const message = {
    nonce: encodeNonce(BigInt(row.counter)),
    sender: toAddress(row.sender),
    target: toAddress(row.target),
    value: BigInt(row.value),
    gasLimit: BigInt(row.gasLimit),
    data: toHex(row.data),
  };
  const { id, blockNumber, proofBytes, tries, parkedReason } = row;
  return { id, messageHash: toHex(row.messageHash), message, blockNumber, proofBytes, tries, parkedReason };
}

/** A proven message's proof, hex; undefined where it was withdrawn. */
export async function readProof(db: Database, id: number): Promise<string | undefined> {
  const row = await db.selectFrom('proofs').select('proof').where('messageId', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toHex(row.proof);
}

/** What was proven of a message. */
export interface ProvenMessage {
  readonly id: number;
  /** Hex, in the form that the route's submitter takes. */
  readonly proof: string;
  /** First timestamp of the destination, seconds, at which it can be delivered. */
  readonly readyAt: number;
  /** Block of the source chain whose state the proof is of. */
  readonly blockNumber: number;
  /** The event of the state batch that it rests on; null where it rests on none. */
  readonly batchEventId: number | null;
}

/** `sent -> proven`. Somebody else may have relayed one meanwhile, or a reorganisation have dropped it. */
export async function markProven(db: Database, proven: readonly ProvenMessage[]): Promise<void> {
  const marked: number[] = [];
  for (const { readyAt, batchEventId, messages } of byGround(proven)) {
    for (const some of rowsAtATime(messages)) {
      const ids = some.map(({ id }) => id);
      const rows = await db
        .updateTable('messages')
        .set({ stage: 'proven', readyAt, batchEventId, parkedReason: null, nextTryAt: 0, tries: 0 })
        .where('id', 'in', listed(ids))
        .where('stage', '=', 'sent')
        .where('orphaned', '=', 0)
        .returning('id')
        .execute();
      const updated = new Set(rows.map(({ id }) => id));
      const proofs = some
        .filter(({ id }) => updated.has(id))
        .map(({ id, blockNumber, proof }) => ({ messageId: id, blockNumber, proof: toBytes(proof) }));
      if (proofs.length > 0) await db.insertInto('proofs').values(proofs).execute();
      marked.push(...updated);
    }
  }
  await recordHistory(db, marked, { event: 'proven' });
}

/** Those that are recorded alike: they rest on the same batch, if on any, and can be delivered from the same time on. */
function byGround(proven: readonly ProvenMessage[]) {
  const groups = Map.groupBy(proven, ({ batchEventId, readyAt }) => `${batchEventId} ${readyAt}`);
  return [...groups.values()].flatMap((messages) => {
    const [first] = messages;
    return first === undefined ? [] : [{ batchEventId: first.batchEventId, readyAt: first.readyAt, messages }];
  });
}

/**
 * `proven -> submitted`, in the transaction that stores the signed one.
 * @returns those that are: one may have been delivered meanwhile, or its proof withdrawn
 */
export async function markSubmitted(
  db: Database,
  ids: readonly number[],
  transactionId: number,
): Promise<readonly number[]> {
  const marked: number[] = [];
  for (const some of chunksOf(ids)) {
    const rows = await db
      .updateTable('messages')
      .set({ stage: 'submitted', transactionId, parkedReason: null })
      .where('id', 'in', listed(some))
      .where('stage', '=', 'proven')
      .where('orphaned', '=', 0)
      .returning('id')
      .execute();
    marked.push(...rows.map(({ id }) => id));
  }
  await recordHistory(db, marked, { event: 'submitted' });
  return marked;
}

interface Parked {
  readonly reason: ParkedReason;
  /** Milliseconds. */
  readonly nextTryAt: number;
  /** How often it was set aside by now; once more than before unless given. */
  readonly tries?: number;
}

/** Sets a message aside, with the reason and the time, milliseconds, of the next try. */
export async function park(db: Database, id: number, parked: Parked): Promise<void> {
  if (await postpone(db, id, parked)) await recordHistory(db, [id], { event: 'parked', reason: parked.reason });
}

async function postpone(db: Database, id: number, { reason, nextTryAt, tries }: Parked): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('messages')
    .set(({ eb }) => ({ parkedReason: reason, nextTryAt, tries: tries ?? eb('tries', '+', 1) }))
    .where('id', '=', id)
    .where('stage', 'in', ['sent', 'proven'])
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** `proven -> sent`: the proof no longer holds. */
export async function withdrawProof(db: Database, id: number): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('messages')
    .set({ stage: 'sent', readyAt: null, batchEventId: null })
    .where('id', '=', id)
    .where('stage', '=', 'proven')
    .executeTakeFirst();
  await db.deleteFrom('proofs').where('messageId', '=', id).execute();
  if (numUpdatedRows === 1n) await recordHistory(db, [id], { event: 'withdrawn' });
}

/** Withdraws proofs of the state of blocks above a number, which a reorganisation of the source chain has dropped. */
export async function withdrawProofsAbove(db: Database, chainId: number, number: number): Promise<void> {
  const rows = await db
    .selectFrom('proofs')
    .innerJoin('messages', 'messages.id', 'proofs.messageId')
    .select('messageId')
    .where('chainId', '=', chainId)
    .where('proofs.blockNumber', '>', number)
    .execute();
  for (const { messageId } of rows) await withdrawProof(db, messageId);
}

/** A message whose transaction came to nothing, for good. */
export interface FailedSubmission {
  readonly id: number;
  readonly tries: number;
  /** It reverted, another one of the account took the nonce, or it was a batch that ended before the message. */
  readonly outcome: 'reverted' | 'replaced' | 'left-out';
}

/**
 * Submitted messages whose transaction came to nothing for them.
 * @param settled the last block of the destination whose deliveries are settled
 */
export async function failedSubmissions(db: Database, routeId: number, settled: number): Promise<FailedSubmission[]> {
  const rows = await db
    .selectFrom('messages')
    .innerJoin('transactions', 'transactions.id', 'messages.transactionId')
    .select(['messages.id', 'tries', 'transactions.stage', 'reverted'])
    .where('routeId', '=', routeId)
    .where('messages.stage', '=', sql.lit('submitted'))
    .where((where) =>
      where.or([
        where('transactions.stage', '=', 'replaced'),
        where.and([where('transactions.stage', '=', 'final'), where('transactions.blockNumber', '<=', settled)]),
      ]),
    )
    .execute();
  return rows.map(({ id, tries, stage, reverted }) => {
    return { id, tries, outcome: stage === 'replaced' ? 'replaced' : reverted === 1 ? 'reverted' : 'left-out' };
  });
}

/** Messages that a transaction was to deliver. */
export async function submittedWith(
  db: Database,
  transactionId: number,
): Promise<{ readonly id: number; readonly tries: number }[]> {
  return await db
    .selectFrom('messages')
    .select(['id', 'tries'])
    .where('stage', '=', sql.lit('submitted'))
    .where('transactionId', '=', transactionId)
    .execute();
}

/** `submitted -> proven`, or `-> sent` where the proof was withdrawn meanwhile. Sets the message aside for a while. */
export async function reopen(db: Database, id: number, parked: Parked): Promise<void> {
  const proof = await db.selectFrom('proofs').select('messageId').where('messageId', '=', id).executeTakeFirst();
  const stage = proof === undefined ? ('sent' as const) : ('proven' as const);
  const { numUpdatedRows } = await db
    .updateTable('messages')
    .set({ stage, transactionId: null })
    .where('id', '=', id)
    .where('stage', '=', 'submitted')
    .executeTakeFirst();
  await postpone(db, id, parked);
  if (numUpdatedRows === 1n) await recordHistory(db, [id], { event: 'reopened', reason: parked.reason });
}
