import type { JsonRpcProvider } from 'ethers';

import type { Deployment } from '../../../sdk/core/deployment.ts';
import type { Finality } from '../../route.ts';

/** A queue whose elements are executed here, because L2's node does not derive them itself. */
export interface SequencedQueue {
  /** The route that its messages take. */
  readonly routeId: number;
  readonly l1ChainId: number;
  readonly l2ChainId: number;
  readonly l1: JsonRpcProvider;
  readonly l2: JsonRpcProvider;
  readonly lane: Deployment;
  /** How final an element's L1 block must be: L2 would have to be wound back if it were dropped later. */
  readonly finality: Finality;
}
