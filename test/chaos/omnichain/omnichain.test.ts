import { afterAll, beforeAll, expect, test } from 'vitest';

import { syncCommitteeLightClientAt } from '../../../sdk/chain/omnichain/maintenance/contracts.ts';
import { findLightClient } from '../../../sdk/chain/omnichain/maintenance/maintainerOf.ts';
import { endpoint, kill, reorganise, silence, type Fault } from '../faults.ts';
import { isLong } from '../length.ts';
import type { TimedFault } from '../scenario.ts';
import { audit } from './audit.ts';
import { retryFailed, silentSource, withoutMaintainer } from './faults.ts';
import { play } from './play.ts';
import { DROPPABLE, NAMES, startWorld, type OmnichainWorld } from './world.ts';

/** Milliseconds in which things go wrong. */
const SPAN = isLong ? 120_000 : 2000;

/** Times between a start and a kill, milliseconds: from before the node is up to well into its work. */
const SHORTEST_LIFE = 300;
const LONGEST_LIFE = 2000;

const traffic = { count: 1, rounds: SPAN / 1000, pause: 300 };

let world: OmnichainWorld;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(async () => {
  await world.stop();
});

/** One after the other. */
function kills(): TimedFault[] {
  const found: TimedFault[] = [];
  const life = (): number => world.random.integer(SHORTEST_LIFE, LONGEST_LIFE);
  for (let at = life(); at < SPAN; at += life()) found.push({ at, fault: kill });
  return found;
}

/** Faults at random instants, so many in ten seconds. */
function scattered(often: number, fault: () => Fault<OmnichainWorld>): TimedFault<OmnichainWorld>[] {
  const length = Math.ceil((often * SPAN) / 10_000);
  return Array.from({ length }, () => ({ at: world.random.integer(0, SPAN), fault: fault() }));
}

test('a node that is killed again and again loses no message and executes none twice, nor do those who try again', async () => {
  const problems = await play(world, {
    name: 'kills on an omnichain lane',
    traffic,
    faults: [...kills(), { at: world.random.integer(0, SPAN), fault: retryFailed }],
  });
  expect(problems).toEqual([]);
  const calls = [...world.targets.broken.values()].map(async ({ contract }) => await contract.getFunction('count')());
  expect((await Promise.all(calls)).some((count) => count > 0n)).toBe(true);
});

test('chains drop blocks before they are final, with messages that come back in another order, or never, and endpoints leave out logs', async () => {
  const depth = (): number => world.random.integer(1, DROPPABLE);
  const problems = await play(world, {
    name: 'reorganisations of an omnichain lane',
    traffic,
    faults: [
      ...scattered(4, () => reorganise('A', depth(), world.random.pick([0, 0.7]))),
      // For as long as it takes until what is sent is final.
      ...NAMES.map((name) => ({ at: SPAN / 2, lasts: SPAN, fault: endpoint(name, 'missing logs', 0.7) })),
      ...scattered(2, () => reorganise(world.random.pick(NAMES), depth(), world.random.pick([0, 0.7]))),
    ],
  });
  expect(problems).toEqual([]);
});

test('what has waited for three sync committee periods without a maintainer arrives, over endpoints that fall silent', async () => {
  const { provider, address } = findLightClient(world.lane.client, { on: 'relay', of: 'A' });
  const lightClient = syncCommitteeLightClientAt(address, provider);
  const before = await lightClient.newestPeriod();
  const problems = await play(world, {
    name: 'no maintainer for three periods, and silence',
    traffic,
    faults: [
      { at: SPAN / 3, lasts: SPAN / 6, fault: withoutMaintainer(3) },
      ...scattered(2, () => silence(world.random.pick(NAMES))).map((each) => ({ ...each, lasts: SPAN / 3 })),
      ...scattered(2, () => silentSource(world.random.pick(NAMES))).map((each) => ({ ...each, lasts: SPAN / 2 })),
    ],
  });
  expect(problems).toEqual([]);
  expect(await lightClient.newestPeriod()).toBeGreaterThanOrEqual(before + 3n);
});

test('the audit sees a block by which messages could be proven, and which its chain does not have', async () => {
  const number = (await world.chains.relay.provider.getBlockNumber()) + 1;
  await world.lane.vouch(7001n, { number, hash: `0x${'ab'.repeat(32)}` });
  expect(await audit(world)).toEqual([
    expect.stringMatching(/^block \d+ of 7000 is .*, and 0x(ab){32} to chain 7001$/u),
  ]);
});
