import { keccak256, Wallet, type BaseWallet } from 'ethers';
import type { Logger } from 'pino';

import { connectLane, disconnect, type ConnectLaneOptions, type LaneClient } from '../sdk/chain/client.ts';
import { nodesOf } from '../sdk/chain/rpc.ts';
import type { Deployment } from '../sdk/core/deployment.ts';
import { keccak } from '../sdk/core/keccak.ts';
import type { NodeConfig } from './config.ts';
import { openOutside, type Outside } from './http/start.ts';
import { rollupLane, type RollupLane } from './lanes/rollup.ts';
import { verifyOnlyLane } from './lanes/rollupRoutes.ts';
import { withWatchtower } from './lanes/watchtowerSources.ts';
import { observeEndpoints } from './observeEndpoints.ts';
import { pipelineOf, type Work } from './pipeline.ts';
import { startReplica, type Activity, type NodeState, type Replica } from './replica.ts';
import { runStages } from './runStages.ts';
import { keysOf, signersOf, signingRoles, verifyKeys, type SigningRole } from './keys.ts';
import { newSignals } from './signals.ts';
import type { StageContext } from './stages/stage.ts';
import type { Claim, Lease } from './store/lease.ts';
import { isPostgres, showStore } from './store/location.ts';
import { openStore, type Store } from './store/store.ts';
import { forgetFinished } from './store/transactions.ts';
import { TransactionEngine } from './tx/engine.ts';
import { Signers } from './tx/signers.ts';
import type { WatchedLane } from './watchtower.ts';

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

/** Milliseconds between two looks of the watchtower: what it looks for takes far longer to do harm. */
const WATCHTOWER_INTERVAL_MS = 2000;

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
  return { client: await connectLane(lane, { ...options, guard }), under };
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
    const { pollInterval: poll, proposalInterval } = config;
    const intervals = { poll, store: STORE_INTERVAL_MS, propose: proposalInterval, watchtower: WATCHTOWER_INTERVAL_MS };
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

async function workOf(client: LaneClient, config: NodeConfig, means: StageContext): Promise<Work> {
  const engines = enginesOf(client, config, means);
  const signing = signingRoles(config);
  const enginesFor = (role: SigningRole): TransactionEngine[] => (signing.includes(role) ? engines.of(role) : []);
  const engineOf = (role: SigningRole): TransactionEngine | undefined => enginesFor(role)[0];
  const relaying = enginesFor('relayer');
  const proposing = engineOf('proposer');
  const dataFeePerByte = toWei(config.dataFeePerByte);
  const signers = relaying.length === 0 ? undefined : new Signers(relaying);
  const lane = await rollupLane(means.store.db, client, signers && { signers, dataFeePerByte });
  const watched = config.roles.includes('watchtower')
    ? watchedLane(client, config, { lane, challenger: engineOf('challenger') })
    : undefined;
  return {
    chains: chainsOf(client, config, watched === undefined ? lane : withWatchtower(client, lane)),
    routes: [lane.l1ToL2, lane.l2ToL1],
    engines: engines.all(),
    queues: config.roles.includes('sequencer') ? queuesOf(client, config, lane) : [],
    proposals:
      proposing === undefined
        ? []
        : [
            {
              client,
              engine: proposing,
              finality: config.proposalFinality,
              maxBatchSize: config.maxBatchSize,
              watched,
            },
          ],
    watched: watched === undefined ? [] : [watched],
  };
}

function chainsOf({ lane, l1, l2 }: LaneClient, config: NodeConfig, sources: RollupLane): Work['chains'] {
  return [
    {
      chainId: Number(lane.l1ChainId),
      provider: l1,
      finality: config.l1Finality,
      deployedAt: Number(lane.l1DeployedAt),
      sources: sources.l1Sources,
    },
    {
      chainId: Number(lane.l2ChainId),
      provider: l2,
      finality: config.l2Finality,
      deployedAt: Number(lane.l2DeployedAt),
      sources: sources.l2Sources,
    },
  ];
}

function watchedLane(
  client: LaneClient,
  { queueFinality, acceptedDeposits = [] }: NodeConfig,
  { lane, challenger }: { readonly lane: RollupLane; readonly challenger: TransactionEngine | undefined },
): WatchedLane {
  return {
    client,
    l1ToL2: lane.l1ToL2.id,
    l2ToL1: lane.l2ToL1.id,
    l2Nodes: nodesOf(client.l2),
    queueFinality,
    acceptedDeposits,
    challenger,
  };
}

function queuesOf({ lane, l1, l2 }: LaneClient, config: NodeConfig, { l1ToL2 }: RollupLane): Work['queues'] {
  if (lane.deposits === 'derived') return [];
  return [
    {
      routeId: l1ToL2.id,
      l1ChainId: Number(lane.l1ChainId),
      l2ChainId: Number(lane.l2ChainId),
      l1,
      l2,
      lane,
      finality: config.queueFinality,
    },
  ];
}

/** One engine for an account, whatever roles it has. */
function enginesOf(client: LaneClient, config: NodeConfig, { store, logger, signals }: StageContext) {
  const engines = new Map<string, TransactionEngine>();
  const newEngine = (wallet: BaseWallet): TransactionEngine =>
    new TransactionEngine({
      provider: client.l1,
      wallet,
      chainId: Number(client.lane.l1ChainId),
      store,
      logger,
      signals,
      maxFeePerGas: toWei(config.maxFeePerGas),
      maxSpendPerDay: config.maxSpendPerDay === undefined ? undefined : toWei(config.maxSpendPerDay * 1e9),
      rebroadcastAfter: config.rebroadcastAfter,
      bumpAfter: config.bumpAfter,
    });
  return {
    all: () => [...engines.values()],
    of: (role: SigningRole): TransactionEngine[] =>
      keysOf(role, config).map((key) => {
        const wallet: BaseWallet = new Wallet(key);
        const engine = engines.get(wallet.address) ?? newEngine(wallet);
        engines.set(wallet.address, engine);
        return engine;
      }),
  };
}

function toWei(gwei: number): bigint {
  return BigInt(Math.round(gwei * 1e9));
}
