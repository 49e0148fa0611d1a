import type { LaneIdentity } from './message.ts';

/** A deployed lane: its identity, its other contracts, and what was fixed when it was deployed. */
export interface Lane extends LaneIdentity {
  /** The queue of L1-to-L2 transactions, on L1. */
  readonly canonicalTransactionChain: string;
  /** Where state batches are committed, on L1. */
  readonly stateCommitmentChain: string;
  /** Container of the state batches' hashes, on L1. */
  readonly batches: string;
  /** The outbox whose storage L1 verifies, on L2. */
  readonly messagePasser: string;
  /** Seconds a state batch can be deleted, and not be used. */
  readonly fraudProofWindow: bigint;
  /** L2 block whose state root is element 0 of the state-commitment chain. */
  readonly startBlock: bigint;
  /** Whether messages may carry ETH. */
  readonly valueEnabled: boolean;
}
