import { afterAll, beforeAll, expect, test } from 'vitest';

import { clock, freeze, fullDisk } from '../faults.ts';
import { pause } from './faults.ts';
import { play } from './play.ts';
import { startWorld, type RollupWorld } from './world.ts';

const traffic = { count: 4, rounds: 4, pause: 200 };

let world: RollupWorld;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(async () => {
  await world.stop();
});

test('the clock jumps hours ahead and back, and the machine stands still, while messages are set aside', async () => {
  const problems = await play(world, {
    name: 'a clock that jumps, and a standstill',
    traffic,
    faults: [
      { at: 1000, lasts: 8000, fault: pause },
      { at: 2000, lasts: 6000, fault: clock(7) },
      { at: 3500, lasts: 2000, fault: freeze },
      { at: 8500, lasts: 1500, fault: clock(-7) },
    ],
  });
  expect(problems).toEqual([]);
});

test('the disk is full, and has room again', async () => {
  const problems = await play(world, {
    name: 'a full disk',
    traffic,
    faults: [{ at: 2500, lasts: 4000, fault: fullDisk }],
  });
  expect(problems).toEqual([]);
  expect(world.nodes[0]?.lines.some((line) => line['code'] === 'store-unreachable')).toBe(true);
});
