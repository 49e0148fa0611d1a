import type { LaneClient } from '../../../sdk/chain/client.ts';
import { nodesOf } from '../../../sdk/chain/rpc.ts';
import type { Duty } from '../../duty.ts';
import type { Work } from '../../pipeline.ts';
import { gweiToWei } from '../../settings/amounts.ts';
import type { StageContext } from '../../stages/stage.ts';
import type { TransactionEngine } from '../../tx/engine.ts';
import { newEngines } from '../../tx/engines.ts';
import { Signers } from '../../tx/signers.ts';
import type { NodeConfig } from './config.ts';
import { proposerDuty, sequencerDuty, watchtowerDuties } from './duties.ts';
import { keysOf, signingRoles, type SigningRole } from './keys.ts';
import { rollupLane, type RollupLane } from './rollupLane.ts';
import type { SequencedQueue } from './sequencedQueue.ts';
import type { ProposedChain } from './stages/propose.ts';
import type { WatchedLane } from './watchtower.ts';
import { withWatchtower } from './watchtowerSources.ts';

/** What the settings give a node to do on a lane. */
export async function workOf(client: LaneClient, config: NodeConfig, means: StageContext): Promise<Work> {
  const engines = newEngines(config, means);
  const l1 = { chainId: Number(client.lane.l1ChainId), provider: client.l1 };
  const signing = signingRoles(config);
  const enginesFor = (role: SigningRole): TransactionEngine[] =>
    signing.includes(role) ? keysOf(role, config).map((key) => engines.of(l1, key)) : [];
  const engineOf = (role: SigningRole): TransactionEngine | undefined => enginesFor(role)[0];
  const relaying = enginesFor('relayer');
  const proposer = engineOf('proposer');
  const dataFeePerByte = gweiToWei(config.dataFeePerByte);
  const signers = relaying.length === 0 ? undefined : new Signers(relaying);
  const lane = await rollupLane(means.store.db, client, {
    relaying: signers && { signers, dataFeePerByte },
    isSequencing: config.roles.includes('sequencer'),
  });
  const watched = config.roles.includes('watchtower')
    ? watchedLane(client, config, { lane, challenger: engineOf('challenger') })
    : undefined;
  const proposing = proposer && proposalDuty(client, config, { engine: proposer, watched });
  return {
    chains: chainsOf(client, config, watched === undefined ? lane : withWatchtower(client, lane)),
    routes: [lane.l1ToL2, lane.l2ToL1],
    engines: engines.all(),
    duties: [
      ...(config.roles.includes('sequencer') ? queuesOf(client, config, lane).map(sequencerDuty) : []),
      ...(proposing === undefined ? [] : [proposing]),
      ...(watched === undefined ? [] : watchtowerDuties(watched)),
    ],
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

function queuesOf({ lane, l1, l2 }: LaneClient, config: NodeConfig, { l1ToL2 }: RollupLane): SequencedQueue[] {
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

function proposalDuty(
  client: LaneClient,
  { proposalFinality: finality, maxBatchSize, proposalInterval }: NodeConfig,
  { engine, watched }: Pick<ProposedChain, 'engine' | 'watched'>,
): Duty {
  return proposerDuty({ client, engine, finality, maxBatchSize, watched }, proposalInterval);
}
