import type { RestOptions } from '../../../sdk/chain/endpoints/rest.ts';
import { chainOf, type OmnichainClient } from '../../../sdk/chain/omnichain/client.ts';
import { findLightClient, maintainerOf } from '../../../sdk/chain/omnichain/maintenance/maintainerOf.ts';
import { findChain, type OmnichainLightClient } from '../../../sdk/core/omnichain/deployment.ts';
import type { AlarmKind } from '../../alarm.ts';
import type { Duty } from '../../duty.ts';
import type { Work } from '../../pipeline.ts';
import type { Route } from '../../route.ts';
import type { Signals } from '../../signals.ts';
import type { StageContext } from '../../stages/stage.ts';
import { routeId } from '../../store/routes.ts';
import { newEngines, type Engines } from '../../tx/engines.ts';
import { Signers } from '../../tx/signers.ts';
import type { OmnichainConfig } from './config.ts';
import { Courtesy } from './courtesy.ts';
import { maintenanceDuties } from './duties.ts';
import { finalityOf } from './finality.ts';
import { keysOf } from './keys.ts';
import { omnichainProver } from './prover.ts';
import { omnichainOutline } from './routes.ts';
import { serviceAudit } from './serviceAudit.ts';
import { serviceSource, type RouteNumbers } from './sources.ts';
import { RecordComparison } from './stages/compareRecords.ts';
import { omnichainSubmitter } from './submitter.ts';
import { UnknownChains } from './unknownChains.ts';

interface Terms {
  readonly config: OmnichainConfig;
  /** Ends the wait for sources of light clients. */
  readonly signal: AbortSignal;
}

interface Means extends Terms {
  readonly engines: Engines;
  readonly signals: Signals;
}

/**
 * What the settings give a node to do on a lane.
 * @throws {XdmError} `invalid-argument` for a light client to be maintained of which no source is known
 */
export async function workOf(client: OmnichainClient, terms: Terms, context: StageContext): Promise<Work> {
  const { config } = terms;
  const means = { ...terms, engines: newEngines(config, context), signals: context.signals };
  const numbers = new Map<string, number>();
  const routes: Route[] = [];
  for (const ends of omnichainOutline(client.lane).routes) {
    const id = await context.store.write(async (db) => await routeId(db, ends));
    const { sourceChainId, destinationChainId } = ends;
    const name = `${sourceChainId} -> ${destinationChainId}`;
    numbers.set(name, id);
    routes.push({ id, name, sourceChainId, destinationChainId, ...delivery(client, ends, means) });
  }
  const numberOf: RouteNumbers = (from, to) => numbers.get(`${from} -> ${to}`)!;
  const unknown = new UnknownChains(context.logger);
  const isMaintained = config.roles.includes('maintainer');
  return {
    chains: [...client.chains.values()].map((chain) => ({
      chainId: Number(chain.chainId),
      provider: chain.provider,
      finality: finalityOf(client.lane, chain.chainId, config),
      deployedAt: Number(chain.deployedAt),
      sources: [
        {
          ...serviceSource(client, chain, { routes: numberOf, unknown }),
          audit: serviceAudit(context.store.db, client, { chain, routes: numberOf, unknown }),
        },
      ],
    })),
    routes,
    duties: isMaintained ? maintenance(client, means, numberOf) : [],
    watches: (kind, subject) => !isOfLightClient(kind) || (isMaintained && isAbout(client.lane.lightClients, subject)),
    engines: means.engines.all(),
  };
}

function isOfLightClient(kind: AlarmKind): boolean {
  return kind.startsWith('light-client-');
}

/** Whether an alarm is about one of these light clients, or about a block that it knows. */
function isAbout(lightClients: readonly OmnichainLightClient[], subject: string): boolean {
  const [name = ''] = subject.split(',');
  return lightClients.some((each) => nameOf(each) === name);
}

/** What log, alarms and stages call a light client. */
function nameOf({ of, on }: Pick<OmnichainLightClient, 'of' | 'on'>): string {
  return `${of} on ${on}`;
}

/** How messages of a route are taken on, if that is this node's to do. */
function delivery(
  client: OmnichainClient,
  { sourceChainId, destinationChainId }: Pick<Route, 'sourceChainId' | 'destinationChainId'>,
  { config, engines }: Means,
): Pick<Route, 'prover' | 'submitter'> {
  if (!config.roles.includes('messenger')) return {};
  const [source, destination] = [chainOf(client, BigInt(sourceChainId)), chainOf(client, BigInt(destinationChainId))];
  const sentTo = { chainId: destinationChainId, provider: destination.provider };
  const signers = new Signers(keysOf('messenger', config).map((key) => engines.of(sentTo, key)));
  return {
    prover: omnichainProver(client, source, destination),
    submitter: omnichainSubmitter(client, { source, destination, signers, maxUnpaidGas: config.maxUnpaidGas }),
  };
}

function maintenance(client: OmnichainClient, means: Means, numberOf: RouteNumbers): Duty[] {
  const { config, engines, signal, signals } = means;
  const { requestTimeout: timeout, sourceUrls = {}, maintenanceInterval, pollInterval, updates } = config;
  const [key] = keysOf('maintainer', config);
  const given = new Map(
    Object.entries(sourceUrls).map(([chain, urls]) => [findChain(client.lane, chain).chainId, urls] as const),
  );
  return client.lane.lightClients.flatMap(({ on, of }) => {
    const found = findLightClient(client, { on, of });
    const onCall: RestOptions['onCall'] = (call) => void signals.emit('rpcCall', { chainId: Number(of), ...call });
    const maintainer = maintainerOf(found, { sources: given.get(of), timeout, signal, onCall });
    const engine = engines.of({ chainId: Number(on), provider: found.provider }, key);
    const { service } = chainOf(client, on);
    const maintained = {
      name: nameOf({ of, on }),
      service,
      routeId: numberOf(of, on),
      found,
      maintainer,
      engine,
      updates,
      courtesy: new Courtesy(),
    };
    const finality = finalityOf(client.lane, of, config);
    const records = new RecordComparison(client, maintained, { finality });
    return maintenanceDuties(maintained, records, { interval: maintenanceInterval, pollInterval, finality });
  });
}
