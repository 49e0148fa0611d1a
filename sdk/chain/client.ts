import type { JsonRpcProvider } from 'ethers';

import type { Deployment, Side } from '../core/deployment.ts';
import { XdmError } from '../core/errors.ts';
import type { Transport } from './endpoints/exchange.ts';
import type { EndpointObserver } from './endpoints/observer.ts';
import { connect } from './rpc.ts';
import { toXdmError } from './rpcErrors.ts';

/** A lane and a connection to each of its chains: what every action takes first. */
export interface LaneClient {
  readonly lane: Deployment;
  /** Provider of ethers; `l2` likewise. */
  readonly l1: JsonRpcProvider;
  readonly l2: JsonRpcProvider;
}

/** A lane and a connection to its L1 alone: for what must work while L2 stands still. */
export type L1Client = Pick<LaneClient, 'lane' | 'l1'>;

/** A lane and a connection to its L2 alone. */
export type L2Client = Pick<LaneClient, 'lane' | 'l2'>;

/** How to connect to a lane's chains. */
export interface ConnectLaneOptions {
  /** Instead of the deployment's: one URL, several with commas between them, or a list; the preferred first. */
  readonly l1RpcUrl?: string | readonly string[] | undefined;
  /** The same of L2. */
  readonly l2RpcUrl?: string | readonly string[] | undefined;
  /** Longest wait for an endpoint's answer, milliseconds; 20,000 where it is not given. */
  readonly requestTimeout?: number | undefined;
  /** Most requests a second to each endpoint; 0, which is the default, for as many as there are. */
  readonly rpcRequestsPerSecond?: number | undefined;
  /** Told what happens to calls of endpoints. */
  readonly observer?: EndpointObserver | undefined;
  /** Called with the method right before a request leaves, however long that has waited; what it throws ends the request. */
  readonly guard?: ((method: string) => void) | undefined;
  /** How requests travel: by `fetch` unless given. */
  readonly transport?: Transport | undefined;
}

/**
 * Connects to both chains of a lane. Close it with `disconnect`.
 * @throws {XdmError} `invalid-argument` without an endpoint, `rpc-unreachable`, `wrong-chain`
 */
export async function connectLane(lane: Deployment, options: ConnectLaneOptions = {}): Promise<LaneClient> {
  const [l1, l2] = await Promise.all([connectSide('l1', lane, options), connectSide('l2', lane, options)]);
  const client = { lane, l1, l2 };
  try {
    await Promise.all([verifyMessenger('l1', lane, l1), verifyMessenger('l2', lane, l2)]);
  } catch (error) {
    disconnect(client);
    throw toXdmError(error);
  }
  return client;
}

/**
 * Connects to a lane's L1, whatever L2 does. Close it with `client.l1.destroy()`.
 * @throws {XdmError} as `connectLane`
 */
export async function connectL1(
  lane: Deployment,
  options: Omit<ConnectLaneOptions, 'l2RpcUrl'> = {},
): Promise<L1Client> {
  return { lane, l1: await connectAlone('l1', lane, options) };
}

/**
 * Connects to a lane's L2, whatever L1 does. Close it with `client.l2.destroy()`.
 * @throws {XdmError} as `connectLane`
 */
export async function connectL2(
  lane: Deployment,
  options: Omit<ConnectLaneOptions, 'l1RpcUrl'> = {},
): Promise<L2Client> {
  return { lane, l2: await connectAlone('l2', lane, options) };
}

async function connectAlone(side: Side, lane: Deployment, options: ConnectLaneOptions): Promise<JsonRpcProvider> {
  const provider = await connectSide(side, lane, options);
  try {
    await verifyMessenger(side, lane, provider);
  } catch (error) {
    provider.destroy();
    throw toXdmError(error);
  }
  return provider;
}

async function connectSide(side: Side, lane: Deployment, options: ConnectLaneOptions): Promise<JsonRpcProvider> {
  const { requestTimeout: timeout, rpcRequestsPerSecond: requestsPerSecond, observer, guard, transport } = options;
  const means = { timeout, requestsPerSecond, observer, guard, transport };
  const url = options[`${side}RpcUrl`] ?? lane[`${side}RpcUrl`] ?? noEndpoint(side);
  return await connect(url, { name: side.toUpperCase(), chainId: lane[`${side}ChainId`], ...means });
}

/** What is sent to an address without code is lost, and the chain id of a chain that was started anew is the same. */
async function verifyMessenger(side: Side, lane: Deployment, provider: JsonRpcProvider): Promise<void> {
  const [address, chainId] = [lane[`${side}Messenger`], lane[`${side}ChainId`]];
  if ((await provider.getCode(address)) !== '0x') return;
  throw new XdmError('wrong-chain', `chain ${chainId} has no messenger at ${address}: the lane is not on this chain`, {
    hint: 'check the endpoint and the deployment file; a local chain that was started anew needs a new lane',
  });
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
