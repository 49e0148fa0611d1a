import type { StageContext } from './stages/stage.ts';

/**
 * What a lane asks of its node beside delivering messages, as data: what keeps it going, or watches over it. To the pipeline it is a
 * stage like any other, which works on the store and calls none.
 */
export interface Duty {
  /** As a stage, such as `propose 901`. No two of a node have the same. */
  readonly name: string;
  /**
   * Milliseconds between two passes that found nothing to do. Where it is not given, one follows whenever something has moved, as long
   * as any message or element of a queue in the store is not done with.
   */
  readonly interval?: number;
  /** Whether the last pass has left something to do until a transaction is mined: then a pass also follows whenever something has moved. */
  isWaiting?(): boolean;
  /** Whether it goes on while an alarm has the lane stand still, because it is what such alarms come from. */
  readonly isUnhalted?: boolean;
  /** One pass. Returns how many rows it moved, as a stage does. */
  run(context: StageContext): Promise<number>;
}
