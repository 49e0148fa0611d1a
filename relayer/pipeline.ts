import type { AlarmKind } from './alarm.ts';
import type { Duty } from './duty.ts';
import type { Route, WatchedChain } from './route.ts';
import { confirm } from './stages/confirm.ts';
import { follow } from './stages/follow.ts';
import { prove } from './stages/prove.ts';
import type { Stage, StageContext } from './stages/stage.ts';
import { submit } from './stages/submit.ts';
import { isHalted } from './store/alarms.ts';
import { isAtWork } from './store/atWork.ts';
import type { TransactionEngine } from './tx/engine.ts';

/** What a node works on. A new kind of lane brings more of these, and changes nothing below. */
export interface Work {
  readonly chains: readonly WatchedChain[];
  readonly routes: readonly Route[];
  /** One for each account of a chain that signs. */
  readonly engines: readonly TransactionEngine[];
  /** What the lane needs beside its messages. */
  readonly duties: readonly Duty[];
  /** Whether an alarm is about something that its duties look after; they do of all where this is not given. */
  readonly watches?: (kind: AlarmKind, subject: string) => boolean;
}

/** Milliseconds between two looks. */
export interface Intervals {
  /** At a chain. */
  readonly poll: number;
  /** At the store. */
  readonly store: number;
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
 * goes from wherever it is to `[relayed]`. Beside it run the duties that a lane brings, each a stage by itself. A rollup's
 * (`lanes/rollup/duties.ts`) keep one going that does not do so itself: `sequence` executes the queue on L2, `propose` commits L2's
 * state roots to L1. And the watchtower looks at what others do to the lane: `checkDeposits` compares what L2 executes with the queue,
 * `checkBatches` what was committed with L2, and `challenge` deletes what is false.
 *
 * While an alarm lasts that halts the lane, nothing new is done on its word: chains are read, transactions that were sent are looked
 * after, and what was delivered is seen, but nothing is proven, submitted, executed or committed. Where the alarm is about one of several
 * chains, what goes between others goes on.
 */
export function pipelineOf(work: Work, intervals: Intervals, context: StageContext): Stage[] {
  const { chains, routes, engines, duties } = work;
  // Most passes of most nodes: one question tells that there is nothing to do.
  const byStore = (name: string, run: () => Promise<number>): Stage => ({
    name,
    interval: intervals.store,
    isWoken: true,
    run: async () => ((await isAtWork(context.store.db)) ? await run() : 0),
  });
  const unlessHalted = (run: () => Promise<number>, between?: readonly number[]) => async () =>
    (await isHalted(context.store.db, between)) ? 0 : await run();
  const dutyStage = (duty: Duty): Stage => {
    const { name, interval, isUnhalted } = duty;
    const isWaiting = (): boolean => duty.isWaiting?.() === true;
    const always = async (): Promise<number> => await duty.run(context);
    const run = isUnhalted === true ? always : unlessHalted(always);
    return interval === undefined ? byStore(name, run) : { name, interval, isWaiting, run };
  };
  return [
    ...chains.map((chain) => follow(chain, intervals.poll, context)),
    ...routes.flatMap((route) => {
      const between = [route.sourceChainId, route.destinationChainId];
      return [
        byStore(
          `prove ${route.name}`,
          unlessHalted(async () => await prove(route, context), between),
        ),
        byStore(
          `submit ${route.name}`,
          unlessHalted(async () => await submit(route, context), between),
        ),
        byStore(`confirm ${route.name}`, async () => await confirm(route, context)),
      ];
    }),
    ...engines.map((engine) => ({
      interval: intervals.poll,
      name: engineName(engine, engines),
      run: async () => await engine.advance(),
    })),
    ...duties.map((duty) => dutyStage(duty)),
  ];
}

/** By its account; of accounts on several chains, which can be the same, also by its chain. */
function engineName({ address, chainId }: TransactionEngine, engines: readonly TransactionEngine[]): string {
  const isAlone = engines.every((engine) => engine.chainId === chainId);
  return `transactions of ${address}${isAlone ? '' : ` on ${chainId}`}`;
}
