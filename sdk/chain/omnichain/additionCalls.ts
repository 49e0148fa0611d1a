import { ZeroAddress, type Provider } from 'ethers';

import { addedContracts, type ChainAddition } from '../../core/omnichain/addition.ts';
import type { OmnichainClient } from './client.ts';
import { handover, pricing, registration, type PlannedCall } from './serviceCalls.ts';

/** What the new chain's service is told of all others, and to whom it is handed over. */
export function callsOnNewChain(client: OmnichainClient, addition: ChainAddition, provider: Provider): PlannedCall[] {
  const { service, relayLightClient } = addedContracts(addition);
  const { name, relayChainId, owner, chain, fee } = addition;
  const place = { chainId: chain.chainId, name, service, provider };
  const others = client.lane.chains.flatMap((other) => {
    const lightClient = other.chainId === relayChainId ? relayLightClient : ZeroAddress;
    return [registration(place, { ...other, lightClient }), pricing(place, other, fee)];
  });
  return owner === chain.account ? others : [...others, handover(place, chain.account, owner)];
}

/** What the others' services are told of it, the relay chain's first: it is on the way to all others. */
export function callsOnOtherChains({ chains }: OmnichainClient, addition: ChainAddition): PlannedCall[] {
  const { service, lightClient } = addedContracts(addition);
  const { relayChainId, chain, name, fee } = addition;
  const added = { chainId: chain.chainId, name };
  const relay = chains.get(relayChainId)!;
  const edges = [...chains.values()].filter(({ chainId }) => chainId !== relayChainId);
  return [relay, ...edges].flatMap((place) => {
    const known = place === relay ? lightClient : ZeroAddress;
    return [registration(place, { ...added, service, lightClient: known }), pricing(place, added, fee)];
  });
}
