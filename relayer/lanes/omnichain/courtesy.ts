/** How long what somebody else has sent is waited for to be mined, milliseconds: it may never be. */
const PATIENCE_MS = 60_000;

/** Leaves to others what they have sent already: of nodes that work side by side each would pay for it, and only one has it done. */
export class Courtesy {
  #standing: bigint | undefined;
  /** Since when others have something underway, on a clock that nobody sets. */
  #since = 0;

  /**
   * Whether what comes next is left to others.
   * @param standing how far things have come: while that stays what it is, others had their time, whatever they send instead
   * @param isUnderway asks a node whether its pending block has it done; not every node knows
   */
  async yields(standing: bigint, isUnderway: () => Promise<boolean>): Promise<boolean> {
    const is = await isUnderway().catch(() => false);
    const now = performance.now();
    if (!is || standing !== this.#standing) [this.#standing, this.#since] = [standing, now];
    return is && now - this.#since < PATIENCE_MS;
  }
}
