import type { JsonRpcProvider } from 'ethers';

import type { NodeConfig } from '../../relayer/lanes/rollup/config.ts';
import type { Deployment } from '../../sdk/core/deployment.ts';
import type { EndpointFacts } from './endpointFacts.ts';

/** What checks of a lane work with: both chains, by an endpoint of each that is of use. */
export interface DoctorContext {
  readonly lane: Deployment;
  readonly config: NodeConfig;
  readonly l1: JsonRpcProvider;
  readonly l2: JsonRpcProvider;
  /** Of both chains. */
  readonly endpoints: readonly EndpointFacts[];
  /** Of this machine, seconds. */
  readonly now: number;
}
