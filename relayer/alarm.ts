/** What an operator is called for. */
export type AlarmKind =
  /** A chain has dropped a block that was final. */
  | 'deep-reorganisation'
  /** L1 has replaced an element of the queue that L2 has executed. */
  | 'queue-rewritten'
  /** A signer cannot pay for its transactions; the subject is the chain's id and its address. */
  | 'signer-unfunded'
  /** What a signer may spend in a day is spent, or committed; the subject is the same. */
  | 'spending-limit'
  /** A state batch is not what our own L2 node computes. */
  | 'false-state-batch'
  /** Our own L2 node does not have the blocks of a state batch, or does not answer, and half of the fraud-proof window is over. */
  | 'l2-data-missing'
  /** L2 has executed a deposit that is no element of the queue, or executed it before. */
  | 'unexpected-deposit'
  /** L2 has executed an element, and not one that comes before it; the subject is that one's index. */
  | 'skipped-deposit'
  /** L2 has executed an element that L1 can still drop. */
  | 'early-deposit'
  /** Two blocks of one height were vouched for to a light client; the subject is `OF on ON`, as chain ids. */
  | 'light-client-frozen'
  /** A light client was left alone for so long that it takes no update any more; the subject is the same. */
  | 'light-client-expired'
  /** It has less than a third of its trusting period left; the subject is the same. */
  | 'light-client-expiring'
  /** A message waits for a block that has long been final and that a light client is not brought; the subject is the same. */
  | 'light-client-late'
  /** A service reads by another light client than the deployment file names, or is announced to; the subject is the same. */
  | 'light-client-replaced'
  /** A light client knows a block by another hash than its chain's node; the subject is `OF on ON, block N`. */
  | 'light-client-contradicted';

/** Something that does not mend itself, or that nobody should miss while it does. */
export interface Alarm {
  readonly kind: AlarmKind;
  /** What it is about, such as a chain id or the index of a batch; with `kind` it is the alarm's identity. */
  readonly subject: string;
  /** What is wrong, with the values, and what to do. */
  readonly message: string;
  /**
   * Whether the lane stands still while it lasts: nothing is proven, relayed, committed or executed. One about a chain halts what goes
   * from and to that chain alone: see `haltsBetween`.
   */
  readonly halts: boolean;
}

/** Whether an alarm has messages between two chains stand still. */
export function haltsBetween(
  { halts, kind, subject }: Pick<Alarm, 'halts' | 'kind' | 'subject'>,
  chainIds: readonly number[],
): boolean {
  // What a chain has dropped says nothing of what others have.
  return halts && (!isOfOneChain(kind) || chainIds.includes(Number(subject)));
}

/** What stands still while an alarm lasts that halts, for people. */
export function whatHalts({ kind, subject }: Pick<Alarm, 'kind' | 'subject'>): string {
  return isOfOneChain(kind) ? `what goes from and to chain ${subject}` : 'the lane';
}

function isOfOneChain(kind: AlarmKind): boolean {
  return kind === 'deep-reorganisation';
}
