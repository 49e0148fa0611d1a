import type { MessageState } from '../sdk/actions/getStatus.ts';
import type { LaneMessage } from '../sdk/chain/messages.ts';
import { formatTime } from '../sdk/chain/time.ts';
import { formatDuration } from './format.ts';
import type { Result } from './output.ts';

/** Characters of a hash that tell it from others in a list. */
const SHORT_HASH = 10;

/** Column of the transaction of a message's latest attempt, and of how many messages that attempted. */
export const RELAYED_BY = 'relayedBy (messages)';

/** Where a message stands, as every command prints it. */
export function statusResult(
  { messageHash, transactionHash, fromChain }: LaneMessage,
  state: MessageState,
): Required<Result> {
  const { status, sentAt, readyAt, isPaused, relayTransactionHash, batchSize, failureReason } = state;
  const left = remaining(state);
  return {
    values: {
      messageHash,
      transactionHash,
      fromChain,
      status,
      sentAt: Number(sentAt),
      readyAt: readyAt === undefined ? undefined : Number(readyAt),
      paused: isPaused,
      relayTransactionHash,
      batchSize,
      failureReason,
    },
    texts: {
      sentAt: formatTime(sentAt),
      ...(relayTransactionHash !== undefined && { [RELAYED_BY]: formatRelay(relayTransactionHash, batchSize) }),
      ...(readyAt !== undefined && { readyAt: `${formatTime(readyAt)}${left === undefined ? '' : `, in ${left}`}` }),
    },
  };
}

/** How long the fraud-proof window is still open; undefined where it is not. */
export function remaining({ status, readyAt, l1Timestamp }: MessageState): string | undefined {
  return status === 'in-challenge-period' && readyAt !== undefined ? formatDuration(readyAt - l1Timestamp) : undefined;
}

/** `0x12345678…`, and of a batch how many messages it was for: `0x12345678… (100)`. */
export function formatRelay(transactionHash: string, batchSize = 1): string {
  return batchSize > 1 ? `${shortHash(transactionHash)} (${batchSize})` : shortHash(transactionHash);
}

/** `0x12345678…` */
export function shortHash(hash: string): string {
  return `${hash.slice(0, SHORT_HASH)}…`;
}
