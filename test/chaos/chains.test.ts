import { afterAll, beforeAll, expect, test } from 'vitest';

import { baseFee, dropTransactions, reorganise, type Fault } from './faults.ts';
import { isLong } from './length.ts';
import { play, type TimedFault } from './scenario.ts';
import { EPOCH_SLOTS, startWorld, type World } from './world.ts';

/** Milliseconds in which things go wrong. */
const SPAN = isLong ? 120_000 : 7000;

const traffic = { count: 4, rounds: isLong ? 60 : 4, pause: 300 };

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(async () => {
  await world.stop();
});

/** Faults at random instants, so many in ten seconds. */
function scattered(often: number, fault: () => Fault): TimedFault[] {
  const length = Math.ceil((often * SPAN) / 10_000);
  return Array.from({ length }, () => ({ at: world.random.integer(0, SPAN), fault: fault() }));
}

/** Depth of a reorganisation that drops nothing which was safe. */
function depth(): number {
  return world.random.integer(1, EPOCH_SLOTS - 1);
}

test('L1 drops blocks that are not safe, and its pool forgets what waits in it', async () => {
  const problems = await play(world, {
    name: 'reorganisations of L1, and dropped transactions',
    traffic,
    faults: [...scattered(4, () => reorganise('l1', depth())), ...scattered(8, () => dropTransactions('l1'))],
  });
  expect(problems).toEqual([]);
});

test('L2 drops blocks that are not safe, and with them what it had executed', async () => {
  const problems = await play(world, {
    name: 'reorganisations of L2',
    traffic,
    faults: scattered(4, () => reorganise('l2', depth())),
  });
  expect(problems).toEqual([]);
});

test('L1 asks for more than the node may pay, and for less again', async () => {
  const problems = await play(world, {
    name: 'a price spike',
    options: { 'max-fee-per-gas': '100' },
    traffic,
    faults: [{ at: 2000, lasts: SPAN / 2, fault: baseFee(2000n) }],
  });
  expect(problems).toEqual([]);
});
