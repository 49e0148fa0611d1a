/** What stages have read of the store. */
interface Looked {
  readonly toProve: readonly number[];
  readonly toSubmit: readonly number[];
  readonly proofBlock: number;
  readonly batchEventId: number | undefined;
  readonly reorganisations: number;
}

/** What the chains are, beside what the store knows of them. */
export class World {
  l1 = 1;
  l2 = 1;
  l1Final = 0;
  l2Final = 0;
  fork = 0;
  /** Messages that L2 has now, and those that L1 has delivered, by their blocks. */
  readonly sent = new Map<number, number>();
  readonly relayed = new Map<number, number>();
  /** How many there were. */
  batches = 0;
  /** What the stages have read, and work on while the world goes on. */
  looked: Looked = { toProve: [], toSubmit: [], proofBlock: 0, batchEventId: undefined, reorganisations: 0 };
  /** Reorganisations of L2, in order: the block above which all was dropped. */
  readonly dropped: number[] = [];
}
