// Where to ask what the node knows.
import type { ConfigSources } from '../../relayer/settings/parse.ts';
import type { Arguments, Environment, OptionsByName } from '../command.ts';
import { deploymentPath, laneKindOf, type DeploymentArguments } from '../deploymentFile.ts';
import { readSettings, STORE_OPTIONS, storeLocation } from '../settingsFile.ts';
import type { NodeLimits } from './nodeView.ts';

/** To ask the node beside the chains. */
export const NODE_PLACE_OPTIONS = {
  ...STORE_OPTIONS,
  'http-port': {
    type: 'string',
    requiresArg: true,
    describe: "Port of the node that runs; that of the node's settings, or 7300",
  },
} as const satisfies OptionsByName;

/** Where a node's store is, and how much the node pays and where it answers, as far as that is to be had. */
export interface NodePlace {
  readonly location: string;
  readonly config: NodeLimits | undefined;
}

/** Where the node's store is, and its settings, as far as they are to be had here: what is wrong with these is for the node and the doctor to say. */
export async function findNode(
  args: Omit<Arguments<typeof NODE_PLACE_OPTIONS>, 'rest'> & DeploymentArguments,
  environment: Environment,
): Promise<NodePlace> {
  const place = { config: args.config, deploymentFile: deploymentPath(args, environment) };
  const location = storeLocation({ ...place, store: args.store }, environment);
  const flags = { httpPort: args['http-port'] };
  const sources = { flags, environment: environment.variables, file: readSettings(place) };
  try {
    return { location, config: await parseLimits(laneKindOf(args, environment) === 'omnichain', sources) };
  } catch (error) {
    if (flags.httpPort !== undefined) throw error;
    return { location, config: undefined };
  }
}

/** Each kind of lane has settings of its own, and these in common. */
async function parseLimits(isOmnichain: boolean, sources: ConfigSources): Promise<NodeLimits> {
  if (isOmnichain) {
    const { parseOmnichainConfig } = await import('../../relayer/lanes/omnichain/config.ts');
    return parseOmnichainConfig(sources);
  }
  const { parseNodeConfig } = await import('../../relayer/lanes/rollup/config.ts');
  return parseNodeConfig(sources);
}
