/** Shortest and longest time, milliseconds, that an endpoint is left alone after a fault; it doubles with each. */
const COOL_DOWN_MIN_MS = 500;
const COOL_DOWN_MAX_MS = 30_000;

/** Share of the latest answer in the average. */
const LATENCY_WEIGHT = 0.2;

/** How an endpoint has done. Times are milliseconds, of a clock that nobody sets. */
export class Health {
  /** Faults since it last did well. */
  #faults = 0;
  #coolUntil = 0;
  #limitedUntil = 0;
  #distrustedUntil = 0;
  #latency: number | undefined;
  #answeredAt = performance.now();

  /** Whether it did well the last time. */
  get isSound(): boolean {
    return this.#faults === 0;
  }

  /** When it may be tried again. */
  get coolUntil(): number {
    return Math.max(this.#coolUntil, this.#limitedUntil);
  }

  /** Until when it has asked for no requests. */
  get limitedUntil(): number {
    return this.#limitedUntil;
  }

  /** Until when the others are asked before it, though it answers. */
  get distrustedUntil(): number {
    return this.#distrustedUntil;
  }

  /** Average time that an answer takes, milliseconds; undefined before the first. */
  get latency(): number | undefined {
    return this.#latency;
  }

  /** When it answered last; before its first answer, when it was given. */
  get answeredAt(): number {
    return this.#answeredAt;
  }

  /** @param milliseconds that it took */
  noteAnswer(now: number, milliseconds: number): void {
    this.#answeredAt = now;
    this.#latency = (this.#latency ?? milliseconds) * (1 - LATENCY_WEIGHT) + milliseconds * LATENCY_WEIGHT;
  }

  /** It does well. */
  noteSound(): void {
    this.#faults = 0;
    this.#coolUntil = 0;
  }

  /** What it says was found wanting. */
  noteDistrust(now: number, milliseconds: number): void {
    this.#distrustedUntil = Math.max(this.#distrustedUntil, now + milliseconds);
  }

  /** @param retryAfter how long it asks to be left alone, milliseconds */
  noteFault(now: number, retryAfter?: number): void {
    const pause = Math.min(COOL_DOWN_MIN_MS * 2 ** this.#faults, COOL_DOWN_MAX_MS);
    this.#faults++;
    this.#coolUntil = now + pause;
    if (retryAfter !== undefined) this.#limitedUntil = now + retryAfter;
  }
}
