import { afterAll, beforeAll, expect, test } from 'vitest';

import { clock, dropTransactions, endpoint, freeze, kill, reorganise, silence, type Fault } from '../faults.ts';
import { TROUBLES, type TroubleName } from '../rpcTroubles.ts';
import type { TimedFault } from '../scenario.ts';
import { retryFailed, silentSource } from './faults.ts';
import { play } from './play.ts';
import { DROPPABLE, NAMES, startWorld, type OmnichainWorld } from './world.ts';

/** Milliseconds in which things go wrong. */
const SPAN = 180_000;

/** Milliseconds between the beginnings of two faults, and that they last. */
const SHORTEST = 1000;
const LONGEST = 5000;

/** Kinds of trouble with an endpoint: on this lane no transaction must be taken once. */
const TROUBLE_NAMES = Object.keys(TROUBLES) as readonly TroubleName[];

let world: OmnichainWorld;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(async () => {
  await world.stop();
});

/** Anything that can happen. */
function anyFault(): Fault<OmnichainWorld> {
  const { random } = world;
  const name = random.pick(NAMES);
  const choices: readonly (() => Fault<OmnichainWorld>)[] = [
    () => endpoint(name, random.pick(TROUBLE_NAMES), random.integer(2, 9) / 10),
    () => reorganise(name, random.integer(1, DROPPABLE), random.pick([0, 0.5, 1])),
    () => dropTransactions(name),
    () => silence(name),
    () => silentSource(name),
    () => clock(random.integer(-9, 9)),
    () => random.pick([kill, freeze]),
  ];
  return random.pick(choices)();
}

function faults(): TimedFault<OmnichainWorld>[] {
  const found: TimedFault<OmnichainWorld>[] = [{ at: SPAN / 2, fault: retryFailed }];
  for (let at = 0; at < SPAN; at += world.random.integer(SHORTEST, LONGEST)) {
    found.push({ at, lasts: world.random.integer(SHORTEST, LONGEST), fault: anyFault() });
  }
  return found;
}

test.each(['finalized', 'safe', 'latest'])(
  'anything can happen to a node that believes %s blocks',
  async (finality) => {
    const problems = await play(world, {
      name: `anything, with ${finality} blocks`,
      options: { finality },
      traffic: { count: 2, rounds: SPAN / 6000, pause: 3000 },
      faults: faults(),
    });
    expect(problems).toEqual([]);
  },
);
