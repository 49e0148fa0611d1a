import type { NodeConfig } from '../../relayer/lanes/rollup/config.ts';
import { defineCommand, type Arguments, type Environment } from '../command.ts';
import { EXIT } from '../exitCodes.ts';
import { LANE_OPTIONS, SIGNER_OPTIONS } from '../options.ts';

/** Settings of the node that are options, by their name in the configuration file in kebab case. */
const SETTINGS = {
  roles: {
    type: 'string',
    requiresArg: true,
    describe: 'What it does: sequencer, proposer, relayer, watchtower, with commas between',
  },
  'relayer-private-keys': { type: 'string', requiresArg: true, describe: 'More keys that relay, with commas between' },
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
  store: {
    type: 'string',
    requiresArg: true,
    describe: 'SQLite file, or postgres://...; relayer.sqlite beside the deployment unless given',
  },
  'l1-finality': { type: 'string', requiresArg: true, describe: 'Blocks of L1 believed: latest, safe, finalized' },
  'l2-finality': { type: 'string', requiresArg: true, describe: 'Blocks of L2 believed: latest, safe, finalized' },
  'queue-finality': { type: 'string', requiresArg: true, describe: 'Blocks of L1 whose queue elements are executed' },
  'proposal-finality': { type: 'string', requiresArg: true, describe: 'Blocks of L2 whose state is committed' },
  'request-timeout': { type: 'string', requiresArg: true, describe: "Milliseconds that an endpoint's answer may take" },
  'rpc-requests-per-second': {
    type: 'string',
    requiresArg: true,
    describe: 'Most requests a second to each endpoint; as many as there are unless given',
  },
  'poll-interval': { type: 'string', requiresArg: true, describe: 'Milliseconds between two looks at a chain' },
  'proposal-interval': { type: 'string', requiresArg: true, describe: 'Milliseconds between two state batches' },
  'max-batch-size': { type: 'string', requiresArg: true, describe: 'Most state roots in a batch, 1 to 65536' },
  'rebroadcast-after': { type: 'string', requiresArg: true, describe: 'Milliseconds until one is broadcast again' },
  'bump-after': { type: 'string', requiresArg: true, describe: 'Milliseconds until a transaction pays more' },
  'max-fee-per-gas': { type: 'string', requiresArg: true, describe: 'Most gwei for a unit of gas' },
  'max-spend-per-day': { type: 'string', requiresArg: true, describe: 'Most ether that a signer spends in a day, UTC' },
  'data-fee-per-byte': {
    type: 'string',
    requiresArg: true,
    describe: 'Gwei that L1 charges for a byte of calldata beside its gas; none unless it is a rollup itself',
  },
  'http-host': { type: 'string', requiresArg: true, describe: 'Where metrics and API are served; 127.0.0.1' },
  'http-port': { type: 'string', requiresArg: true, describe: 'Their port: 7300 if it is free; 0 for any, or none' },
  'stuck-after': { type: 'string', requiresArg: true, describe: 'Milliseconds until /readyz is red without progress' },
  'log-level': { type: 'string', requiresArg: true, describe: 'debug, info, warn, error or silent' },
} as const;

/** Options of all commands that know the node's settings. */
export const NODE_OPTIONS = {
  config: {
    type: 'string',
    requiresArg: true,
    describe: 'File with settings; relayer.json beside the deployment unless given',
  },
  ...LANE_OPTIONS,
  ...SIGNER_OPTIONS,
  ...SETTINGS,
} as const;

export const relayer = defineCommand({
  name: 'relayer',
  parameters: '',
  arity: 0,
  summary: 'Runs the node: it executes the queue, commits state roots, relays messages, watches over both',
  details: `Settings come from options, from variables such as XDM_POLL_INTERVAL, and from a JSON file with
names such as pollInterval; what comes first wins. Logs are JSON lines on stderr. SIGTERM lets it
finish what it is at, and ends it.

Any number of replicas may share a store on Postgres: one acts, the others stand by. Nodes with
stores of their own are no replicas of each other: exactly one per lane may have the role sequencer
then, or an element of the queue could be executed twice.

A URL with a password is better given in XDM_STORE: other users of the machine can see options.`,
  options: NODE_OPTIONS,
  only: { kind: 'rollup', otherwise: 'take messages of this one on with `xdm transferIn ORDER`, one by one' },
  async run(args, { environment, output }) {
    const stopped = environment.untilStopped();
    const { readNodeLane } = await import('../laneKind.ts');
    const { startNode } = await import('../../relayer/node.ts');
    const { showStore } = await import('../../relayer/store/location.ts');
    const { nodeLogger } = await import('../../relayer/telemetry/nodeLogger.ts');
    const { pino } = await import('pino');

    const lane = await readNodeLane(args, environment);
    // Logs are for stderr: stdout has the result alone.
    const logger = nodeLogger(lane, pino.destination({ dest: 2, sync: true }));
    const node = await startNode(lane, logger);
    const { roles, store } = lane.settings;
    output.results([
      {
        values: {
          roles: output.json ? roles : roles.join(', '),
          store: showStore(store),
          ...Object.fromEntries(lane.routes.map(({ from, sourceChainId }) => [`${from}ChainId`, sourceChainId])),
          httpUrl: node.httpUrl,
        },
      },
    ]);
    await stopped;
    await node.stop();
    return EXIT.done;
  },
});

/**
 * The node's settings, from options, variables and its file.
 * @throws {XdmError} `invalid-config`, `invalid-argument`
 */
export async function readConfig(
  args: Arguments<typeof NODE_OPTIONS>,
  environment: Environment,
  deploymentFile: string,
): Promise<NodeConfig> {
  const { parseNodeConfig } = await import('../../relayer/lanes/rollup/config.ts');
  const { isAccountTyped, openAccount } = await import('../signer.ts');
  const { readSettings } = await import('../settingsFile.ts');
  const { endpointOf } = await import('../values.ts');
  const flags = Object.fromEntries(
    Object.keys(SETTINGS).map((name) => [camelCase(name), args[name as keyof typeof SETTINGS]]),
  );
  const merged = {
    ...flags,
    l1RpcUrl: endpointOf('l1', args, environment),
    l2RpcUrl: endpointOf('l2', args, environment),
    privateKey: isAccountTyped(args) ? (await openAccount(args, environment)).privateKey : undefined,
  };
  return parseNodeConfig({
    flags: merged,
    environment: environment.variables,
    file: readSettings({ config: args.config, deploymentFile }),
  });
}

function camelCase(name: string): string {
  return name.replaceAll(/-[a-z]/gu, (letter) => letter.slice(1).toUpperCase());
}
