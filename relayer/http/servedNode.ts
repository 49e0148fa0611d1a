import type { JsonRpcProvider } from 'ethers';

import type { Deployment, Side } from '../../sdk/core/deployment.ts';
import type { Role } from '../lanes/rollup/config.ts';
import type { Progress } from '../telemetry/progress.ts';
import type { Redact } from '../telemetry/redact.ts';
import type { NodeState } from '../replica.ts';
import type { Store } from '../store/store.ts';

/** A direction of the lane, as it is shown. */
export interface ServedRoute {
  /** In the store. */
  readonly id: number;
  /** Such as `901 -> 900`. */
  readonly name: string;
  readonly from: Side;
  readonly sourceChainId: number;
  readonly destinationChainId: number;
}

/** An account of the node. */
export interface ServedSigner {
  readonly chainId: number;
  readonly address: string;
}

/** What a node shows to the outside. Nothing of it is a secret, and nothing can be changed through it. */
export interface ServedNode {
  readonly lane: Deployment;
  readonly roles: readonly Role[];
  readonly store: Store;
  readonly routes: readonly ServedRoute[];
  readonly signers: readonly ServedSigner[];
  readonly progress: Progress;
  /** Wei that a signer may pay in a day; undefined where that has no limit. */
  readonly maxSpendPerDay: bigint | undefined;
  /** Milliseconds without progress after which the node is not ready. */
  readonly stuckAfter: number;
  /** Whether this process acts for the lane, or stands by until another one ends. */
  readonly state: () => NodeState;
  /** Takes secrets out of what is answered. */
  readonly redact: Redact;
  /** Where the signers' balances are asked for; undefined while it stands by. */
  readonly l1: () => JsonRpcProvider | undefined;
}
