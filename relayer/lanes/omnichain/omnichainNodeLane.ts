import { computeAddress } from 'ethers';
import { z } from 'zod';

import {
  chainOf,
  connectOmnichain,
  disconnectOmnichain,
  type OmnichainClient,
} from '../../../sdk/chain/omnichain/client.ts';
import { XdmError } from '../../../sdk/core/errors.ts';
import type { OmnichainDeployment } from '../../../sdk/core/omnichain/deployment.ts';
import type { Work } from '../../pipeline.ts';
import type { Route } from '../../route.ts';
import type { StageContext } from '../../stages/stage.ts';
import { routeId } from '../../store/routes.ts';
import { newEngines } from '../../tx/engines.ts';
import { Signers } from '../../tx/signers.ts';
import type { NodeLane } from '../nodeLane.ts';
import type { OmnichainConfig } from './config.ts';
import { omnichainProver } from './prover.ts';
import { omnichainOutline } from './routes.ts';
import { serviceSource } from './sources.ts';
import { omnichainSubmitter } from './submitter.ts';

/**
 * An omnichain lane for a node with these settings.
 * @throws {XdmError} `invalid-config` without a key
 */
export function omnichainNodeLane(lane: OmnichainDeployment, config: OmnichainConfig): NodeLane {
  const { identity, routes } = omnichainOutline(lane);
  const keys = keysOf(config);
  const accounts = keys.map((key) => computeAddress(key));
  return {
    identity,
    name: `omnichain ${lane.relayChainId}:${identity['relayService']}`,
    settings: config,
    routes: routes.map((route) => ({ ...route, isServed: true })),
    signers: lane.chains.flatMap(({ chainId }) => accounts.map((address) => ({ chainId: Number(chainId), address }))),
    resources: [],
    facts: {
      values: {
        ...identity,
        chains: lane.chains.map(({ name, service }) => ({ name, service })),
      },
      shape: SHAPE,
    },
    secrets: { ...config, ...Object.fromEntries(lane.chains.map(({ name, rpcUrl }) => [`${name}RpcUrl`, rpcUrl])) },
    async connect(means) {
      const { requestTimeout: timeout, rpcRequestsPerSecond: requestsPerSecond } = config;
      const client = await connectOmnichain(lane, { timeout, requestsPerSecond, ...means });
      return {
        providers: new Map([...client.chains].map(([chainId, { provider }]) => [Number(chainId), provider])),
        verify: async () => await Promise.resolve(),
        workOf: async (context) => await workOf(client, { config, keys }, context),
        disconnect: () => disconnectOmnichain(client),
      };
    },
  };
}

const SHAPE = {
  relayService: z.string(),
  relayChainId: z.int().min(0),
  chains: z.array(z.strictObject({ name: z.string(), service: z.string() })),
};

/** Each of them pays on every chain. */
function keysOf({ privateKey, relayerPrivateKeys = [] }: OmnichainConfig): [string, ...string[]] {
  const [key, ...others] = new Set([privateKey, ...relayerPrivateKeys].filter((each) => each !== undefined));
  if (key !== undefined) return [key, ...others];
  throw new XdmError('invalid-config', 'the role "messenger" needs a private key', {
    hint: 'give one with --private-key',
  });
}

interface Means {
  readonly config: OmnichainConfig;
  readonly keys: readonly string[];
}

async function workOf(client: OmnichainClient, { config, keys }: Means, context: StageContext): Promise<Work> {
  const engines = newEngines(config, context);
  const numbers = new Map<string, number>();
  const routes: Route[] = [];
  for (const ends of omnichainOutline(client.lane).routes) {
    const id = await context.store.write(async (db) => await routeId(db, ends));
    const { sourceChainId, destinationChainId } = ends;
    const name = `${sourceChainId} -> ${destinationChainId}`;
    numbers.set(name, id);
    const [source, destination] = [chainOf(client, BigInt(sourceChainId)), chainOf(client, BigInt(destinationChainId))];
    const sentTo = { chainId: destinationChainId, provider: destination.provider };
    const signers = new Signers(keys.map((key) => engines.of(sentTo, key)));
    const prover = omnichainProver(client, source, destination);
    const submitter = omnichainSubmitter(client, { source, destination, signers });
    routes.push({ id, name, sourceChainId, destinationChainId, prover, submitter });
  }
  return {
    chains: [...client.chains.values()].map((chain) => ({
      chainId: Number(chain.chainId),
      provider: chain.provider,
      finality: config.finality,
      deployedAt: Number(chain.deployedAt),
      sources: [serviceSource(client, chain, (from, to) => numbers.get(`${from} -> ${to}`)!)],
    })),
    routes,
    engines: engines.all(),
    duties: [],
  };
}
