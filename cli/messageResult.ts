import type { MessageState } from '../sdk/actions/getStatus.ts';
import type { LaneMessage } from '../sdk/chain/messages.ts';
import { formatTime } from '../sdk/chain/time.ts';
import { formatDuration } from './format.ts';
import type { TextResult } from './output.ts';

/** Column of the transaction of a message's latest attempt, and of how many messages that attempted. */
export const RELAYED_BY = 'relayedBy (messages)';

/** Where a message stands, as every command prints it. */
export function statusResult(
  { messageHash, transactionHash, fromChain }: LaneMessage,
  state: MessageState,
): TextResult {
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

/** A transaction's hash, and of a batch how many messages it was for: `0x... (100)`. */
export function formatRelay(transactionHash: string, batchSize = 1): string {
  return batchSize > 1 ? `${transactionHash} (${batchSize})` : transactionHash;
}
