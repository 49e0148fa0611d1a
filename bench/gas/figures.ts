import type { Split } from './transactions.ts';

/** All that the benchmark has measured, gas where nothing else is said. */
export interface Figures {
  readonly states: readonly StateFigures[];
}

/** How large L2's state is. */
export interface StateSize {
  /** Accounts on L2 beside the lane's own and anvil's. */
  readonly accounts: number;
  /** Messages from L2 beside the two that fill the recorders' slots. */
  readonly messages: number;
}

/** Figures at one size of L2's state, for payloads of 132 bytes where nothing else is said. */
export interface StateFigures extends StateSize {
  readonly l1Send: Split;
  readonly l2Execution: Split;
  readonly l2Send: L2SendFigures;
  readonly stateBatches: readonly StateBatchFigures[];
  /** By state batches of 16 roots, and of 256. */
  readonly direct: Sampled;
  readonly directLargeBatch: Sampled;
  readonly root: Modelled;
  readonly path: Sampled;
  /** Of the newest messages, by their number. */
  readonly batches: readonly BatchFigures[];
  /** The largest of up to 100 messages. */
  readonly batch: BatchFigures & Split;
  /** Of up to 100 messages that are spread evenly over the tree. */
  readonly scattered: BatchFigures;
  readonly payloads: readonly PayloadFigures[];
}

/** Gas of sending from L2: each append to the tree costs something else. */
export interface L2SendFigures {
  /** Of 256 messages. */
  readonly average: number;
  /** One that follows. */
  readonly one: Split;
}

/** Gas of committing a state batch of so many roots. */
export interface StateBatchFigures {
  readonly roots: number;
  readonly gas: number;
}

/** A transaction's gas, and what the SDK's model says of it before it is built. */
export interface Modelled extends Split {
  readonly model: number;
}

/** Transactions that relay one message each. */
export interface Sampled {
  readonly samples: readonly { readonly gas: number; readonly model: number }[];
  /** The one with the median of the gas. */
  readonly median: Split;
}

/** Messages that are relayed in one transaction. */
export interface BatchFigures {
  readonly messages: number;
  /** Of the transaction. */
  readonly gas: number;
  readonly model: number;
  /** Gas limit that the SDK gives it. */
  readonly gasLimit: number;
}

/** Medians for payloads of so many bytes. */
export interface PayloadFigures {
  readonly bytes: number;
  readonly l1Send: number;
  readonly l2Execution: number;
  readonly l2Send: number;
  readonly direct: number;
  readonly path: number;
  /** A message's share in a batch of 20, the root proven; none where there are fewer messages. */
  readonly batch: number | null;
}

/** The numbers' median: of two that are in the middle the larger, so that it is always one of them. */
export function medianOf<T>(items: readonly T[], figure: (item: T) => number): T {
  const sorted = items.toSorted((a, b) => figure(a) - figure(b));
  const median = sorted[Math.floor(sorted.length / 2)];
  if (median === undefined) throw new RangeError('there is no median of nothing: measure at least one sample');
  return median;
}

/** Gas of each message of a batch, without the proof of its root. */
export function perMessage({ gas, messages }: Pick<BatchFigures, 'gas' | 'messages'>): number {
  return Math.round(gas / messages);
}

/** Gas of each message of a batch, with the proof of its root. */
export function perMessageWithRoot({ gas, messages }: Pick<BatchFigures, 'gas' | 'messages'>, root: number): number {
  return Math.round((gas + root) / messages);
}
