import type { Side } from './deployment.ts';

/** Where a message can stand, in Optimism's words. */
export const MESSAGE_STATUSES = [
  /** Sent, and nothing more: from L1, its delivery has not been executed on L2. */
  'unconfirmed',
  /** From L2: no state batch covers its block yet. */
  'state-root-not-published',
  /** From L2: the fraud-proof window of its batch is open. */
  'in-challenge-period',
  /** From L2: anyone can relay it now. */
  'ready-for-relay',
  /** Delivered, for ever. */
  'relayed',
  /** Tried, and its target reverted; it can be tried again. */
  'failed',
] as const;

/** Where a message stands, see `MESSAGE_STATUSES`. */
export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

/** What the destination's messenger records of a message. */
export type DeliveryStatus = 'unattempted' | 'failed' | 'relayed';

/** What both chains say of a message: all that its status depends on. */
export interface MessageFacts {
  readonly fromChain: Side;
  /** Whether the transaction that sent it is in a block. */
  readonly isSent: boolean;
  readonly delivery: DeliveryStatus;
  /** From L2: L1 timestamp, seconds, of the state batch that covers its block, if there is one. */
  readonly batchTimestamp?: bigint | undefined;
  /** Seconds. */
  readonly fraudProofWindow: bigint;
  /** L1's timestamp, seconds, of a transaction sent now. */
  readonly l1Timestamp: bigint;
}

/** First L1 timestamp, seconds, at which a message from L2 can be relayed; undefined while no batch covers it. */
export function readyAt(facts: Pick<MessageFacts, 'batchTimestamp' | 'fraudProofWindow'>): bigint | undefined {
  return facts.batchTimestamp === undefined ? undefined : facts.batchTimestamp + facts.fraudProofWindow;
}

/** The status that follows from what both chains say. */
export function statusOf(facts: MessageFacts): MessageStatus {
  if (facts.delivery !== 'unattempted') return facts.delivery;
  if (facts.fromChain === 'l1' || !facts.isSent) return 'unconfirmed';
  const ready = readyAt(facts);
  if (ready === undefined) return 'state-root-not-published';
  return facts.l1Timestamp < ready ? 'in-challenge-period' : 'ready-for-relay';
}
