/** A place in a budget's queue. */
export interface Turn {
  /** Waits until so many requests may be sent, `largest` at most. Returns how long that took, milliseconds. */
  take(count: number): Promise<number>;
  /** Gives up the place, and what was not taken. */
  leave(): void;
}

interface Waiting {
  readonly place: number;
  readonly count: number;
  readonly isPrompt: boolean;
  readonly go: () => void;
}

/**
 * Spreads requests over time: so many a second, and at most as many at once. Who comes first is served first, but for what
 * is prompt, which is served before all that is not.
 */
export class RateBudget {
  /** 0 for as many as there are. */
  readonly perSecond: number;
  #tokens: number;
  #filledAt = performance.now();
  /** Requests that have a place, and were not let go yet. */
  readonly #owed = { prompt: 0, other: 0 };
  /** Those that wait now, the next one first. */
  readonly #queue: Waiting[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #places = 0;
  #isClosed = false;

  /** @param perSecond 0 for as many as there are */
  constructor(perSecond: number) {
    this.perSecond = perSecond;
    this.#tokens = this.largest;
  }

  /** Most requests that may be sent in the same instant. */
  get largest(): number {
    return this.perSecond === 0 ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(this.perSecond));
  }

  /** How long those that are before it will take, milliseconds, for one that comes now. */
  getDelay(isPrompt: boolean): number {
    if (this.perSecond === 0) return 0;
    this.#refill();
    const before = this.#owed.prompt + (isPrompt ? 0 : this.#owed.other);
    return Math.max(0, ((before - this.#tokens) * 1000) / this.perSecond);
  }

  /** Takes a place for so many requests, which can go one after the other. */
  join(count: number, isPrompt: boolean): Turn {
    const kind = isPrompt ? 'prompt' : 'other';
    const place = this.#places++;
    let left = count;
    const settle = (some: number): void => {
      this.#owed[kind] -= Math.min(some, left);
      left -= Math.min(some, left);
    };
    this.#owed[kind] += count;
    return {
      take: async (some) => {
        const start = performance.now();
        await new Promise<void>((resolve) => {
          const go = (): void => {
            settle(some);
            resolve();
          };
          if (this.perSecond === 0 || this.#isClosed) go();
          else this.#wait({ place, count: some, isPrompt, go });
        });
        return performance.now() - start;
      },
      leave: () => settle(left),
    };
  }

  /** Lets all go, now and later. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const { go } of this.#queue.splice(0)) go();
  }

  #wait(one: Waiting): void {
    const last = this.#queue.findLastIndex((each) => !isBefore(one, each));
    this.#queue.splice(last + 1, 0, one);
    this.#serve();
  }

  #serve(): void {
    clearTimeout(this.#timer);
    this.#refill();
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      if (next.count > this.#tokens) {
        const wait = Math.ceil(((next.count - this.#tokens) * 1000) / this.perSecond);
        this.#timer = setTimeout(() => this.#serve(), wait);
        return;
      }
      this.#tokens -= next.count;
      this.#queue.shift();
      next.go();
    }
  }

  #refill(): void {
    const now = performance.now();
    const refilled = this.#tokens + ((now - this.#filledAt) * this.perSecond) / 1000;
    this.#filledAt = now;
    this.#tokens = Math.min(this.largest, refilled);
  }
}

function isBefore(one: Waiting, other: Waiting): boolean {
  return one.isPrompt === other.isPrompt ? one.place < other.place : one.isPrompt;
}
