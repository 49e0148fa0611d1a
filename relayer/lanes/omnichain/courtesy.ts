/** How long what somebody else has sent is waited for to be mined, milliseconds: it may never be. */
const PATIENCE_MS = 60_000;

/** Leaves to others what they have sent already: of nodes that work side by side each would pay for it, and only one has it done. */
export class Courtesy {
  readonly #patience: number;
  /** Since when it is underway, by its name, on a clock that nobody sets. */
  readonly #since = new Map<string, number>();

  constructor(patience = PATIENCE_MS) {
    this.#patience = patience;
  }

  /**
   * Whether something is left to others.
   * @param what names it
   * @param isUnderway asks a node whether its pending block has it done; not every node knows
   */
  async yields(what: string, isUnderway: () => Promise<boolean>): Promise<boolean> {
    const is = await isUnderway().catch(() => false);
    const now = performance.now();
    const since = this.#since.get(what) ?? now;
    // What is not asked for any more was done.
    for (const [each, began] of this.#since) if (now - began > 2 * this.#patience) this.#since.delete(each);
    if (is) this.#since.set(what, since);
    else this.#since.delete(what);
    return is && now - since < this.#patience;
  }
}
