import { Wallet, type BaseWallet } from 'ethers';

import type { LaneClient } from '../../../sdk/chain/client.ts';
import { nodesOf } from '../../../sdk/chain/rpc.ts';
import type { NodeConfig } from './config.ts';
import { keysOf, signingRoles, type SigningRole } from './keys.ts';
import { rollupLane, type RollupLane } from './rollupLane.ts';
import { withWatchtower } from './watchtowerSources.ts';
import type { Work } from '../../pipeline.ts';
import type { StageContext } from '../../stages/stage.ts';
import { TransactionEngine } from '../../tx/engine.ts';
import { Signers } from '../../tx/signers.ts';
import type { WatchedLane } from './watchtower.ts';

/** What the settings give a node to do on a lane. */
export async function workOf(client: LaneClient, config: NodeConfig, means: StageContext): Promise<Work> {
  const engines = enginesOf(client, config, means);
  const signing = signingRoles(config);
  const enginesFor = (role: SigningRole): TransactionEngine[] => (signing.includes(role) ? engines.of(role) : []);
  const engineOf = (role: SigningRole): TransactionEngine | undefined => enginesFor(role)[0];
  const relaying = enginesFor('relayer');
  const proposing = engineOf('proposer');
  const dataFeePerByte = toWei(config.dataFeePerByte);
  const signers = relaying.length === 0 ? undefined : new Signers(relaying);
  const lane = await rollupLane(means.store.db, client, {
    relaying: signers && { signers, dataFeePerByte },
    isSequencing: config.roles.includes('sequencer'),
  });
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
