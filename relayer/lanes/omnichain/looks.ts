/** Milliseconds between two looks at what a light client is updated from. */
export interface LookIntervals {
  /** While nothing waits for it. */
  readonly idle: number;
  /** The shortest wait before the next look while a message waits for one of its blocks. */
  readonly awaited: number;
}

/**
 * When a light client's source is looked at. A message that waits for a block has it looked at before its time: at once, and then
 * after waits that double, so that a source which never has the block is soon asked no more often than without a message. Messages do not make
 * for more updates: after one that was sent the next look before its time comes no sooner than one that is due.
 */
export class Looks {
  readonly #intervals: LookIntervals;
  #lookedAt = -Infinity;
  #sentAt = -Infinity;
  /** The block that was waited for at the last look before its time, and how long the next one waits. */
  #awaited: number | undefined;
  #wait = 0;

  constructor(intervals: LookIntervals) {
    this.#intervals = intervals;
  }

  /**
   * Whether it is time to look, and whether only for a message.
   * @param awaited the first block that a message waits for, if any does
   * @param now milliseconds, on a clock that nobody sets
   */
  next(awaited: number | undefined, now: number): 'due' | 'early' | undefined {
    const { idle, awaited: shortest } = this.#intervals;
    if (now - this.#lookedAt >= idle) return 'due';
    if (awaited === undefined || now - this.#sentAt < idle) return undefined;
    // Another block that is waited for is news, though it comes as soon as the last one.
    const wait = awaited === this.#awaited ? this.#wait : shortest;
    return now - this.#lookedAt >= wait ? 'early' : undefined;
  }

  /** Has the next one come at once: what was sent is mined, and there can be more. */
  goOn(): void {
    this.#lookedAt = -Infinity;
  }

  /**
   * After a look that has ended well.
   * @param sent number of updates
   */
  looked(awaited: number | undefined, sent: number, now: number): void {
    this.#wait = awaited === this.#awaited ? Math.min(2 * this.#wait, this.#intervals.idle) : this.#intervals.awaited;
    this.#awaited = awaited;
    this.#lookedAt = now;
    if (sent > 0) this.#sentAt = now;
  }
}
