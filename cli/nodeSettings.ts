// The node's settings as options, and where else they come from.
import type { NodeConfig } from '../relayer/lanes/rollup/config.ts';
import type { OmnichainConfig } from '../relayer/lanes/omnichain/config.ts';
import type { ConfigSources } from '../relayer/settings/parse.ts';
import type { Arguments, Environment, OptionsByName } from './command.ts';
import { deploymentPath } from './deploymentFile.ts';
import { ANY_LANE_OPTIONS, LANE_OPTIONS, SIGNER_OPTIONS, SOURCE_OPTIONS } from './options.ts';

/** Settings that are options, by their name in the configuration file in kebab case: those of a node on either kind of lane. */
const COMMON_SETTINGS = {
  roles: {
    type: 'string',
    requiresArg: true,
    describe:
      'What it does, with commas between: sequencer, proposer, relayer, watchtower; on an omnichain lane messenger, maintainer',
  },
  'relayer-private-keys': { type: 'string', requiresArg: true, describe: 'More keys that relay, with commas between' },
  store: {
    type: 'string',
    requiresArg: true,
    describe: 'SQLite file, or postgres://...; relayer.sqlite beside the deployment unless given',
  },
  'request-timeout': { type: 'string', requiresArg: true, describe: "Milliseconds that an endpoint's answer may take" },
  'rpc-requests-per-second': {
    type: 'string',
    requiresArg: true,
    describe: 'Most requests a second to each endpoint; as many as there are unless given',
  },
  'poll-interval': { type: 'string', requiresArg: true, describe: 'Milliseconds between two looks at a chain' },
  'rebroadcast-after': { type: 'string', requiresArg: true, describe: 'Milliseconds until one is broadcast again' },
  'bump-after': { type: 'string', requiresArg: true, describe: 'Milliseconds until a transaction pays more' },
  'max-fee-per-gas': { type: 'string', requiresArg: true, describe: 'Most gwei for a unit of gas' },
  'max-spend-per-day': { type: 'string', requiresArg: true, describe: 'Most ether that a signer spends in a day, UTC' },
  'http-host': { type: 'string', requiresArg: true, describe: 'Where metrics and API are served; 127.0.0.1' },
  'http-port': { type: 'string', requiresArg: true, describe: 'Their port: 7300 if it is free; 0 for any, or none' },
  'stuck-after': { type: 'string', requiresArg: true, describe: 'Milliseconds until /readyz is red without progress' },
  'log-level': { type: 'string', requiresArg: true, describe: 'debug, info, warn, error or silent' },
} as const satisfies OptionsByName;

const ROLLUP_SETTINGS = {
  'proposer-private-key': { type: 'string', requiresArg: true, describe: "The proposer's key, if it is another" },
  'challenger-private-key': {
    type: 'string',
    requiresArg: true,
    describe: "The challenger's key: with it the watchtower deletes false state batches",
  },
  'accepted-deposits': {
    type: 'string',
    requiresArg: true,
    describe: 'Hashes of L2 deposits that the watchtower lets pass, with commas between',
  },
  'l1-finality': { type: 'string', requiresArg: true, describe: 'Blocks of L1 believed: latest, safe, finalized' },
  'l2-finality': { type: 'string', requiresArg: true, describe: 'Blocks of L2 believed: latest, safe, finalized' },
  'queue-finality': { type: 'string', requiresArg: true, describe: 'Blocks of L1 whose queue elements are executed' },
  'proposal-finality': { type: 'string', requiresArg: true, describe: 'Blocks of L2 whose state is committed' },
  'proposal-interval': { type: 'string', requiresArg: true, describe: 'Milliseconds between two state batches' },
  'max-batch-size': { type: 'string', requiresArg: true, describe: 'Most state roots in a batch, 1 to 65536' },
  'data-fee-per-byte': {
    type: 'string',
    requiresArg: true,
    describe: 'Gwei that L1 charges for a byte of calldata beside its gas; none unless it is a rollup itself',
  },
} as const satisfies OptionsByName;

