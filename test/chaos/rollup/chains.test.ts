import { afterAll, beforeAll, expect, test } from 'vitest';

import { audit } from './audit.ts';
import { dropTransactions, reorganise, type Fault } from '../faults.ts';
import { baseFee, greedyMessage, smallBlocks } from './faults.ts';
import { isLong } from '../length.ts';
import { readRows } from '../rows.ts';
import type { TimedFault } from '../scenario.ts';
import { EPOCH_SLOTS } from '../world.ts';
import { play } from './play.ts';
import { addBlocks, startWorld, type RollupWorld } from './world.ts';

/** Milliseconds in which things go wrong. */
const SPAN = isLong ? 120_000 : 7000;

const traffic = { count: 4, rounds: isLong ? 60 : 4, pause: 300 };

let world: RollupWorld;

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

/** Gas of L1's blocks, and of a message that has no room in them. */
const ROOM = 8_000_000n;
const TOO_MUCH = 12_000_000n;

test('L1 drops blocks that are not safe, its pool forgets what waits in it, and it has no room for one message', async () => {
  const makeRoom = await smallBlocks(ROOM).begin(world);
  // Anvil goes back to the room that blocks had, too, where it drops the first of these.
  for (let blocks = 0; blocks < EPOCH_SLOTS; blocks++) await addBlocks(world.network);
  const problems = await play(world, {
    name: 'reorganisations of L1, dropped transactions, and a message too large',
    traffic,
    parked: ['insufficient-gas'],
    faults: [
      { at: 0, fault: greedyMessage(TOO_MUCH) },
      ...scattered(4, () => reorganise('l1', depth())),
      ...scattered(8, () => dropTransactions('l1')),
    ],
  });
  expect(problems).toEqual([]);
  const { messages } = await readRows(world);
  const waiting = messages.filter(({ stage, orphaned }) => orphaned === 0 && stage !== 'relayed' && stage !== 'failed');
  expect(waiting).toMatchObject([{ gasLimit: `${TOO_MUCH}`, parkedReason: 'insufficient-gas' }]);
  await makeRoom();
  await addBlocks(world.network);
  // The reason is no longer true, and the audit sees it.
  const stale = await audit(world, { parked: ['insufficient-gas'] });
  expect(stale).toEqual([expect.stringMatching(/set aside for insufficient-gas, can be delivered$/u)]);
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
