import { tryAgain } from '../../relayer/tryAgain.ts';
import type { WaitCode, Why } from '../../relayer/why.ts';
import type { MessageClocks } from '../../sdk/actions/getClocks.ts';
import type { MessageState } from '../../sdk/actions/getStatus.ts';
import type { LaneMessage } from '../../sdk/chain/messages.ts';
import { formatTime } from '../../sdk/chain/time.ts';
import { formatDuration } from '../format.ts';

/** What both chains and the node say of a message. */
export interface Words {
  readonly sent: LaneMessage;
  readonly state: MessageState;
  readonly clocks: MessageClocks;
  /** The node's; undefined where it is not at hand, or does not know the message. */
  readonly why: Why | undefined;
  /** What fails in the node that runs, a sentence each. */
  readonly failing: readonly string[];
}

/** What the node says that the chains cannot: why it does not do what it could do. */
const OWN: ReadonlySet<WaitCode> = new Set([
  'halted',
  'parked',
  'transaction-pending',
  'transaction-not-final',
  'delivery-not-final',
  'not-proven',
  'next-pass',
  'source-not-final',
  'queued',
]);

/** In one line what a message waits for, and until when; or what came of it. */
export function verdictOf({ sent, state, clocks, why, failing }: Words): string {
  const chains = chainsVerdict(sent, state, clocks);
  if (state.status === 'relayed' || state.status === 'failed') return chains;
  return withNode(chains, { why, failing });
}

/** What the chains say, and what the node adds. */
export function withNode(chains: string, { why, failing }: Pick<Words, 'why' | 'failing'>): string {
  const own = why === undefined || !OWN.has(why.code) ? '' : `. The node: ${why.text}`;
  return `${chains}${own}${failing.length === 0 ? '' : `${own === '' ? '.' : ''} In the node ${failing.join('; ')}`}`;
}

function chainsVerdict(sent: LaneMessage, state: MessageState, clocks: MessageClocks): string {
  const { status, readyAt = 0n, l1Timestamp, relayTransactionHash, failureReason, failureData = '0x', sentAt } = state;
  const { messageHash, blockNumber, fromChain } = sent;
  const since = formatTime(readyAt);
  const by = relayTransactionHash === undefined ? '' : ` by transaction ${relayTransactionHash}`;
  switch (status) {
    case 'relayed':
      return `delivered${by}`;
    case 'failed':
      return `tried${by}, and its target refused it: ${failureReason ?? 'without a reason'}; ${tryAgain(`xdm relayMessage ${messageHash}`, failureData)}`;
    case 'in-challenge-period': {
      const paused = clocks.isPaused ? '; relaying on L1 is paused, too' : '';
      return `waits for the fraud-proof window, ${formatDuration(readyAt - l1Timestamp)} left, ready at ${since}${paused}`;
    }
    case 'state-root-not-published':
      return `waits for a state batch that covers L2 block ${blockNumber}: the next one begins at block ${clocks.nextBlock ?? 'unknown'}`;
    case 'ready-for-relay':
      return clocks.isPaused
        ? `could be delivered since ${since}, but relaying on L1 is paused: the owner ends that`
        : `can be delivered since ${since}, by the node or by anybody: xdm relayMessage ${messageHash}`;
    case 'unconfirmed':
      if (sentAt === 0n) return `block ${blockNumber}, in which it was sent, was dropped by ${fromChain.toUpperCase()}`;
      return `waits until L2 has executed element ${clocks.queueIndex ?? ''} of the queue, which has ${clocks.queueLength ?? ''}`;
    default:
      return status;
  }
}
