import { z } from 'zod';

import {
  connectOmnichain,
  disconnectOmnichain,
  type ConnectOmnichainOptions,
} from '../../../sdk/chain/omnichain/client.ts';
import { findChain, type OmnichainDeployment } from '../../../sdk/core/omnichain/deployment.ts';
import type { LaneFacts, NodeLane } from '../nodeLane.ts';
import type { OmnichainConfig } from './config.ts';
import { finalityOf } from './finality.ts';
import { signersOf } from './keys.ts';
import { omnichainOutline } from './routes.ts';
import { workOf } from './work.ts';

/**
 * An omnichain lane for a node with these settings.
 * @throws {XdmError} `invalid-config` without a key that a role needs, `invalid-argument` for settings of no chain of its
 */
export function omnichainNodeLane(lane: OmnichainDeployment, config: OmnichainConfig): NodeLane {
  const { identity, routes } = omnichainOutline(lane);
  const isServed = config.roles.includes('messenger');
  const rpcUrls = byChainId(lane, config.rpcUrls);
  byChainId(lane, config.sourceUrls);
  finalityOf(lane, lane.relayChainId, config);
  return {
    identity,
    name: `omnichain ${lane.relayChainId}:${identity['relayService']}`,
    settings: config,
    routes: routes.map((route) => ({ ...route, isServed })),
    signers: signersOf(lane, config),
    resources: [],
    facts: factsOf(lane, identity),
    secrets: secretsOf(lane, config),
    async connect(means) {
      const { requestTimeout: timeout, rpcRequestsPerSecond: requestsPerSecond } = config;
      // Messages between the others go on.
      const onSilent: ConnectOmnichainOptions['onSilent'] = ({ chainId }, { message: reason }) =>
        means.observer?.onSilentStart?.({ chainId: Number(chainId), reason });
      const client = await connectOmnichain(lane, { rpcUrls, timeout, requestsPerSecond, onSilent, ...means });
      const end = new AbortController();
      return {
        providers: new Map([...client.chains].map(([chainId, { provider }]) => [Number(chainId), provider])),
        // Anybody may do what it does.
        verify: async () => await Promise.resolve(),
        workOf: async (context) => await workOf(client, { config, signal: end.signal }, context),
        disconnect() {
          end.abort();
          disconnectOmnichain(client);
        },
      };
    },
  };
}

const SHAPE = {
  relayService: z.string(),
  relayChainId: z.int().min(0),
  chains: z.array(z.strictObject({ name: z.string(), service: z.string() })),
};

function factsOf(lane: OmnichainDeployment, identity: NodeLane['identity']): LaneFacts {
  const chains = lane.chains.map(({ name, service }) => ({ name, service }));
  return { values: { ...identity, chains }, shape: SHAPE };
}

/** Whose URLs may hold credentials, each under a name of its own. */
function secretsOf({ chains, lightClients }: OmnichainDeployment, config: OmnichainConfig): Record<string, unknown> {
  const { rpcUrls = {}, sourceUrls = {}, ...others } = config;
  return {
    ...others,
    rpcUrls: Object.values(rpcUrls).flat(),
    sourceUrls: Object.values(sourceUrls).flat(),
    deploymentRpcUrls: chains.flatMap(({ rpcUrl }) => rpcUrl ?? []),
    deploymentSources: lightClients.flatMap(({ sources }) => sources),
  };
}

/** Of a setting that names chains. */
function byChainId(
  lane: OmnichainDeployment,
  urls: Readonly<Record<string, readonly string[]>> = {},
): Record<string, readonly string[]> {
  return Object.fromEntries(Object.entries(urls).map(([chain, list]) => [`${findChain(lane, chain).chainId}`, list]));
}
