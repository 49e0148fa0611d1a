import { id } from 'ethers';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { decodeDeposit, encodeDeposit } from '../../../sdk/core/optimism.ts';
import { audit } from './audit.ts';
import { kill } from '../faults.ts';
import { isLong } from '../length.ts';
import { lastDeposit } from './lastDeposit.ts';
import type { TimedFault } from '../scenario.ts';
import { play } from './play.ts';
import { addBlocks, startWorld, type RollupWorld } from './world.ts';

const KILLS = isLong ? 120 : 10;

/** Times between a start and a kill, milliseconds: from before the node is up to well into its work. */
const SHORTEST_LIFE = 300;
const LONGEST_LIFE = 2500;

let world: RollupWorld;

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

test('the audit sees a deposit that is no element of the queue', async () => {
  const { l2 } = world.network.client;
  const last = decodeDeposit(await lastDeposit(world));
  await l2.send('eth_sendRawTransactionSync', [encodeDeposit({ ...last, sourceHash: id('of nothing') })]);
  await addBlocks(world.network);
  expect(await audit(world)).toContainEqual(
    expect.stringMatching(/^L2 has executed \d+ deposits of \d+ elements; deposit \d+ is 0x[\da-f]{64}, no element$/u),
  );
});
