/** Spreads requests over time: so many a second, and at most as many at once. */
export class RateBudget {
  readonly #perSecond: number;
  #tokens: number;
  #filledAt = performance.now();

  /** @param perSecond 0 for as many as there are */
  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#tokens = this.largest;
  }

  /** Most requests that may be sent in the same instant. */
  get largest(): number {
    return this.#perSecond === 0 ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(this.#perSecond));
  }

  /**
   * Takes its turn.
   * @returns milliseconds to wait before sending; undefined, and nothing is taken, where that were longer than `limit`
   */
  take(count: number, limit: number): number | undefined {
    if (this.#perSecond === 0) return 0;
    const now = performance.now();
    const refilled = this.#tokens + ((now - this.#filledAt) * this.#perSecond) / 1000;
    this.#filledAt = now;
    this.#tokens = Math.min(this.largest, refilled);
    const wait = Math.max(0, ((count - this.#tokens) * 1000) / this.#perSecond);
    if (wait > limit) return undefined;
    this.#tokens -= count;
    return wait;
  }
}
