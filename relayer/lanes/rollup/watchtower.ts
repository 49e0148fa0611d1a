import type { JsonRpcProvider } from 'ethers';

import type { LaneClient } from '../../../sdk/chain/client.ts';
import type { Finality } from '../../route.ts';
import type { TransactionEngine } from '../../tx/engine.ts';

/** A lane that is watched for what others do to it. */
export interface WatchedLane {
  readonly client: LaneClient;
  /** The route from L1, whose queue L2 must execute. */
  readonly l1ToL2: number;
  /** The route from L2, whose messages rest on the state batches. */
  readonly l2ToL1: number;
  /** All of our own L2 nodes. */
  readonly l2Nodes: readonly JsonRpcProvider[];
  /** How final an element of the queue must be when L2 executes it. */
  readonly queueFinality: Finality;
  /** Hashes of deposits on L2 that the operator has looked at and lets pass. */
  readonly acceptedDeposits: readonly string[];
  /** Of the challenger, on L1, where batches are to be deleted from here. */
  readonly challenger?: TransactionEngine | undefined;
}
