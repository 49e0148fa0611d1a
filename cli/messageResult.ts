import type { MessageState } from '../sdk/actions/getStatus.ts';
import type { LaneMessage } from '../sdk/chain/messages.ts';
import { formatDuration, formatTime } from './format.ts';
import type { Result } from './output.ts';

/** Where a message stands, as every command prints it. */
export function statusResult({ messageHash, fromChain }: LaneMessage, state: MessageState): Required<Result> {
  const { status, sentAt, readyAt, relayTransactionHash, failureReason } = state;
  const left = remaining(state);
  return {
    values: {
      messageHash,
      fromChain,
      status,
      sentAt: Number(sentAt),
      readyAt: readyAt === undefined ? undefined : Number(readyAt),
      relayTransactionHash,
      failureReason,
    },
    texts: {
      sentAt: formatTime(sentAt),
      ...(readyAt !== undefined && { readyAt: `${formatTime(readyAt)}${left === undefined ? '' : `, in ${left}`}` }),
    },
  };
}

/** How long the fraud-proof window is still open; undefined where it is not. */
export function remaining({ status, readyAt, l1Timestamp }: MessageState): string | undefined {
  return status === 'in-challenge-period' && readyAt !== undefined ? formatDuration(readyAt - l1Timestamp) : undefined;
}
