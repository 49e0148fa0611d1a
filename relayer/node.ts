import { keccak256 } from 'ethers';
import type { Logger } from 'pino';

import { connectLane, disconnect, type ConnectLaneOptions, type LaneClient } from '../sdk/chain/client.ts';
import type { Deployment } from '../sdk/core/deployment.ts';
import { keccak } from '../sdk/core/keccak.ts';
import type { NodeConfig } from './lanes/rollup/config.ts';
import { openOutside, type Outside } from './http/start.ts';
import { verifyOnlyLane } from './lanes/rollup/routes.ts';
import { observeEndpoints } from './telemetry/observeEndpoints.ts';
import { pipelineOf } from './pipeline.ts';
import { startReplica, type Activity, type NodeState, type Replica } from './replica.ts';
import { runStages } from './runStages.ts';
import { signersOf, verifyKeys } from './lanes/rollup/keys.ts';
import { nodeTransport } from './nodeTransport.ts';
import { newSignals } from './signals.ts';
import type { StageContext } from './stages/stage.ts';
import type { Claim, Lease } from './store/lease.ts';
import { isPostgres, showStore } from './store/location.ts';
import { openStore, type Store } from './store/store.ts';
import { forgetFinished } from './store/transactions.ts';
import { workOf } from './lanes/rollup/work.ts';

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
 * Starts a node on a lane. When it returns, both chains have answered and every role has what it needs; where the store is on
 * Postgres, another replica may act for the lane, and this one stands by.
 * @throws {XdmError} `rpc-unreachable`, `wrong-chain`, `in-use` for a SQLite file that another node has, what else `openStore`
 * throws, `unauthorized` for a proposer's or challenger's key that is not theirs, `invalid-config` without a key that a role needs
 */
export async function startNode(lane: Deployment, config: NodeConfig, logger: Logger): Promise<RelayerNode> {
  // Signing a batch of hundreds of messages is hashing 120 kB, three times.
  keccak256.register(keccak);
  const store = await openStore(config.store);
  const connections: Connection[] = [];
  let outside: Outside | undefined;
  try {
    if (isPostgres(config.store)) await verifyOnlyLane(store.db, lane, showStore(config.store));
    const signals = newSignals();
    const means = { ...config, observer: observeEndpoints(signals, logger) };
    const first = await openConnection(lane, means);
    connections.push(first);
    await verifyKeys(first.client, config);
    const own: { replica?: Replica } = {};
    const signers = signersOf(config);
    const state = (): NodeState => own.replica?.state() ?? 'standby';
    const shown = await openOutside({ lane, config, store, signals, logger, signers, state });
    outside = shown;
    const replica = await startReplica({
      store,
      claim: claimOf(lane, config),
      logger,
      signals,
      // The first connection is there already.
      begin: async (held) => {
        const { client, under } = connections.pop() ?? (await openConnection(lane, means));
        under.lease = held.lease;
        return await act(client, config, { store: held, logger, signals, outside: shown });
      },
    });
    own.replica = replica;
    logger.info({ roles: config.roles, l1: lane.l1ChainId, l2: lane.l2ChainId }, 'the node runs');
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
    for (const { client } of connections.splice(0)) disconnect(client);
  }
}

/** A connection to both chains, and the lease under which it is used, once there is one. */
interface Connection {
  readonly client: LaneClient;
  readonly under: { lease?: Lease };
}

/** Connects so that no transaction leaves after the lease has ended, however long it has waited for its turn. */
async function openConnection(lane: Deployment, options: ConnectLaneOptions): Promise<Connection> {
  const under: Connection['under'] = {};
  const guard = (method: string): void => {
    if (method.startsWith('eth_sendRawTransaction')) under.lease?.verify();
  };
  return { client: await connectLane(lane, { ...options, guard, transport: nodeTransport }), under };
}

/** What nobody else may do meanwhile. */
function claimOf(lane: Deployment, config: NodeConfig): Claim {
  const { l1ChainId, l1Messenger, l2ChainId, l2Messenger, canonicalTransactionChain } = lane;
  return {
    lane: `${l1ChainId}:${l1Messenger} ${l2ChainId}:${l2Messenger}`,
    resources: [
      ...signersOf(config).map((address) => `account ${address} on chain ${l1ChainId}`),
      ...(config.roles.includes('sequencer') ? [`queue ${canonicalTransactionChain} of chain ${l1ChainId}`] : []),
    ],
  };
}

/** Runs the stages on a connection, which is closed with them. */
async function act(
  client: LaneClient,
  config: NodeConfig,
  { outside, ...means }: StageContext & { readonly outside: Outside },
): Promise<Activity> {
  try {
    const work = await workOf(client, config, means);
    const intervals = { poll: config.pollInterval, store: STORE_INTERVAL_MS };
    const stages = [
      ...pipelineOf(work, intervals, means),
      { name: 'compact', interval: COMPACT_INTERVAL_MS, run: async () => await compact(means.store) },
    ];
    const running = runStages(outside.begin(stages, client.l1), means.logger);
    return {
      async stop() {
        const isSettled = await running.stop(() => disconnect(client));
        outside.end();
        disconnect(client);
        return isSettled;
      },
    };
  } catch (error) {
    disconnect(client);
    throw error;
  }
}

async function compact(store: Store): Promise<number> {
  await store.write(forgetFinished);
  await store.compact();
  return 0;
}