const OMNICHAIN_SETTINGS = {
  ...SOURCE_OPTIONS,
  'maintainer-private-key': {
    type: 'string',
    requiresArg: true,
    describe: "The maintainer's key, if it is another",
  },
  finality: {
    type: 'string',
    requiresArg: true,
    describe: 'Blocks of an omnichain lane believed: latest, safe, finalized, or one by chain as A=safe,B=latest',
  },
  'max-unpaid-gas': {
    type: 'string',
    requiresArg: true,
    describe: "Most gas that a hop may take beyond its message's gas limit; no limit unless given",
  },
  'maintenance-interval': {
    type: 'string',
    requiresArg: true,
    describe: "Milliseconds between two looks at a light client's source",
  },
  updates: {
    type: 'string',
    requiresArg: true,
    describe: 'Updates of light clients worth a transaction: needed (that a message waits for), all',
  },
} as const satisfies OptionsByName;

const CONFIG = {
  type: 'string',
  requiresArg: true,
  describe: 'File with settings; relayer.json beside the deployment unless given',
} as const;

/** Options of all commands that know the settings of a node on a rollup's lane. */
export const NODE_OPTIONS = {
  config: CONFIG,
  ...LANE_OPTIONS,
  ...SIGNER_OPTIONS,
  ...COMMON_SETTINGS,
  ...ROLLUP_SETTINGS,
} as const;

/** Those of a node on a lane of either kind. */
export const ANY_NODE_OPTIONS = {
  ...NODE_OPTIONS,
  ...ANY_LANE_OPTIONS,
  ...OMNICHAIN_SETTINGS,
} as const;

/** Options that mean something for one kind of lane alone. */
export const ROLLUP_ONLY = ['l1-rpc-url', 'l2-rpc-url', ...Object.keys(ROLLUP_SETTINGS)];
export const OMNICHAIN_ONLY = ['rpc-urls', ...Object.keys(OMNICHAIN_SETTINGS)];

/**
 * The settings of a node on a rollup's lane, from options, variables and its file.
 * @throws {XdmError} `invalid-config`, `invalid-argument`
 */
export async function readRollupConfig(
  args: Arguments<typeof NODE_OPTIONS>,
  environment: Environment,
): Promise<NodeConfig> {
  const { parseNodeConfig } = await import('../relayer/lanes/rollup/config.ts');
  const { endpointOf } = await import('./values.ts');
  const endpoints = { l1RpcUrl: endpointOf('l1', args, environment), l2RpcUrl: endpointOf('l2', args, environment) };
  const flags = { ...flagsOf(args, { ...COMMON_SETTINGS, ...ROLLUP_SETTINGS }), ...endpoints };
  return parseNodeConfig(await sourcesOf(flags, args, environment));
}

/**
 * The settings of a node on an omnichain lane, likewise.
 * @throws {XdmError} `invalid-config`, `invalid-argument`
 */
export async function readOmnichainConfig(
  args: Arguments<typeof ANY_NODE_OPTIONS>,
  environment: Environment,
): Promise<OmnichainConfig> {
  const { parseOmnichainConfig } = await import('../relayer/lanes/omnichain/config.ts');
  const settings = { ...COMMON_SETTINGS, ...OMNICHAIN_SETTINGS };
  const flags = { ...flagsOf(args, settings), rpcUrls: args['rpc-urls'] };
  return parseOmnichainConfig(await sourcesOf(flags, args, environment));
}

function flagsOf(args: Readonly<Record<string, unknown>>, settings: OptionsByName): Record<string, unknown> {
  return Object.fromEntries(Object.keys(settings).map((name) => [camelCase(name), args[name]]));
}

async function sourcesOf(
  flags: Readonly<Record<string, unknown>>,
  args: Arguments<typeof NODE_OPTIONS>,
  environment: Environment,
): Promise<ConfigSources> {
  const { isAccountTyped, openAccount } = await import('./signer.ts');
  const { readSettings } = await import('./settingsFile.ts');
  const privateKey = isAccountTyped(args) ? (await openAccount(args, environment)).privateKey : undefined;
  return {
    flags: { ...flags, privateKey },
    environment: environment.variables,
    file: readSettings({ config: args.config, deploymentFile: deploymentPath(args, environment) }),
  };
}

function camelCase(name: string): string {
  return name.replaceAll(/-[a-z]/gu, (letter) => letter.slice(1).toUpperCase());
}
