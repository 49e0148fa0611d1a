import { isCallException, ZeroAddress, type BlockTag, type JsonRpcProvider } from 'ethers';

import { XdmError } from '../../core/errors.ts';
import { addedContracts, type ChainAddition } from '../../core/omnichain/addition.ts';
import type { OmnichainChain } from '../../core/omnichain/deployment.ts';
import type { OneTimeTransaction } from '../sendOnce.ts';
import type { OmnichainClient } from './client.ts';
import { SERVICE_CALLS, serviceAt } from './contracts.ts';

/** A call of a service's owner, by which chains come to know each other. */
export interface AdditionCall {
  readonly chainId: bigint;
  /** Name of the chain that it is made on. */
  readonly chain: string;
  readonly purpose: 'registerChain' | 'setFee' | 'transferOwnership';
  /** The service. */
  readonly to: string;
  /** Hex. */
  readonly data: string;
}

/** One that can be looked up and sent. */
export interface PlannedCall extends AdditionCall {
  readonly provider: JsonRpcProvider;
  /** Throws where something else was done in its place. */
  readonly isDone: OneTimeTransaction['isDone'];
}

/** A service and a connection to its chain. */
type Place = Pick<OmnichainChain, 'chainId' | 'name' | 'service'> & { readonly provider: JsonRpcProvider };

/** What the new chain's service is told of all others, and to whom it is handed over. */
export function callsOnNewChain(
  client: OmnichainClient,
  addition: ChainAddition,
  provider: JsonRpcProvider,
): PlannedCall[] {
  const { service, relayLightClient } = addedContracts(addition);
  const { name, relayChainId, owner, chain, fee } = addition;
  const place = { chainId: chain.chainId, name, service, provider };
  const others = client.lane.chains.flatMap(({ chainId, service: address }) => {
    const lightClient = chainId === relayChainId ? relayLightClient : ZeroAddress;
    return [registration(place, { chainId, service: address, lightClient }), pricing(place, chainId, fee)];
  });
  return owner === chain.account ? others : [...others, handover(place, owner)];
}

/** What the others' services are told of it, the relay chain's first: it is on the way to all others. */
export function callsOnOtherChains({ chains }: OmnichainClient, addition: ChainAddition): PlannedCall[] {
  const { service, lightClient } = addedContracts(addition);
  const { relayChainId, chain, fee } = addition;
  const relay = chains.get(relayChainId)!;
  const edges = [...chains.values()].filter(({ chainId }) => chainId !== relayChainId);
  return [relay, ...edges].flatMap((place) => {
    const known = place === relay ? lightClient : ZeroAddress;
    return [
      registration(place, { chainId: chain.chainId, service, lightClient: known }),
      pricing(place, chain.chainId, fee),
    ];
  });
}

interface Registered {
  readonly chainId: bigint;
  readonly service: string;
  readonly lightClient: string;
}

function registration(place: Place, { chainId, service, lightClient }: Registered): PlannedCall {
  return callOf(place, 'registerChain', [chainId, service, lightClient], async (blockTag) => {
    const [known, reads] = await serviceAt(place.service, place.provider).chainOf(chainId, { blockTag });
    if (known === ZeroAddress) return false;
    if (known === service && reads === lightClient) return true;
    const actual = `${known}, by the light client ${reads}`;
    throw new XdmError('misconfigured', `chain ${place.name} knows chain ${chainId} by another service, ${actual}`, {
      hint: 'what a service knows of a chain stays: add the chain as it is known there, by the plan it was added with',
    });
  });
}

/** A price that is there is the owner's business, and stays. */
function pricing(place: Place, toChain: bigint, { perMessage, perGas }: ChainAddition['fee']): PlannedCall {
  return callOf(place, 'setFee', [toChain, ZeroAddress, perMessage, perGas], async (blockTag) => {
    try {
      await serviceAt(place.service, place.provider).getMessageFee(toChain, ZeroAddress, 0n, { blockTag });
      return true;
    } catch (error) {
      if (isCallException(error) && error.revert?.name === 'FeeTable_NotPriced') return false;
      throw error;
    }
  });
}

function handover(place: Place, owner: string): PlannedCall {
  return callOf(place, 'transferOwnership', [owner], async (blockTag) => {
    const service = serviceAt(place.service, place.provider);
    const [current, pending] = await Promise.all([service.owner({ blockTag }), service.pendingOwner({ blockTag })]);
    return [current, pending].includes(owner);
  });
}

function callOf(
  { chainId, name, service, provider }: Place,
  purpose: AdditionCall['purpose'],
  args: readonly unknown[],
  isDone: (blockTag: BlockTag) => Promise<boolean>,
): PlannedCall {
  const data = SERVICE_CALLS.encodeFunctionData(purpose, args);
  // Before its service is there, nothing of it is done.
  const isThere = async (block: BlockTag): Promise<boolean> => (await provider.getCode(service, block)) !== '0x';
  return {
    chainId,
    chain: name,
    purpose,
    to: service,
    data,
    provider,
    isDone: async (block = 'latest') => (await isThere(block)) && (await isDone(block)),
  };
}
