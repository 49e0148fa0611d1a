import { describeRevert } from '../../sdk/chain/reverts.ts';
import type { Json } from '../json.ts';
import { explainParked } from '../parkedReasons.ts';
import type { OpenAlarm } from '../store/alarms.ts';
import type { HistoryEntry, LaneEvent } from '../store/history.ts';
import type { MessageDetails } from '../store/messageDetails.ts';
import type { MessageRecord } from '../store/messageRecords.ts';
import type { StoredBatch } from '../store/stateBatches.ts';
import type { TransactionRecord } from '../store/transactionRecords.ts';
import { whyWaiting } from '../why.ts';
import type { ServedRoute } from './servedNode.ts';

/** Milliseconds as ISO 8601; null for no time. */
export function showTime(milliseconds: number | null | undefined): string | null {
  return milliseconds === null || milliseconds === undefined || milliseconds === 0
    ? null
    : new Date(milliseconds).toISOString();
}

export function showMessage(message: MessageRecord, route: ServedRoute | undefined): Record<string, Json> {
  const { parkedReason, failureReason, readyAt, sent } = message;
  return {
    id: message.id,
    route: route?.name ?? null,
    from: route?.from ?? null,
    messageHash: message.messageHash,
    counter: message.counter,
    sender: message.sender,
    target: message.target,
    value: message.value.toString(),
    gasLimit: message.gasLimit.toString(),
    stage: message.stage,
    orphaned: message.isOrphaned,
    sentIn: { chainId: route?.sourceChainId ?? null, ...sent },
    readyAt: showTime(readyAt === null ? null : readyAt * 1000),
    parked:
      parkedReason === null
        ? null
        : {
            reason: parkedReason,
            text: explainParked(parkedReason),
            nextTryAt: showTime(message.nextTryAt),
            tries: message.tries,
          },
    relayTransactionHash: message.relayTransactionHash,
    failureReason: failureReason === null ? null : describeRevert(failureReason),
  };
}

/**
 * A message with all that is known of it, and why it stands where it does.
 * @param failing what fails in the node meanwhile, a sentence each
 */
export function showDetails(
  details: MessageDetails,
  route: ServedRoute | undefined,
  failing: readonly string[],
): Record<string, Json> {
  const { message, history, transactions, delivery, queue, batches } = details;
  const { code, text, until } = whyWaiting(details, Date.now());
  return {
    ...showMessage(message, route),
    why: { code, text, until: showTime(until), failing: code === 'delivered' || code === 'failed' ? [] : failing },
    history: history.map(showHistory),
    transactions: transactions.map(showTransaction),
    delivery: delivery === undefined ? null : { ...delivery, final: false },
    queue: queue === undefined ? null : { ...queue, handedAt: showTime(queue.handedAt) },
    batch: batches?.batch === undefined ? null : showBatch(batches.batch),
  };
}

function showHistory({ at, lastAt, id: _id, ...entry }: HistoryEntry): Record<string, Json> {
  return { ...entry, at: showTime(at), lastAt: showTime(lastAt) };
}

export function showEvent({ at, ...event }: LaneEvent, route: ServedRoute | undefined): Record<string, Json> {
  const { id, messageHash, event: what, reason, transactionHash } = event;
  const where = { route: route?.name ?? null, from: route?.from ?? null };
  return { id, at: showTime(at), event: what, ...where, messageHash, reason, transactionHash };
}

export function showTransaction({
  createdAt,
  attempts,
  paid,
  ...transaction
}: TransactionRecord): Record<string, Json> {
  return {
    ...transaction,
    paid: paid?.toString() ?? null,
    createdAt: showTime(createdAt),
    attempts: attempts.map(({ maxFeePerGas, maxPriorityFeePerGas, signedAt, broadcastAt, ...attempt }) => ({
      ...attempt,
      maxFeePerGas: maxFeePerGas.toString(),
      maxPriorityFeePerGas: maxPriorityFeePerGas?.toString() ?? null,
      signedAt: showTime(signedAt),
      broadcastAt: showTime(broadcastAt),
    })),
  };
}

export function showBatch(batch: StoredBatch): Record<string, Json> {
  return {
    batchIndex: batch.batchIndex.toString(),
    batchRoot: batch.batchRoot,
    batchSize: batch.batchSize.toString(),
    prevTotalElements: batch.prevTotalElements.toString(),
    committedAt: showTime(Number(batch.timestamp) * 1000),
  };
}

export function showAlarm({ kind, subject, message, halts, raisedAt }: OpenAlarm): Record<string, Json> {
  return { kind, subject, message, halts, raisedAt: showTime(raisedAt) };
}
