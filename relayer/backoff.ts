/** Shortest and longest time, milliseconds, that a message is set aside; it doubles with each try. */
const PARK_MIN_MS = 1000;
const PARK_MAX_MS = 600_000;

/** When a message is looked at again, milliseconds, that was set aside so many times before. */
export function nextTryAfter(tries: number): number {
  return Date.now() + Math.min(PARK_MIN_MS * 2 ** tries, PARK_MAX_MS);
}
