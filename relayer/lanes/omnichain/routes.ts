import type { OmnichainChain, OmnichainDeployment } from '../../../sdk/core/omnichain/deployment.ts';
import type { LaneOutline, LaneRoute } from '../laneRoutes.ts';

/** An omnichain lane for whoever looks into the store of its node: a route to the relay chain and one back, for each other chain. */
export function omnichainOutline({ relayChainId, chains }: OmnichainDeployment): LaneOutline {
  const relay = chains.find(({ chainId }) => chainId === relayChainId)!;
  const others = chains.filter(({ chainId }) => chainId !== relayChainId);
  return {
    identity: { relayService: relay.service, relayChainId: Number(relayChainId) },
    routes: others.flatMap((chain) => [routeBetween(chain, relay), routeBetween(relay, chain)]),
  };
}

function routeBetween(source: OmnichainChain, destination: OmnichainChain): LaneRoute {
  return {
    sourceChainId: Number(source.chainId),
    sourceMessenger: source.service,
    destinationChainId: Number(destination.chainId),
    destinationMessenger: destination.service,
    from: source.name,
    waitsFor: { by: 'proof' },
    retryCommand: 'xdm retry',
  };
}
