import { isCallException, ZeroAddress } from 'ethers';

import { XdmError } from '../../core/errors.ts';
import { findChain } from '../../core/omnichain/deployment.ts';
import { formatTime } from '../time.ts';
import { chainOf, type OmnichainClient } from './client.ts';
import { SERVICE_CALLS, serviceAt } from './contracts.ts';

/** What the owner of a service can have it do, apart from registering chains; `acceptOwnership` is for whoever it was offered to. */
export type OwnerAction =
  | { readonly kind: 'proposeLightClient'; readonly of: string | bigint; readonly lightClient: string }
  | { readonly kind: 'cancelLightClient'; readonly of: string | bigint }
  | { readonly kind: 'applyLightClient'; readonly of: string | bigint }
  | {
      readonly kind: 'setFee';
      readonly toChain: string | bigint;
      /** The zero address for the chain's own currency. */
      readonly feeToken: string;
      readonly perMessage: bigint;
      readonly perGas: bigint;
    }
  | { readonly kind: 'removeFee'; readonly toChain: string | bigint; readonly feeToken: string }
  | { readonly kind: 'acceptOwnership' };

/** A call without value, to be sent by an owner or to be proposed to a multisignature. */
export interface OwnerCall {
  readonly chainId: bigint;
  /** Name of the chain that it is made on. */
  readonly chain: string;
  readonly purpose: OwnerAction['kind'];
  /** Who has to make it. */
  readonly from: string;
  /** The service. */
  readonly to: string;
  /** Hex. */
  readonly data: string;
}

/**
 * The call of a service's owner that an action takes.
 * @param on name or id of the service's chain
 * @throws {XdmError} `invalid-argument` for a chain that is none of the lane's, `misconfigured` where ownership is not offered, and what
 * the endpoint throws
 */
export async function buildOwnerCall(
  client: OmnichainClient,
  on: string | bigint,
  action: OwnerAction,
): Promise<OwnerCall> {
  const { chainId, name, service, provider } = chainOf(client, on);
  const contract = serviceAt(service, provider);
  const from = await (action.kind === 'acceptOwnership' ? contract.pendingOwner() : contract.owner());
  if (from === ZeroAddress) {
    throw new XdmError('misconfigured', `the service ${service} on chain ${name} is offered to nobody`, {
      hint: `its owner is ${await contract.owner()}, who offers it with transferOwnership(address)`,
    });
  }
  const data = SERVICE_CALLS.encodeFunctionData(action.kind, argumentsOf(client, action));
  return { chainId, chain: name, purpose: action.kind, from, to: service, data };
}

/** What a message costs. */
export interface MessagePrice {
  readonly perMessage: bigint;
  readonly perGas: bigint;
}

/**
 * What a message to a chain costs; undefined where nobody can pay with the token.
 * @param feeToken the zero address for the chain's own currency
 * @throws {XdmError} `invalid-argument`, and what the endpoint throws
 */
export async function readFee(
  client: OmnichainClient,
  {
    on,
    toChain,
    feeToken,
  }: { readonly on: string | bigint; readonly toChain: string | bigint; readonly feeToken: string },
): Promise<MessagePrice | undefined> {
  const { service, provider } = chainOf(client, on);
  const contract = serviceAt(service, provider);
  const to = chainIdOf(client, toChain);
  try {
    const [perMessage] = await contract.getMessageFee(to, feeToken, 0n);
    const [withGas] = await contract.getMessageFee(to, feeToken, 1n);
    return { perMessage, perGas: withGas - perMessage };
  } catch (error) {
    if (isCallException(error) && error.revert?.name === 'FeeTable_NotPriced') return undefined;
    throw error;
  }
}

/** A light client that is announced for a chain. */
export interface ProposedLightClient {
  readonly address: string;
  /** Seconds: from when on it can be put in place. */
  readonly applicableFrom: bigint;
}

/**
 * The light client that is announced for a chain; undefined where none is.
 * @throws {XdmError} `invalid-argument`, and what the endpoint throws
 */
export async function readProposed(
  client: OmnichainClient,
  { on, of }: { readonly on: string | bigint; readonly of: string | bigint },
): Promise<ProposedLightClient | undefined> {
  const { service, provider } = chainOf(client, on);
  const [address, applicableFrom] = await serviceAt(service, provider).proposedLightClient(chainIdOf(client, of));
  return address === ZeroAddress ? undefined : { address, applicableFrom };
}

/**
 * Makes sure that an announced light client can be put in place now: the contract says so, too, but not from when on.
 * @throws {XdmError} `not-ready` with the time where the delay is not over, `misconfigured` where none is announced
 */
export async function verifyApplicable(
  client: OmnichainClient,
  { on, of }: { readonly on: string | bigint; readonly of: string | bigint },
): Promise<ProposedLightClient> {
  const proposed = await readProposed(client, { on, of });
  const [there, name] = [chainOf(client, on), findChain(client.lane, of).name];
  if (proposed === undefined) {
    throw new XdmError('misconfigured', `no light client of ${name} is announced on ${there.name}`, {
      hint: `announce it first: xdm lightclient propose --on ${there.name} --of ${name} --address ADDRESS`,
    });
  }
  const { address, applicableFrom } = proposed;
  const block = await there.provider.getBlock('latest');
  if (block === null || BigInt(block.timestamp) >= applicableFrom) return proposed;
  const problem = `the light client ${address} of ${name} on ${there.name} can be put in place from ${formatTime(applicableFrom)}`;
  throw new XdmError('not-ready', problem, { hint: 'repeat the command then', readyAt: applicableFrom });
}

function argumentsOf(client: OmnichainClient, action: OwnerAction): readonly unknown[] {
  switch (action.kind) {
    case 'proposeLightClient':
      return [chainIdOf(client, action.of), action.lightClient];
    case 'cancelLightClient':
    case 'applyLightClient':
      return [chainIdOf(client, action.of)];
    case 'setFee':
      return [chainIdOf(client, action.toChain), action.feeToken, action.perMessage, action.perGas];
    case 'removeFee':
      return [chainIdOf(client, action.toChain), action.feeToken];
    default:
      return [];
  }
}

function chainIdOf({ lane }: OmnichainClient, nameOrId: string | bigint): bigint {
  return findChain(lane, nameOrId).chainId;
}
