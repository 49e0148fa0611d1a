/** Milliseconds in which what a process has sent arrives, whatever became of the process and of the answer. */
export const IN_FLIGHT_MS = 2000;

/** The right to act for a lane, which one process has at a time. */
export interface Lease {
  /**
   * Called right before anything is sent, with nothing waited for in between.
   * @throws {XdmError} `lease-lost` where another process may act by now
   */
  verify(): void;
  /**
   * When it was taken over from a process of which something may still have been on its way; on the clock of `performance.now()`.
   * -Infinity where there was none.
   */
  readonly takenOverAt: number;
}

/** Of a store that one process has for itself. */
export const ALWAYS_HELD: Lease = { verify: () => undefined, takenOverAt: -Infinity };

/** What a process wants to act for, alone. */
export interface Claim {
  /** Identity of the lane. */
  readonly lane: string;
  /** What must not be used by two processes at once even if they act for different lanes, such as a signer on a chain. */
  readonly resources: readonly string[];
}
