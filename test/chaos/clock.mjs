// Preloaded into the node's process: its clock is as far from the machine's as a file says, in milliseconds. Time that is measured, and
// timers, are not touched: as where an operator sets the clock, or a machine wakes up.
import { readFileSync } from 'node:fs';
import process from 'node:process';

const path = process.env['XDM_CHAOS_CLOCK'] ?? '';

/** Milliseconds between two looks at the file. */
const LOOK_MS = 50;

let lookedAt = Number.NEGATIVE_INFINITY;
let offset = 0;

/** @returns {number} */
function read() {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return 0;
  }
}

/** @returns {number} */
function now() {
  if (performance.now() - lookedAt > LOOK_MS) {
    offset = read();
    lookedAt = performance.now();
  }
  return RealDate.now() + offset;
}

const RealDate = Date;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, values) => Reflect.construct(target, values.length === 0 ? [now()] : values),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});
