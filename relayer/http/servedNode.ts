import type { JsonRpcProvider } from 'ethers';

import type { LaneSigner, NodeLane, NodeRoute } from '../lanes/nodeLane.ts';
import type { Progress } from '../telemetry/progress.ts';
import type { Redact } from '../telemetry/redact.ts';
import type { NodeState } from '../replica.ts';
import type { Store } from '../store/store.ts';

/** A direction of the lane, as it is shown. */
export interface ServedRoute extends NodeRoute {
  /** In the store. */
  readonly id: number;
  /** Such as `901 -> 900`. */
  readonly name: string;
}

/** What a node shows to the outside. Nothing of it is a secret, and nothing can be changed through it. */
export interface ServedNode {
  readonly lane: Pick<NodeLane, 'identity' | 'facts'>;
  readonly roles: readonly string[];
  readonly store: Store;
  readonly routes: readonly ServedRoute[];
  readonly signers: readonly LaneSigner[];
  readonly progress: Progress;
  /** Wei that a signer may pay in a day; undefined where that has no limit. */
  readonly maxSpendPerDay: bigint | undefined;
  /** Milliseconds without progress after which the node is not ready. */
  readonly stuckAfter: number;
  /** Whether this process acts for the lane, or stands by until another one ends. */
  readonly state: () => NodeState;
  /** Takes secrets out of what is answered. */
  readonly redact: Redact;
  /** Where the balances of a chain's signers are asked for; undefined while it stands by. */
  readonly providerOf: (chainId: number) => JsonRpcProvider | undefined;
}
