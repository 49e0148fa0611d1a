import { afterAll, beforeAll, expect, test } from 'vitest';

import { endpoint } from '../faults.ts';
import { isLong } from '../length.ts';
import type { TroubleName } from '../rpcTroubles.ts';
import type { TimedFault } from '../scenario.ts';
import { play } from './play.ts';
import { startWorld, type RollupWorld } from './world.ts';

/** Milliseconds that a trouble lasts. */
const EACH = isLong ? 15_000 : 800;

let world: RollupWorld;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(async () => {
  await world.stop();
});

/** Both endpoints have one trouble after the other, with a share of what travels together. */
function inTurn(names: readonly TroubleName[], share: number): TimedFault[] {
  return names.flatMap((name, position) =>
    (['l1', 'l2'] as const).map((side) => ({ at: position * EACH, lasts: EACH, fault: endpoint(side, name, share) })),
  );
}

/** Goes on for as long as the troubles do. */
function trafficOf(troubles: number): { count: number; rounds: number; pause: number } {
  return { count: 4, rounds: Math.ceil((troubles * EACH) / 2000), pause: 500 };
}

test('an endpoint that is slow, loses requests and answers, repeats them, refuses them, or answers nonsense', async () => {
  const line = ['slow', 'lost', 'answer lost', 'answer cut', 'twice', 'shuffled'] as const;
  const refusals = ['rate-limited', 'server error', 'garbage', 'refused'] as const;
  const problems = await play(world, {
    name: 'a bad endpoint',
    traffic: trafficOf(10),
    faults: inTurn([...line, ...refusals], 0.4),
  });
  expect(problems).toEqual([]);
});

test('an endpoint that lies about the head, and leaves out blocks and logs', async () => {
  const lies = ['missing logs', 'stale head', 'missing logs', 'future head', 'missing logs', 'null blocks'] as const;
  const problems = await play(world, { name: 'a lying endpoint', traffic: trafficOf(6), faults: inTurn(lies, 0.5) });
  expect(problems).toEqual([]);
});
