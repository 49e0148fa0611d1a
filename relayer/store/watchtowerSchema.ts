import type { Generated } from 'kysely';

import type { Bytes, Event, Flag } from './columns.ts';

/** What the watchtower thinks of a state batch, from when it is read until the answer is final. */
export interface BatchCheckTable {
  readonly batchEventId: number;
  readonly routeId: number;
  /** `missing`: our own L2 nodes do not have all of its blocks. */
  readonly verdict: Generated<'open' | 'agrees' | 'missing' | 'differs'>;
  /** Of its last L2 block, when it was found to agree. */
  readonly lastBlockHash: Bytes | null;
  /** The first L2 block that differs, or that can: see `detail`. */
  readonly firstBlock: number | null;
  readonly detail: string | null;
  /** Whether it is to be deleted: all L2 nodes of ours deny it, and its blocks are final there. */
  readonly condemned: Generated<Flag>;
  /** Milliseconds. */
  readonly nextCheckAt: Generated<number>;
}

/** The leaves of state batches, where they are known, until the check of the batch is over. */
export interface BatchLeavesTable {
  readonly routeId: number;
  readonly batchRoot: Bytes;
  /** Position of the element after the last. */
  readonly end: number;
  /** State roots, 32 bytes each. */
  readonly leaves: Bytes;
}

/** The deposits that L2 must execute, until they have been seen there and the element is final. */
export interface ExpectedDepositTable extends Event {
  readonly routeId: number;
  readonly queueIndex: number;
  /** Of the transaction on L2. */
  readonly depositHash: Bytes;
  /** Whether it may be passed over: it takes more than it mints, which the sender may not have. */
  readonly canLapse: Flag;
  /** Of the transaction that was seen on L2, once it was. */
  readonly matchedHash: Bytes | null;
}

/** How far L2's deposits were compared with the queue. */
export interface DepositCheckTable {
  readonly routeId: number;
  /** The last L2 block of which all is right. */
  readonly blockNumber: number;
  /** Index of the element that is to come next. */
  readonly nextIndex: number;
  /** Why the check does not go on at the block after it. */
  readonly held: 'waiting' | 'early' | 'unexpected' | null;
  /** The deposit in question. */
  readonly heldHash: Bytes | null;
  /** Its L2 block. */
  readonly heldBlock: number | null;
  /** Milliseconds. */
  readonly heldSince: number | null;
  readonly detail: string | null;
}
