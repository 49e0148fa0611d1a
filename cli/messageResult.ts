import type { MessageState } from '../sdk/actions/getStatus.ts';
import type { LaneMessage } from '../sdk/chain/messages.ts';
import { formatDuration, formatTime } from './format.ts';
import type { Result } from './output.ts';

/** Characters of a hash that tell it from others in a list. */
const SHORT_HASH = 10;

/** Where a message stands, as every command prints it. */
export function statusResult({ messageHash, fromChain }: LaneMessage, state: MessageState): Required<Result> {
  const { status, sentAt, readyAt, relayTransactionHash, batchSize, failureReason } = state;
  const left = remaining(state);
  return {
    values: {
      messageHash,
      fromChain,
      status,
      sentAt: Number(sentAt),
      readyAt: readyAt === undefined ? undefined : Number(readyAt),
      relayTransactionHash,
      batchSize,
      failureReason,
    },
    texts: {
      sentAt: formatTime(sentAt),
      ...(relayTransactionHash !== undefined && { relayedBy: formatRelay(relayTransactionHash, batchSize) }),
      ...(readyAt !== undefined && { readyAt: `${formatTime(readyAt)}${left === undefined ? '' : `, in ${left}`}` }),
    },
  };
}

/** How long the fraud-proof window is still open; undefined where it is not. */
export function remaining({ status, readyAt, l1Timestamp }: MessageState): string | undefined {
  return status === 'in-challenge-period' && readyAt !== undefined ? formatDuration(readyAt - l1Timestamp) : undefined;
}

/** `0x12345678…`, and of a batch how many messages it was for: `0x12345678… (100)`. */
function formatRelay(transactionHash: string, batchSize = 1): string {
  const short = `${transactionHash.slice(0, SHORT_HASH)}…`;
  return batchSize > 1 ? `${short} (${batchSize})` : short;
}
