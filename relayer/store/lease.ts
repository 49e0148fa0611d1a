/** Milliseconds in which what a process has sent arrives, whatever became of the process and of the answer. */
export const IN_FLIGHT_MS = 2000;

/** What was sent, and can arrive though nobody will hear of it. Its clock is one that nobody sets. */
export class InFlight {
  #lastAt: number;

  /** @param lastAt when the last of it may have left, on the clock of `performance.now()` */
  constructor(lastAt = -Infinity) {
    this.#lastAt = lastAt;
  }

  /** Whether some of it can still arrive. */
  get canArrive(): boolean {
    return performance.now() - this.#lastAt < IN_FLIGHT_MS;
  }

  /** Something has left to which there is no answer. */
  note(): void {
    this.#lastAt = performance.now();
  }
}

/** The right to act for a lane, which one process has at a time. */
export interface Lease {
  /**
   * Called right before anything is sent, with nothing waited for in between.
   * @throws {XdmError} `lease-lost` where another process may act by now
   */
  verify(): void;
  /** What this process has sent, or the one that it was taken over from. */
  readonly inFlight: InFlight;
}

/** Of a store that one process has for itself. */
export function alwaysHeld(inFlight = new InFlight()): Lease {
  return { verify: () => undefined, inFlight };
}

/** What a process wants to act for, alone. */
export interface Claim {
  /** Identity of the lane. */
  readonly lane: string;
  /** What must not be used by two processes at once even if they act for different lanes, such as a signer on a chain. */
  readonly resources: readonly string[];
}
