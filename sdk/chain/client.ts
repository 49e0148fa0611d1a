import type { JsonRpcProvider } from 'ethers';

import type { Deployment, Side } from '../core/deployment.ts';
import { XdmError } from '../core/errors.ts';
import { connect } from './rpc.ts';

/** A lane and a connection to each of its chains: what every action takes first. */
export interface LaneClient {
  readonly lane: Deployment;
  /** Provider of ethers; `l2` likewise. */
  readonly l1: JsonRpcProvider;
  readonly l2: JsonRpcProvider;
}

/** How to connect to a lane's chains. */
export interface ConnectLaneOptions {
  /** Instead of the deployment's. */
  readonly l1RpcUrl?: string | undefined;
  /** Instead of the deployment's. */
  readonly l2RpcUrl?: string | undefined;
  /** Longest wait for an endpoint's answer, milliseconds; 20,000 where it is not given. */
  readonly requestTimeout?: number | undefined;
}

/**
 * Connects to both chains of a lane. Close it with `disconnect`.
 * @throws {XdmError} `invalid-argument` without an endpoint, `rpc-unreachable`, `wrong-chain`
 */
export async function connectLane(lane: Deployment, options: ConnectLaneOptions = {}): Promise<LaneClient> {
  const l1Url = options.l1RpcUrl ?? lane.l1RpcUrl ?? noEndpoint('l1');
  const l2Url = options.l2RpcUrl ?? lane.l2RpcUrl ?? noEndpoint('l2');
  const timeout = options.requestTimeout;
  const [l1, l2] = await Promise.all([
    connect(l1Url, { name: 'L1', chainId: lane.l1ChainId, timeout }),
    connect(l2Url, { name: 'L2', chainId: lane.l2ChainId, timeout }),
  ]);
  return { lane, l1, l2 };
}

/** Ends both connections, so that the process can end. */
export function disconnect(client: LaneClient): void {
  client.l1.destroy();
  client.l2.destroy();
}

/** The other one of a lane's chains. */
export function otherSide(side: Side): Side {
  return side === 'l1' ? 'l2' : 'l1';
}

/**
 * Ends what cannot go on without an endpoint.
 * @throws {XdmError} `invalid-argument`
 */
export function noEndpoint(side: Side): never {
  throw new XdmError('invalid-argument', `no endpoint of ${side.toUpperCase()} is given`, {
    hint: `give one with --${side}-rpc-url`,
  });
}
