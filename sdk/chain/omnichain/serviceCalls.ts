// What owners of services call so that chains come to know each other, and how one tells that it was done.
import { isCallException, ZeroAddress, type BlockTag, type Provider } from 'ethers';

import { XdmError } from '../../core/errors.ts';
import type { OmnichainChain } from '../../core/omnichain/deployment.ts';
import type { OneTimeTransaction } from '../sendOnce.ts';
import { SERVICE_CALLS, serviceAt } from './contracts.ts';

/** A call of a service's owner, by which chains come to know each other. */
export interface ServiceCall {
  readonly chainId: bigint;
  /** Name of the chain that it is made on. */
  readonly chain: string;
  readonly purpose: 'registerChain' | 'setFee' | 'transferOwnership';
  /** Name of the chain that the service is told of; undefined where it is told who is to own it. */
  readonly of: string | undefined;
  /** The service. */
  readonly to: string;
  /** Hex. */
  readonly data: string;
}

/** One that can be looked up and sent. */
export interface PlannedCall extends ServiceCall {
  readonly provider: Provider;
  /** Throws where something else was done in its place. */
  readonly isDone: OneTimeTransaction['isDone'];
}

/** A service and a connection to its chain. */
export type ServicePlace = Pick<OmnichainChain, 'chainId' | 'name' | 'service'> & { readonly provider: Provider };

type Named = Pick<OmnichainChain, 'chainId' | 'name'>;

/** A chain as a service is to know it. */
export interface Registered extends Named {
  readonly service: string;
  readonly lightClient: string;
}

/** Tells a service of a chain, for good. */
export function registration(place: ServicePlace, { chainId, name, service, lightClient }: Registered): PlannedCall {
  const what = { purpose: 'registerChain', of: name, args: [chainId, service, lightClient] } as const;
  return callOf(place, what, async (blockTag) => {
    const [known, reads] = await serviceAt(place.service, place.provider).chainOf(chainId, { blockTag });
    if (known === ZeroAddress) return false;
    if (known === service && reads === lightClient) return true;
    const actual = `${known}, by the light client ${reads}`;
    throw new XdmError('misconfigured', `chain ${place.name} knows chain ${chainId} by another service, ${actual}`, {
      hint: 'what a service knows of a chain stays: go on with the plan that the chain was added by',
    });
  });
}

/** Sets what messages to a chain cost. A price that is there is the owner's business, and stays. */
export function pricing(
  place: ServicePlace,
  { chainId: toChain, name }: Named,
  { perMessage, perGas }: { readonly perMessage: bigint; readonly perGas: bigint },
): PlannedCall {
  const what = { purpose: 'setFee', of: name, args: [toChain, ZeroAddress, perMessage, perGas] } as const;
  return callOf(place, what, async (blockTag) => {
    try {
      await serviceAt(place.service, place.provider).getMessageFee(toChain, ZeroAddress, 0n, { blockTag });
      return true;
    } catch (error) {
      if (isCallException(error) && error.revert?.name === 'FeeTable_NotPriced') return false;
      throw error;
    }
  });
}

/**
 * Offers a service to whoever is to own it. One that has been taken over is the owner's business: it may have gone further.
 * @param deployer who owns it until then
 * @throws {XdmError} `invalid-argument` for the zero address: it is what a service is offered to that is offered to nobody
 */
export function handover(place: ServicePlace, deployer: string, owner: string): PlannedCall {
  if (owner === ZeroAddress) {
    throw new XdmError('invalid-argument', `the zero address cannot own the service on chain ${place.name}`, {
      hint: 'name an account that can accept it',
    });
  }
  const what = { purpose: 'transferOwnership', of: undefined, args: [owner] } as const;
  return callOf(place, what, async (blockTag) => {
    const service = serviceAt(place.service, place.provider);
    const [current, pending] = await Promise.all([service.owner({ blockTag }), service.pendingOwner({ blockTag })]);
    return current !== deployer || pending === owner;
  });
}

function callOf(
  { chainId, name, service, provider }: ServicePlace,
  { purpose, of, args }: Pick<ServiceCall, 'purpose' | 'of'> & { readonly args: readonly unknown[] },
  isDone: (blockTag: BlockTag) => Promise<boolean>,
): PlannedCall {
  const data = SERVICE_CALLS.encodeFunctionData(purpose, args);
  // Before its service is there, nothing of it is done.
  const isThere = async (block: BlockTag): Promise<boolean> => (await provider.getCode(service, block)) !== '0x';
  return {
    chainId,
    chain: name,
    purpose,
    of,
    to: service,
    data,
    provider,
    isDone: async (block = 'latest') => (await isThere(block)) && (await isDone(block)),
  };
}

/** What sends a call unless it was made. */
export function transactionOf({ isDone, to, data, chain, purpose }: PlannedCall): OneTimeTransaction {
  return { isDone, request: () => ({ to, data }), undone: `${purpose} has no effect on chain ${chain}` };
}
