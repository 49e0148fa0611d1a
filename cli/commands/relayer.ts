import { defineCommand } from '../command.ts';
import { EXIT } from '../exitCodes.ts';
import { ANY_NODE_OPTIONS } from '../nodeSettings.ts';

export const relayer = defineCommand({
  name: 'relayer',
  parameters: '',
  arity: 0,
  summary: 'Runs the node: it delivers messages, and keeps going what a lane needs for that',
  details: `On a rollup's lane it executes the queue, commits state roots, relays messages, and watches over
both; on an omnichain lane it proves messages to the next chain on their way (the role messenger),
and keeps the light clients in sync (maintainer).

Settings come from options, from variables such as XDM_POLL_INTERVAL, and from a JSON file with
names such as pollInterval; what comes first wins. Logs are JSON lines on stderr. SIGTERM lets it
finish what it is at, and ends it.

Any number of replicas may share a store on Postgres: one acts, the others stand by. Nodes with
stores of their own are no replicas of each other: exactly one per lane may have the role
sequencer then, or an element of the queue could be executed twice.

A URL with a password is better given in XDM_STORE: other users of the machine can see options.`,
  options: ANY_NODE_OPTIONS,
  async run(args, { environment, output }) {
    const stopped = environment.untilStopped();
    const { readNodeLane } = await import('../laneKind.ts');
    const { startNode } = await import('../../relayer/node.ts');
    const { showStore } = await import('../../relayer/store/location.ts');
    const { logDestination, nodeLogger } = await import('../../relayer/telemetry/nodeLogger.ts');

    const lane = await readNodeLane(args, environment);
    // Logs are for stderr: stdout has the result alone.
    const logger = nodeLogger(lane, logDestination(2));
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
