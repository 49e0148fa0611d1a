import type { Route, WatchedChain } from './route.ts';
import type { SequencedQueue } from './lanes/rollup/sequencedQueue.ts';
import { challenge } from './lanes/rollup/stages/challenge.ts';
import { checkBatches } from './lanes/rollup/stages/checkBatches.ts';
import { checkDeposits } from './lanes/rollup/stages/checkDeposits.ts';
import { confirm } from './stages/confirm.ts';
import { propose, type ProposedChain } from './lanes/rollup/stages/propose.ts';
import { follow } from './stages/follow.ts';
import { prove } from './stages/prove.ts';
import { sequence } from './lanes/rollup/stages/sequence.ts';
import type { Stage, StageContext } from './stages/stage.ts';
import { isHalted } from './store/alarms.ts';
import { isAtWork } from './store/atWork.ts';
import { submit } from './stages/submit.ts';
import type { TransactionEngine } from './tx/engine.ts';
import type { WatchedLane } from './lanes/rollup/watchtower.ts';

/** What a node works on. A new kind of lane brings more of these, and changes nothing below. */
export interface Work {
  readonly chains: readonly WatchedChain[];
  readonly routes: readonly Route[];
  /** Queues that are executed here. */
  readonly queues: readonly SequencedQueue[];
  /** Chains whose state roots are committed here. */
  readonly proposals: readonly ProposedChain[];
  readonly engines: readonly TransactionEngine[];
  /** Lanes that are watched for what others do to them. */
  readonly watched: readonly WatchedLane[];
}

/** Milliseconds between two looks. */
export interface Intervals {
  /** At a chain. */
  readonly poll: number;
  /** At the store. */
  readonly store: number;
  /** Between two state batches. */
  readonly propose: number;
  /** Of the watchtower. */
  readonly watchtower: number;
}

/**
 * Everything the node does. Data flows one way, the store is the only state that is shared, and no stage calls another:
 *
 *     source chain                                                             destination chain
 *          |                                                                          ^  |
 *          v                                                                          |  v
 *        watch ---> [sent] ---> prove ---> [proven] ---> submit ---> [submitted] ---> confirm ---> [relayed | failed]
 *                                                           |                            ^
 *                                                           v                            |
 *                                                    transaction engine                watch
 *
 * `[...]` is the stage of a message in the store. One transaction can deliver many messages, and another one, which proves the root
 * of their tree, can go before it. A message can skip what others did for it: one that somebody else relays
 * goes from wherever it is to `[relayed]`. Beside it two roles keep a rollup going that does not do so itself: `sequence`
 * executes the queue on L2, `propose` commits L2's state roots to L1. And the watchtower looks at what others do to the lane:
 * `checkDeposits` compares what L2 executes with the queue, `checkBatches` what was committed with L2, and `challenge` deletes
 * what is false.
 *
 * While an alarm lasts that halts the lane, nothing new is done on its word: chains are read, transactions that were sent are looked
 * after, and what was delivered is seen, but nothing is proven, submitted, executed or committed.
 */
export function pipelineOf(work: Work, intervals: Intervals, context: StageContext): Stage[] {
  const { chains, routes, queues, proposals, engines, watched } = work;
  const byChain = { interval: intervals.poll };
  // Most passes of most nodes: one question tells that there is nothing to do.
  const byStore = (name: string, run: () => Promise<number>): Stage => ({
    name,
    interval: intervals.store,
    isWoken: true,
    run: async () => ((await isAtWork(context.store.db)) ? await run() : 0),
  });
  const unlessHalted = (run: () => Promise<number>) => async () =>
    (await isHalted(context.store.db)) ? 0 : await run();
  return [
    ...chains.map((chain) => follow(chain, intervals.poll, context)),
    ...routes.flatMap((route) => [
      byStore(
        `prove ${route.name}`,
        unlessHalted(async () => await prove(route, context)),
      ),
      byStore(
        `submit ${route.name}`,
        unlessHalted(async () => await submit(route, context)),
      ),
      byStore(`confirm ${route.name}`, async () => await confirm(route, context)),
    ]),
    ...engines.map((engine) => ({
      ...byChain,
      name: `transactions of ${engine.address}`,
      run: async () => await engine.advance(),
    })),
    ...queues.map((queue) =>
      byStore(
        `sequence ${queue.l1ChainId}`,
        unlessHalted(async () => await sequence(queue, context)),
      ),
    ),
    ...proposals.map((chain) => ({
      interval: intervals.propose,
      name: `propose ${chain.client.lane.l2ChainId}`,
      run: unlessHalted(async () => await propose(chain, context)),
    })),
    ...watched.flatMap((lane) => watchtowerOf(lane, intervals, context)),
  ];
}

/** Not halted by an alarm: what it looks for is what alarms are raised for. */
function watchtowerOf(lane: WatchedLane, { watchtower: interval }: Intervals, context: StageContext): Stage[] {
  const name = Number(lane.client.lane.l2ChainId);
  const { challenger } = lane;
  return [
    { interval, name: `check deposits of ${name}`, run: async () => await checkDeposits(lane, context) },
    { interval, name: `check batches of ${name}`, run: async () => await checkBatches(lane, context) },
    ...(challenger === undefined
      ? []
      : [{ interval, name: `challenge ${name}`, run: async () => await challenge({ ...lane, challenger }, context) }]),
  ];
}
