import { id, toQuantity } from 'ethers';

import type { AlarmKind } from '../../relayer/alarm.ts';
import { newSignals } from '../../relayer/signals.ts';
import { challenge } from '../../relayer/lanes/rollup/stages/challenge.ts';
import { checkBatches } from '../../relayer/lanes/rollup/stages/checkBatches.ts';
import { checkDeposits } from '../../relayer/lanes/rollup/stages/checkDeposits.ts';
import type { StageContext } from '../../relayer/stages/stage.ts';
import { openAlarms } from '../../relayer/store/alarms.ts';
import type { WatchedLane } from '../../relayer/lanes/rollup/watchtower.ts';
import { stateCommitmentChainOf } from '../../sdk/chain/contracts.ts';
import { parseStateBatches } from '../../sdk/chain/logs.ts';
import { waitForReceipt } from '../../sdk/chain/receipts.ts';
import type { StateBatch } from '../../sdk/chain/stateBatches.ts';
import { buildStateBatchTree } from '../../sdk/core/stateBatchTree.ts';
import { mined, type LaneNode } from './laneNode.ts';
import { listeningLogger } from './logger.ts';
import type { Fault } from './rpcProxy.ts';
import type { RpcRequest } from './rpcServer.ts';

/** The watchtower of a node, stage by stage. */
export interface Watchtower {
  /** What it is told beside the lane, from the next step on. */
  options: Partial<WatchedLane>;
  lane(): WatchedLane;
  context(): StageContext;
  /** Goes on until nothing moves. Returns what each pass has moved. */
  checkDeposits(): Promise<number[]>;
  /** The same, whatever was put off. */
  checkBatches(): Promise<void>;
  /** Reads both chains, and checks the batches. */
  look(): Promise<void>;
  challenge(): Promise<number>;
  /** Lets a challenge be seen as mined. */
  settle(): Promise<void>;
  /** What is thought of the batches that are not done with. */
  verdicts(): Promise<string[]>;
  /** Commits what nobody has computed, for all L2 blocks that no batch covers yet. */
  commitFalse(): Promise<StateBatch>;
  /** What the alarms of a kind are about. */
  alarms(kind: AlarmKind): Promise<string[]>;
  /** What the alarms of a kind say. */
  messages(kind: AlarmKind): Promise<string[]>;
}

export function watchtowerOn(node: LaneNode): Watchtower {
  const signals = newSignals();
  const context = (): StageContext => ({ store: node.store, logger: listeningLogger().logger, signals });
  const lane = (): WatchedLane => ({
    client: node.client,
    l1ToL2: node.lane.l1ToL2.id,
    l2ToL1: node.lane.l2ToL1.id,
    l2Nodes: [node.client.l2],
    queueFinality: 'latest',
    acceptedDeposits: [],
    ...tower.options,
  });
  const open = async (kind: AlarmKind) =>
    (await openAlarms(node.store.db))
      .filter((alarm) => alarm.kind === kind)
      .toSorted((a, b) => a.raisedAt - b.raisedAt);
  const checkAll = async (): Promise<void> => {
    // What was never put off stays so.
    await node.store.db.updateTable('batchChecks').set({ nextCheckAt: 1 }).where('nextCheckAt', '>', 0).execute();
    for (let moved = 1; moved > 0;) moved = await checkBatches(lane(), context());
  };
  const tower: Watchtower = {
    options: {},
    lane,
    context,
    async checkDeposits() {
      const moved: number[] = [];
      do moved.push(await checkDeposits(lane(), context()));
      while (moved.at(-1) !== 0);
      return moved;
    },
    checkBatches: checkAll,
    async look() {
      await node.read();
      await checkAll();
    },
    async settle() {
      await mined(node.chains.l1.provider);
      await node.read();
      await node.proposer.advance();
    },
    async verdicts() {
      const rows = await node.store.db.selectFrom('batchChecks').selectAll().orderBy('batchEventId').execute();
      return rows.map(({ verdict, condemned }) => (condemned === 1 ? `${verdict}, condemned` : verdict));
    },
    commitFalse: async () => await commitFalse(node),
    challenge: async () => {
      const { challenger = node.proposer } = lane();
      return await challenge({ ...lane(), challenger }, context());
    },
    alarms: async (kind) => (await open(kind)).map(({ subject }) => subject),
    messages: async (kind) => (await open(kind)).map(({ message }) => message),
  };
  return tower;
}

async function commitFalse({ chains: { lane, l1, l2 } }: LaneNode): Promise<StateBatch> {
  const chain = stateCommitmentChainOf(lane, l1.account(0));
  const start = Number(await chain.getTotalElements());
  const size = (await l2.provider.getBlockNumber()) + 1 - start;
  const roots = Array.from({ length: size }, (_, index) => id(`false ${index}`));
  const { root } = buildStateBatchTree(roots);
  const { hash } = await chain.appendStateBatch(root, size, BigInt(start), { gasLimit: 150_000n });
  const { logs } = await waitForReceipt(l1.provider, hash);
  return parseStateBatches(logs, lane.stateCommitmentChain)[0]!;
}

/** Has a node behind a proxy answer with another state root for a block. */
export function changedRoot(number: number): (request: RpcRequest) => Fault | undefined {
  const change = (block: unknown): unknown => ({
    ...(block as object),
    hash: id('fork'),
    stateRoot: id('forked state'),
  });
  return ({ method, params }) =>
    method === 'eth_getBlockByNumber' && params[0] === toQuantity(number) ? { kind: 'changed', change } : undefined;
}
