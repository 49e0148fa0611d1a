// Which light clients of a lane are meant, and where their updates come from.
import { listEndpointsByName } from '../../sdk/core/endpoint.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { findChain, type OmnichainDeployment, type OmnichainLightClient } from '../../sdk/core/omnichain/deployment.ts';
import type { Arguments, Environment } from '../command.ts';
import type { SOURCE_OPTIONS } from '../options.ts';

/** Chains by their names or ids. */
interface Choice {
  readonly on?: string | undefined;
  readonly of?: string | undefined;
}

/** A light client that is meant. */
export interface ChosenLightClient {
  readonly entry: OmnichainLightClient;
  /** Names of the chain that it is on, and of the one whose blocks it knows. */
  readonly on: string;
  readonly of: string;
  /** Where its updates come from; where the deployment says unless given. */
  readonly sources: readonly string[] | undefined;
}

/**
 * The light clients of a lane that are meant, with the sources that are asked for.
 * @throws {XdmError} `invalid-argument` where there is none, or for sources of no chain
 */
export function chooseLightClients(
  lane: OmnichainDeployment,
  args: Choice & Omit<Arguments<typeof SOURCE_OPTIONS>, 'rest'>,
  environment: Environment,
): ChosenLightClient[] {
  const on = args.on === undefined ? undefined : findChain(lane, args.on);
  const of = args.of === undefined ? undefined : findChain(lane, args.of);
  const sources = sourcesOf(lane, args['source-urls'] ?? environment.variables['XDM_SOURCE_URLS']);
  const nameOf = (id: bigint): string => findChain(lane, id).name;
  const chosen = lane.lightClients
    .filter((entry) => [on?.chainId ?? entry.on, of?.chainId ?? entry.of].join() === [entry.on, entry.of].join())
    .map((entry) => ({ entry, on: nameOf(entry.on), of: nameOf(entry.of), sources: sources.get(entry.of) }));
  if (chosen.length > 0) return chosen;
  const which = [...(of === undefined ? [] : [`of ${of.name}`]), ...(on === undefined ? [] : [`on ${on.name}`])];
  throw new XdmError('invalid-argument', `the lane has no light client ${which.join(' ')}`, {
    hint: `it has ${lane.lightClients.map((each) => `${nameOf(each.of)} on ${nameOf(each.on)}`).join(', ')}`,
  });
}

/** Where the updates of one light client come from; where the deployment says unless given. @throws {XdmError} `invalid-argument` */
export function sourcesFor(
  lane: OmnichainDeployment,
  { on, of }: { readonly on: string; readonly of: string },
  {
    args,
    environment,
  }: { readonly args: Omit<Arguments<typeof SOURCE_OPTIONS>, 'rest'>; readonly environment: Environment },
): readonly string[] | undefined {
  return chooseLightClients(lane, { ...args, on, of }, environment)[0]?.sources;
}

function sourcesOf(lane: OmnichainDeployment, text: string | undefined): ReadonlyMap<bigint, readonly string[]> {
  const byName = text === undefined ? {} : listEndpointsByName(text);
  if ('' in byName) {
    throw new XdmError('invalid-argument', '--source-urls does not begin with the name of a chain', {
      hint: 'give the sources as A=URL,B=URL, by the chains that they vouch for; more of one chain follow after commas',
    });
  }
  return new Map(Object.entries(byName).map(([name, urls]) => [findChain(lane, name).chainId, urls]));
}
