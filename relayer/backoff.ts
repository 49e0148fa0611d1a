import type { ParkedReason } from './parkedReasons.ts';

/** Shortest and longest time, milliseconds, that a message is set aside; it doubles with each try. */
const PARK_MIN_MS = 1000;
export const PARK_MAX_MS = 600_000;

/** When a message is looked at again, milliseconds, that was set aside so many times before. */
export function nextTryAfter(tries: number): number {
  return Date.now() + Math.min(PARK_MIN_MS * 2 ** tries, PARK_MAX_MS);
}

/** The same, milliseconds, for what has nothing to do with it: not for long, since all move once that is over. */
const ELSEWHERE_MIN_MS = 5000;
const ELSEWHERE_MAX_MS = 40_000;

/** Causes that end for all messages at once, however long they last. */
const ELSEWHERE: ReadonlySet<string> = new Set<ParkedReason>([
  'paused',
  'rpc-unreachable',
  'rpc-rate-limited',
  'rpc-error',
  'insufficient-funds',
  'fee-cap',
  'spending-limit',
]);

/** Whether a message is set aside for a cause that is not its own: it moves soon after that is gone. */
export function isElsewhere(code: string): boolean {
  return ELSEWHERE.has(code);
}

/** When a message is looked at again, milliseconds, that was set aside for such causes so many times before, one after the other. */
export function nextTryElsewhere(tries: number): number {
  return Date.now() + Math.min(ELSEWHERE_MIN_MS * 2 ** tries, ELSEWHERE_MAX_MS);
}
