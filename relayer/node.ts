import { keccak256 } from 'ethers';
import type { Logger } from 'pino';

import { keccak } from '../sdk/core/keccak.ts';
import { openOutside, type Outside } from './http/start.ts';
import { verifyOnlyLane } from './lanes/laneRoutes.ts';
import type { ConnectionMeans, LaneConnection, NodeLane } from './lanes/nodeLane.ts';
import { observeEndpoints } from './telemetry/observeEndpoints.ts';
import { pipelineOf } from './pipeline.ts';
import { startReplica, type Activity, type NodeState, type Replica } from './replica.ts';
import { runStages } from './runStages.ts';
import { nodeTransport } from './nodeTransport.ts';
import type { NodeSettings } from './settings/common.ts';
import { newSignals } from './signals.ts';
import { endStaleAlarms } from './staleAlarms.ts';
import type { StageContext } from './stages/stage.ts';
import type { Claim, Lease } from './store/lease.ts';
import { isPostgres, showStore } from './store/location.ts';
import { openStore, type Store } from './store/store.ts';
import { forgetFinished } from './store/transactions.ts';

/** A node that runs. */
export interface RelayerNode {
  /** Whether it acts for the lane, or another replica does. */
  state(): NodeState;
  /** Where health, metrics and what can be read are served, if they are. */
  readonly httpUrl: string | undefined;
  /** Ends every stage after its pass, or after a few seconds where an endpoint does not answer, and closes store and connections. */
  stop(): Promise<void>;
}

/** Milliseconds between two looks at the store, where nothing has moved: what waits for a time alone is seen by them. */
const STORE_INTERVAL_MS = 1000;

/** Milliseconds between two times that the store gives back the room of what was deleted. */
const COMPACT_INTERVAL_MS = 10_000;

/**
 * Starts a node on a lane. When it returns, all chains that the lane cannot do without have answered and every role has what it needs; where the store is on
 * Postgres, another replica may act for the lane, and this one stands by.
 * @throws {XdmError} `rpc-unreachable`, `wrong-chain`, `in-use` for a SQLite file that another node has, what else `openStore`
 * throws, `unauthorized` for a key that is not of the role that it is given for
 */
export async function startNode(lane: NodeLane, logger: Logger): Promise<RelayerNode> {
  // Signing a batch of hundreds of messages is hashing 120 kB, three times.
  keccak256.register(keccak);
  const { settings } = lane;
  const store = await openStore(settings.store);
  const connections: Connection[] = [];
  let outside: Outside | undefined;
  try {
    if (isPostgres(settings.store)) await verifyOnlyLane(store.db, lane.routes, showStore(settings.store));
    const signals = newSignals();
    const observer = observeEndpoints(signals, logger);
    const first = await openConnection(lane, observer);
    connections.push(first);
    await first.chains.verify();
    const own: { replica?: Replica } = {};
    const state = (): NodeState => own.replica?.state() ?? 'standby';
    const shown = await openOutside({ lane, store, signals, logger, state });
    outside = shown;
    const replica = await startReplica({
      store,
      claim: claimOf(lane),
      logger,
      signals,
      // The first connection is there already.
      begin: async (held) => {
        const { chains, under } = connections.pop() ?? (await openConnection(lane, observer));
        under.lease = held.lease;
        return await act(chains, settings, { store: held, logger, signals, outside: shown });
      },
    });
    own.replica = replica;
    const chainIds = Object.fromEntries(lane.routes.map(({ from, sourceChainId }) => [from, sourceChainId]));
    logger.info({ roles: settings.roles, ...chainIds }, 'the node runs');
    return {
      state: replica.state,
      httpUrl: shown.url,
      async stop() {
        await replica.stop();
        await shown.close();
        await store.close();
        logger.info('the node has stopped');
      },
    };
  } catch (error) {
    await outside?.close();
    await store.close();
    throw error;
  } finally {
    // Who stands by asks the chains nothing.
    for (const { chains } of connections.splice(0)) chains.disconnect();
  }
}

/** A connection to the lane's chains, and the lease under which it is used, once there is one. */
interface Connection {
  readonly chains: LaneConnection;
  readonly under: { lease?: Lease };
}

/** Connects so that no transaction leaves after the lease has ended, however long it has waited for its turn. */
async function openConnection(lane: NodeLane, observer: ConnectionMeans['observer']): Promise<Connection> {
  const under: Connection['under'] = {};
  const guard = (method: string): void => {
    if (method.startsWith('eth_sendRawTransaction')) under.lease?.verify();
  };
  return { chains: await lane.connect({ observer, guard, transport: nodeTransport }), under };
}

/** What nobody else may do meanwhile. */
function claimOf({ name, signers, resources }: NodeLane): Claim {
  const accounts = signers.map(({ address, chainId }) => `account ${address} on chain ${chainId}`);
  return { lane: name, resources: [...accounts, ...resources] };
}

/** Runs the stages on a connection, which is closed with them. */
async function act(
  chains: LaneConnection,
  { pollInterval }: NodeSettings,
  { outside, ...context }: StageContext & { readonly outside: Outside },
): Promise<Activity> {
  try {
    const work = await chains.workOf(context);
    await endStaleAlarms(work, context);
    const stages = [
      ...pipelineOf(work, { poll: pollInterval, store: STORE_INTERVAL_MS }, context),
      { name: 'compact', interval: COMPACT_INTERVAL_MS, run: async () => await compact(context.store) },
    ];
    const running = runStages(outside.begin(stages, chains.providers), context.logger);
    return {
      async stop() {
        const isSettled = await running.stop(() => chains.disconnect());
        outside.end();
        chains.disconnect();
        return isSettled;
      },
    };
  } catch (error) {
    chains.disconnect();
    throw error;
  }
}

async function compact(store: Store): Promise<number> {
  await store.write(forgetFinished);
  await store.compact();
  return 0;
}
