import { afterAll, beforeAll, expect, test } from 'vitest';

import { audit } from './audit.ts';
import { kill } from './faults.ts';
import { isLong } from './length.ts';
import { lastDeposit } from './rows.ts';
import { play, type TimedFault } from './scenario.ts';
import { addBlocks, startWorld, type World } from './world.ts';

const KILLS = isLong ? 120 : 10;

/** Times between a start and a kill, milliseconds: from before the node is up to well into its work. */
const SHORTEST_LIFE = 300;
const LONGEST_LIFE = 2500;

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(async () => {
  await world.stop();
});

/** One after the other. */
function kills(count: number): TimedFault[] {
  let at = 0;
  return Array.from({ length: count }, () => {
    at += world.random.integer(SHORTEST_LIFE, LONGEST_LIFE);
    return { at, fault: kill };
  });
}

test('a node that is killed again and again loses nothing and executes nothing twice', async () => {
  const problems = await play(world, {
    name: `${KILLS} kills`,
    traffic: { count: 8, rounds: Math.ceil(KILLS / 2), pause: 1000 },
    faults: kills(KILLS),
  });
  expect(problems).toEqual([]);
});

test('the audit sees an element that L2 has executed twice', async () => {
  const { l2 } = world.network.client;
  await l2.send('eth_sendRawTransactionSync', [await lastDeposit(world)]);
  // The answer can be of the first time, and the block of the second one be still to come.
  const seen = async (): Promise<string[]> => {
    await addBlocks(world.network);
    return await audit(world);
  };
  await expect
    .poll(seen, { timeout: 20_000 })
    .toContainEqual(expect.stringMatching(/^L2 has executed \d+ deposits of \d+ elements; deposit \d+ /u));
});
