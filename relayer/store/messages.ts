import type { Selectable } from 'kysely';

import type { SentMessage } from '../../sdk/chain/logs.ts';
import { decodeNonce, encodeNonce, type Message } from '../../sdk/core/message.ts';
import { toAddress, toBytes, toHex } from './bytes.ts';
import { positionColumns, type EventSource } from './events.ts';
import type { Database, MessageStage, MessageTable } from './schema.ts';

/** A message that is not delivered yet. */
export interface PendingMessage {
  /** In the store. */
  readonly id: number;
  readonly messageHash: string;
  readonly message: Message;
  /** Block it was sent in. */
  readonly blockNumber: number;
  /** Hex; of a proven message. */
  readonly proof: string | undefined;
  /** Times it was set aside. */
  readonly tries: number;
}

/** Records messages that were sent. One that a reorganisation had dropped comes back as it was. */
export async function recordSent(db: Database, source: EventSource, sent: readonly SentMessage[]): Promise<void> {
  for (const { message, messageHash, ...event } of sent) {
    const position = positionColumns(source, event);
    await db
      .insertInto('messages')
      .values({
        routeId: source.routeId,
        messageHash: toBytes(messageHash),
        counter: Number(decodeNonce(message.nonce).counter),
        sender: toBytes(message.sender),
        target: toBytes(message.target),
        value: message.value.toString(),
        gasLimit: message.gasLimit.toString(),
        data: toBytes(message.data),
        stage: 'sent',
        ...position,
      })
      .onConflict((conflict) => conflict.columns(['routeId', 'messageHash']).doUpdateSet(position))
      .execute();
  }
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
    .select('proof')
    .where('routeId', '=', routeId)
    .where('stage', '=', stage)
    .where('orphaned', '=', 0)
    .where('nextTryAt', '<=', now)
    .$if(readyBy !== undefined, (query) => query.where('readyAt', '<=', readyBy ?? 0))
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('deliveries')
            .select('deliveries.id')
            .whereRef('deliveries.routeId', '=', 'messages.routeId')
            .whereRef('deliveries.messageHash', '=', 'messages.messageHash')
            .where('deliveries.orphaned', '=', 0),
        ),
      ),
    )
    .orderBy('blockNumber')
    .orderBy('logIndex')
    .limit(limit)
    .execute();
  return rows.map(toPending);
}

function toPending(row: Selectable<MessageTable> & { readonly proof: Uint8Array | null }): PendingMessage {
  const message = {
    nonce: encodeNonce(BigInt(row.counter)),
    sender: toAddress(row.sender),
    target: toAddress(row.target),
    value: BigInt(row.value),
    gasLimit: BigInt(row.gasLimit),
    data: toHex(row.data),
  };
  const { id, blockNumber, tries } = row;
  const proof = row.proof === null ? undefined : toHex(row.proof);
  return { id, messageHash: toHex(row.messageHash), message, blockNumber, proof, tries };
}

/** What was proven of a message. */
export interface ProvenMessage {
  readonly id: number;
  /** Hex, in the form that the route's submitter takes. */
  readonly proof: string;
  /** First timestamp of the destination, seconds, at which it can be delivered. */
  readonly readyAt: number;
  /** The event of the state batch that it rests on. */
  readonly batchEventId: number;
}

/** `sent -> proven`. */
export async function markProven(db: Database, proven: readonly ProvenMessage[]): Promise<void> {
  for (const { id, proof, readyAt, batchEventId } of proven) {
    const { numUpdatedRows } = await db
      .updateTable('messages')
      .set({ stage: 'proven', readyAt, batchEventId, parkedReason: null, nextTryAt: 0 })
      .where('id', '=', id)
      .where('stage', '=', 'sent')
      .executeTakeFirst();
    // Somebody else may have relayed it meanwhile.
    if (numUpdatedRows === 1n) {
      await db
        .insertInto('proofs')
        .values({ messageId: id, proof: toBytes(proof) })
        .execute();
    }
  }
}

/** `proven -> submitted`, in the transaction that stores the signed one. */
export async function markSubmitted(db: Database, id: number, transactionId: number): Promise<void> {
  await db
    .updateTable('messages')
    .set({ stage: 'submitted', transactionId, parkedReason: null })
    .where('id', '=', id)
    .execute();
}

/** Sets a message aside, with the reason and the time, milliseconds, of the next try. */
export async function park(
  db: Database,
  id: number,
  parked: { readonly reason: string; readonly nextTryAt: number },
): Promise<void> {
  await db
    .updateTable('messages')
    .set(({ eb }) => ({ parkedReason: parked.reason, nextTryAt: parked.nextTryAt, tries: eb('tries', '+', 1) }))
    .where('id', '=', id)
    .execute();
}

/** `proven -> sent`: the proof no longer holds. */
export async function withdrawProof(db: Database, id: number): Promise<void> {
  await db
    .updateTable('messages')
    .set({ stage: 'sent', readyAt: null, batchEventId: null })
    .where('id', '=', id)
    .where('stage', '=', 'proven')
    .execute();
  await db.deleteFrom('proofs').where('messageId', '=', id).execute();
}

/**
 * `submitted -> proven` for messages whose transaction came to nothing, for good. They are looked at again after a while:
 * most often somebody else was faster, which their delivery will tell.
 */
export async function reopenFailedSubmissions(db: Database, routeId: number, nextTryAt: number): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('messages')
    .set(({ eb }) => ({
      stage: 'proven' as const,
      transactionId: null,
      parkedReason: 'transaction-reverted',
      nextTryAt,
      tries: eb('tries', '+', 1),
    }))
    .where('routeId', '=', routeId)
    .where('stage', '=', 'submitted')
    .where('transactionId', 'in', (query) =>
      query
        .selectFrom('transactions')
        .select('transactions.id')
        .where((where) =>
          where.or([
            where('transactions.stage', '=', 'replaced'),
            where.and([where('transactions.stage', '=', 'final'), where('transactions.reverted', '=', 1)]),
          ]),
        ),
    )
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
