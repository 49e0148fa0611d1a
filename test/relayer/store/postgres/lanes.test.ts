import { afterEach, beforeEach, expect, test } from 'vitest';

import { verifyOnlyLane } from '../../../../relayer/lanes/laneRoutes.ts';
import { rollupRoutes } from '../../../../relayer/lanes/rollup/routes.ts';
import { routeId } from '../../../../relayer/store/routes.ts';
import { account } from '../../../support/events.ts';
import { newStore, type TestStore } from '../../../support/store.ts';

const LANE = { l1ChainId: 900n, l2ChainId: 901n, l1Messenger: account(1), l2Messenger: account(2) };

let store: TestStore;

beforeEach(async () => {
  store = await newStore();
  for (const ends of Object.values(rollupRoutes(LANE))) await routeId(store.db, ends);
});

afterEach(async () => {
  await store.remove();
});

test('a lane finds its own routes, and may be beside one of other chains', async () => {
  const others = { ...LANE, l1ChainId: 1n, l2ChainId: 10n };
  for (const lane of [LANE, others]) {
    const routes = Object.values(rollupRoutes(lane));
    await expect(verifyOnlyLane(store.db, routes, 'here')).resolves.toBeUndefined();
  }
});

test.each([
  ['L1', { l2ChainId: 902n, l2Messenger: account(3) }],
  ['L2', { l1ChainId: 1n, l1Messenger: account(3) }],
  ['both chains', { l1Messenger: account(3), l2Messenger: account(4) }],
])('a lane that has %s in common with one of the store is refused, with what to do', async (_name, other) => {
  const routes = Object.values(rollupRoutes({ ...LANE, ...other }));
  await expect(verifyOnlyLane(store.db, routes, 'here')).rejects.toMatchObject({
    code: 'store-incompatible',
    message: `the store here has another lane on the same chain: 900 to 901, messenger ${account(1)}`,
    hint: expect.stringContaining('database of its own') as string,
  });
});
