import { afterAll, beforeAll, expect, test } from 'vitest';

import { clock, dropTransactions, endpoint, freeze, fullDisk, kill, reorganise, type Fault } from '../faults.ts';
import { baseFee, passTime } from './faults.ts';
import type { Random } from '../../support/random.ts';
import { TROUBLES, type TroubleName } from '../rpcTroubles.ts';
import type { TimedFault } from '../scenario.ts';
import { EPOCH_SLOTS } from '../world.ts';
import { play } from './play.ts';
import { startWorld, type RollupWorld } from './world.ts';

const DAY = 86_400;

/** What the week is played in, milliseconds, and the hours that pass at a time. */
const SPAN = 600_000;
const HOURS = 6;
const STEPS = (7 * 24) / HOURS;

/** Milliseconds between the beginnings of two faults, and that they last. */
const SHORTEST = 1500;
const LONGEST = 6000;

let world: RollupWorld;

beforeAll(async () => {
  world = await startWorld({ window: DAY });
});

afterAll(async () => {
  await world.stop();
});

const NAMES = Object.keys(TROUBLES) as readonly TroubleName[];
const SIDES = ['l1', 'l2'] as const;

/** Anything that can happen. */
function anyFault(random: Random): Fault {
  const depth = random.integer(1, EPOCH_SLOTS - 1);
  const choices: readonly (() => Fault)[] = [
    () => endpoint(random.pick(SIDES), random.pick(NAMES), random.integer(2, 9) / 10),
    () => reorganise(random.pick(SIDES), depth),
    () => dropTransactions('l1'),
    () => baseFee(BigInt(random.integer(1, 2000))),
    () => clock(random.integer(-9, 9)),
    () => random.pick([kill, freeze, fullDisk]),
  ];
  return random.pick(choices)();
}

function faults(random: Random): TimedFault[] {
  const found: TimedFault[] = [];
  for (let at = 0; at < SPAN; at += random.integer(SHORTEST, LONGEST)) {
    found.push({ at, lasts: random.integer(SHORTEST, LONGEST), fault: anyFault(random) });
  }
  const passing = Array.from({ length: STEPS }, (_, step) => ({ at: (step * SPAN) / STEPS, fault: passTime(HOURS) }));
  return [...found, ...passing];
}

test('a week with a window of a day, in which anything can happen', async () => {
  const problems = await play(world, {
    name: 'a week',
    options: { 'max-fee-per-gas': '500' },
    traffic: { count: 8, rounds: SPAN / 6000, pause: 2500 },
    faults: faults(world.random.fork()),
  });
  expect(problems).toEqual([]);
});
