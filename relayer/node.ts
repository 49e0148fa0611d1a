import { computeAddress, Wallet, type BaseWallet } from 'ethers';
import type { Logger } from 'pino';

import { connectLane, disconnect, type ConnectLaneOptions, type LaneClient } from '../sdk/chain/client.ts';
import { stateCommitmentChainOf } from '../sdk/chain/contracts.ts';
import type { Deployment } from '../sdk/core/deployment.ts';
import { XdmError } from '../sdk/core/errors.ts';
import type { NodeConfig, Role } from './config.ts';
import { openOutside, type Outside } from './http/start.ts';
import { rollupLane, type RollupLane } from './lanes/rollup.ts';
import { verifyOnlyLane } from './lanes/rollupRoutes.ts';
import { observeEndpoints } from './observeEndpoints.ts';
import { pipelineOf, type Work } from './pipeline.ts';
import { startReplica, type Activity, type NodeState, type Replica } from './replica.ts';
import { runStages } from './runStages.ts';
import { newSignals } from './signals.ts';
import type { StageContext } from './stages/stage.ts';
import type { Claim, Lease } from './store/lease.ts';
import { isPostgres, showStore } from './store/location.ts';
import { openStore, type Store } from './store/store.ts';
import { forgetFinished } from './store/transactions.ts';
import { TransactionEngine } from './tx/engine.ts';

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
 * throws, `unauthorized` for a proposer's key that is not the proposer's, `invalid-config` without a key that a role needs
 */
export async function startNode(lane: Deployment, config: NodeConfig, logger: Logger): Promise<RelayerNode> {
  const store = await openStore(config.store);
  const connections: Connection[] = [];
  let outside: Outside | undefined;
  try {
    if (isPostgres(config.store)) await verifyOnlyLane(store.db, lane, showStore(config.store));
    const signals = newSignals();
    const means = { ...config, observer: observeEndpoints(signals, logger) };
    const first = await openConnection(lane, means);
    connections.push(first);
    if (config.roles.includes('proposer')) await checkProposer(first.client, addressOf('proposer', config));
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

/** Accounts on L1 that the roles sign with. */
function signersOf(config: NodeConfig): string[] {
  return [...new Set(SIGNERS.filter((role) => config.roles.includes(role)).map((role) => addressOf(role, config)))];
}

/** Runs the stages on a connection, which is closed with them. */
async function act(
  client: LaneClient,
  config: NodeConfig,
  { outside, ...means }: StageContext & { readonly outside: Outside },
): Promise<Activity> {
  try {
    const work = await workOf(client, config, means);
    const intervals = { poll: config.pollInterval, store: STORE_INTERVAL_MS, propose: config.proposalInterval };
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
  const has = (role: Role): boolean => config.roles.includes(role);
  const relaying = has('relayer') ? engines.of('relayer') : undefined;
  const proposing = has('proposer') ? engines.of('proposer') : undefined;
  const dataFeePerByte = toWei(config.dataFeePerByte);
  const lane = await rollupLane(means.store.db, client, relaying && { engine: relaying, dataFeePerByte });
  return {
    chains: chainsOf(client, config, lane),
    routes: [lane.l1ToL2, lane.l2ToL1],
    engines: engines.all(),
    queues: has('sequencer') ? queuesOf(client, config, lane) : [],
    proposals:
      proposing === undefined
        ? []
        : [{ client, engine: proposing, finality: config.proposalFinality, maxBatchSize: config.maxBatchSize }],
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

function queuesOf({ lane, l1, l2 }: LaneClient, config: NodeConfig, { l1ToL2 }: RollupLane): Work['queues'] {
  if (lane.deposits === 'derived') return [];
  return [{ routeId: l1ToL2.id, l1ChainId: Number(lane.l1ChainId), l1, l2, finality: config.queueFinality }];
}

/** One engine for an account, whatever roles it has. */
function enginesOf(client: LaneClient, config: NodeConfig, { store, logger, signals }: StageContext) {
  const engines = new Map<string, TransactionEngine>();
  return {
    all: () => [...engines.values()],
    of(role: SignerRole): TransactionEngine {
      const wallet: BaseWallet = new Wallet(keyOf(role, config));
      const engine =
        engines.get(wallet.address) ??
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
      engines.set(wallet.address, engine);
      return engine;
    },
  };
}

function toWei(gwei: number): bigint {
  return BigInt(Math.round(gwei * 1e9));
}

/** Roles that send transactions. */
const SIGNERS = ['relayer', 'proposer'] as const;

type SignerRole = (typeof SIGNERS)[number];

function addressOf(role: SignerRole, config: NodeConfig): string {
  return computeAddress(keyOf(role, config));
}

function keyOf(role: SignerRole, { privateKey, proposerPrivateKey }: NodeConfig): string {
  const key = role === 'proposer' ? (proposerPrivateKey ?? privateKey) : privateKey;
  if (key !== undefined) return key;
  throw new XdmError('invalid-config', `the role "${role}" needs a private key on L1`, {
    hint: 'give one with --private-key, or choose other roles with --roles',
  });
}

async function checkProposer(client: LaneClient, address: string): Promise<void> {
  const proposer = await stateCommitmentChainOf(client.lane, client.l1).proposer();
  if (proposer === address) return;
  throw new XdmError('unauthorized', `the lane's proposer is ${proposer}, and the key given is that of ${address}`, {
    hint: "give the proposer's key with --proposer-private-key, or leave its role to another node with --roles",
  });
}
