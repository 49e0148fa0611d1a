/** Blocks asked for first. */
const FIRST_SIZE = 2000;

/** Most blocks asked for. */
const LARGEST_SIZE = 1_000_000;

/** Logs of one answer that are enough: all of them are held in memory, and written in one transaction. */
const ENOUGH_LOGS = 10_000;

/** By how much more is asked for where nothing was refused yet, and afterwards. */
const GROWTH = { first: 2, later: 1.25 };

/** How many blocks' logs are asked for at once: what an endpoint takes is learnt from what it refuses. */
export class LogRange {
  #size = FIRST_SIZE;
  #growth = GROWTH.first;

  /** Blocks, at least 1. */
  get size(): number {
    return this.#size;
  }

  /** The logs of so many blocks were given. */
  noteGiven(blocks: number, logs: number): void {
    if (logs > ENOUGH_LOGS) this.#size = Math.max(1, Math.floor(blocks / 2));
    // Fewer than could have been asked for say nothing.
    else if (blocks >= this.#size && logs < ENOUGH_LOGS / 2) this.#size = this.#larger();
  }

  /** So many blocks were too many. */
  noteRefused(blocks: number): void {
    this.#growth = GROWTH.later;
    this.#size = Math.max(1, Math.floor(blocks / 2));
  }

  /** What was refused was so for something else. */
  restore(size: number): void {
    this.#size = size;
  }

  #larger(): number {
    return Math.min(Math.max(this.#size + 1, Math.floor(this.#size * this.#growth)), LARGEST_SIZE);
  }
}
