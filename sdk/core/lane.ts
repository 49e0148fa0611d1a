import type { LaneIdentity } from './message.ts';

/** A deployed lane: its identity, its other contracts, and what was fixed when it was deployed. */
export interface Lane extends LaneIdentity {
  readonly canonicalTransactionChain: string;
  readonly stateCommitmentChain: string;
  /** Container of the state batches' hashes. */
  readonly batches: string;
  readonly messagePasser: string;
  /** Seconds a state batch can be deleted, and not be used. */
  readonly fraudProofWindow: bigint;
  /** L2 block whose state root is element 0 of the state-commitment chain. */
  readonly startBlock: bigint;
  /** Whether messages may carry ETH. */
  readonly valueEnabled: boolean;
}
