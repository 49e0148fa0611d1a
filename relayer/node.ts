import { Wallet, type BaseWallet } from 'ethers';
import type { Logger } from 'pino';

import { connectLane, disconnect, type LaneClient } from '../sdk/chain/client.ts';
import { stateCommitmentChainOf } from '../sdk/chain/contracts.ts';
import type { Deployment } from '../sdk/core/deployment.ts';
import { XdmError } from '../sdk/core/errors.ts';
import type { NodeConfig, Role } from './config.ts';
import { rollupLane, type RollupLane } from './lanes/rollup.ts';
import { pipelineOf, type Work } from './pipeline.ts';
import { runStages } from './runStages.ts';
import { newSignals } from './signals.ts';
import type { StageContext } from './stages/stage.ts';
import { openStore, type Store } from './store/store.ts';
import { forgetFinished } from './store/transactions.ts';
import { TransactionEngine } from './tx/engine.ts';

/** A node that runs. */
export interface RelayerNode {
  /** Ends every stage after its pass, or after a few seconds where an endpoint does not answer, and closes store and connections. */
  stop(): Promise<void>;
}

/** Milliseconds between two looks at the store. */
const STORE_INTERVAL_MS = 200;

/** Milliseconds between two times that the store gives back the room of what was deleted. */
const COMPACT_INTERVAL_MS = 10_000;

/**
 * Starts a node on a lane. When it returns, both chains have answered and every role has what it needs.
 * @throws {XdmError} `rpc-unreachable`, `wrong-chain`, `in-use` for a store that another node has, `unauthorized` for a
 * proposer's key that is not the proposer's, `invalid-config` without a key that a role needs
 */
export async function startNode(lane: Deployment, config: NodeConfig, logger: Logger): Promise<RelayerNode> {
  const store = await openStore(config.store);
  let client: LaneClient | undefined;
  try {
    client = await connectLane(lane, config);
    const means = { store, logger, signals: newSignals() };
    const work = await workOf(client, config, means);
    const intervals = { poll: config.pollInterval, store: STORE_INTERVAL_MS, propose: config.proposalInterval };
    const stages = [
      ...pipelineOf(work, intervals, means),
      { name: 'compact', interval: COMPACT_INTERVAL_MS, run: async () => await compact(store) },
    ];
    const running = runStages(stages, logger);
    logger.info({ roles: config.roles, l1: lane.l1ChainId, l2: lane.l2ChainId }, 'the node runs');
    return {
      async stop() {
        const connections = client;
        await running.stop(() => {
          if (connections !== undefined) disconnect(connections);
        });
        if (client !== undefined) disconnect(client);
        await store.close();
        logger.info('the node has stopped');
      },
    };
  } catch (error) {
    if (client !== undefined) disconnect(client);
    await store.close();
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
  const relaying = has('relayer') ? engines.of('relayer', config.privateKey) : undefined;
  const proposing = has('proposer')
    ? engines.of('proposer', config.proposerPrivateKey ?? config.privateKey)
    : undefined;
  if (proposing !== undefined) await checkProposer(client, proposing.address);

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
    of(role: Role, key: string | undefined): TransactionEngine {
      const wallet: BaseWallet = new Wallet(key ?? missingKey(role));
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

function missingKey(role: Role): never {
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
