import type { Duty } from '../../duty.ts';
import type { StageContext } from '../../stages/stage.ts';
import type { SequencedQueue } from './sequencedQueue.ts';
import { challenge } from './stages/challenge.ts';
import { checkBatches } from './stages/checkBatches.ts';
import { checkDeposits } from './stages/checkDeposits.ts';
import { propose, type ProposedChain } from './stages/propose.ts';
import { sequence } from './stages/sequence.ts';
import type { WatchedLane } from './watchtower.ts';

/** Milliseconds between two looks of the watchtower: what it looks for takes far longer to do harm. */
const WATCHTOWER_INTERVAL_MS = 2000;

/** Executes the queue on an L2 that does not do so itself. */
export function sequencerDuty(queue: SequencedQueue): Duty {
  return { name: `sequence ${queue.l1ChainId}`, run: async (context) => await sequence(queue, context) };
}

/**
 * Commits L2's state roots to L1.
 * @param interval milliseconds between two state batches
 */
export function proposerDuty(chain: ProposedChain, interval: number): Duty {
  const name = `propose ${chain.client.lane.l2ChainId}`;
  return { name, interval, run: async (context) => await propose(chain, context) };
}

/** Compares what L2 executes with the queue, and what was committed with L2; as the challenger it deletes what is false. */
export function watchtowerDuties(lane: WatchedLane): Duty[] {
  const l2 = lane.client.lane.l2ChainId;
  const { challenger } = lane;
  // What they look for is what alarms are raised for.
  const pace = { interval: WATCHTOWER_INTERVAL_MS, isUnhalted: true };
  return [
    { ...pace, name: `check deposits of ${l2}`, run: async (context) => await checkDeposits(lane, context) },
    { ...pace, name: `check batches of ${l2}`, run: async (context) => await checkBatches(lane, context) },
    ...(challenger === undefined
      ? []
      : [
          {
            ...pace,
            name: `challenge ${l2}`,
            run: async (context: StageContext) => await challenge({ ...lane, challenger }, context),
          },
        ]),
  ];
}
