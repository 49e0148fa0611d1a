import { computeAddress } from 'ethers';
import { z } from 'zod';

import type { LaneConnection, NodeLane, NodeRoute } from '../../relayer/lanes/nodeLane.ts';
import type { Work } from '../../relayer/pipeline.ts';
import type { WatchedChain } from '../../relayer/route.ts';
import { COMMON_SETTINGS } from '../../relayer/settings/common.ts';
import { parseSettings } from '../../relayer/settings/parse.ts';
import { rolesOf } from '../../relayer/settings/values.ts';
import type { StageContext } from '../../relayer/stages/stage.ts';
import { routeId } from '../../relayer/store/routes.ts';
import { newEngines } from '../../relayer/tx/engines.ts';
import { account } from './events.ts';
import { SimulatedChain } from './simulatedChain.ts';
import { NO_TROUBLES, SimulatedProvider } from './simulatedProvider.ts';

/** Chains of a lane that is no rollup's, by their names: messages go from `a` and `b` to each other over the hub. */
export const CHAINS = { a: 31, hub: 32, b: 33 } as const;

type Name = keyof typeof CHAINS;

const KEY = `0x${'42'.repeat(32)}`;

/** The account that signs, on two chains. */
export const SIGNER = computeAddress(KEY);

/** Ether that it has there. */
export const BALANCES = { a: 0n, hub: 7n * 10n ** 18n, b: 5n * 10n ** 18n };

const HOPS: readonly (readonly [Name, Name])[] = [
  ['a', 'hub'],
  ['hub', 'b'],
  ['b', 'hub'],
  ['hub', 'a'],
];

const schema = z.strictObject({ ...COMMON_SETTINGS, roles: rolesOf(['maintainer', 'messenger']) });

/** A lane of three simulated chains, whose node has the duty to send one transaction to the hub. */
export function threeChains(store: string): NodeLane {
  const flags = { store, httpPort: 0, pollInterval: 50, privateKey: KEY };
  const settings = parseSettings(schema, { flags, environment: {}, file: {} });
  const routes = HOPS.map(([from, to]): NodeRoute => {
    const [source, destination] = [CHAINS[from], CHAINS[to]];
    const messengers = { sourceMessenger: account(source), destinationMessenger: account(destination) };
    const ends = { sourceChainId: source, destinationChainId: destination, ...messengers };
    return { ...ends, from, waitsFor: { by: 'proof' }, retryCommand: 'xdm again', isServed: to !== 'a' };
  });
  return {
    identity: { hub: account(CHAINS.hub) },
    name: 'three chains',
    settings,
    routes,
    signers: [CHAINS.hub, CHAINS.b].map((chainId) => ({ chainId, address: SIGNER })),
    resources: [],
    facts: { values: { hub: account(CHAINS.hub), clients: { a: 'none' } }, shape: SHAPE },
    secrets: settings,
    connect: async () => await Promise.resolve(connect(settings, routes)),
  };
}

const SHAPE = { hub: z.string(), clients: z.record(z.string(), z.string()) };

function connect(settings: NodeLane['settings'], routes: readonly NodeRoute[]): LaneConnection {
  const chains = Object.entries(CHAINS).map(([name, chainId]) => {
    const chain = new SimulatedChain(chainId, SIGNER, 0n);
    chain.setBalance(BALANCES[name as Name]);
    const quiet = { process: { stepsLeft: Number.POSITIVE_INFINITY }, onSend: async () => await Promise.resolve() };
    return { chainId, chain, provider: new SimulatedProvider(chain, { troubles: { ...NO_TROUBLES }, ...quiet }) };
  });
  const [, hub, b] = chains;
  return {
    providers: new Map(chains.map(({ chainId, provider }) => [chainId, provider])),
    verify: async () => await Promise.resolve(),
    async workOf(context) {
      const engines = newEngines(settings, context);
      const [onHub] = [engines.of(hub!, KEY), engines.of(b!, KEY)];
      const source = { topics: [], record: async () => await Promise.resolve() };
      return {
        chains: chains.map(({ chainId, provider }): WatchedChain => {
          const sources = [{ ...source, address: account(chainId) }];
          return { chainId, provider, finality: 'latest', deployedAt: 0, sources };
        }),
        routes: await routesOf(routes, context),
        engines: engines.all(),
        duties: [
          {
            name: 'maintain a on hub',
            interval: 10,
            async run() {
              const purpose = 'light client';
              if (hub!.chain.broadcast.size > 0) {
                if ((await onHub.pending(purpose)) > 0) hub!.chain.mine(1);
                return 0;
              }
              await onHub.submit([{ purpose, to: account(9), data: '0x', gasLimit: 50_000n }]);
              return 1;
            },
          },
        ],
      };
    },
    disconnect: () => chains.forEach(({ provider }) => provider.destroy()),
  };
}

async function routesOf(routes: readonly NodeRoute[], { store }: StageContext): Promise<Work['routes']> {
  const found: Work['routes'][number][] = [];
  for (const route of routes) {
    const { sourceChainId, destinationChainId } = route;
    const id = await store.write(async (db) => await routeId(db, route));
    found.push({ id, name: `${sourceChainId} -> ${destinationChainId}`, sourceChainId, destinationChainId });
  }
  return found;
}
