import { afterEach, beforeEach, expect, test } from 'vitest';

import { otherRouteOn, routeId, type RouteEnds } from '../../../relayer/store/routes.ts';
import { account, L1, L2 } from '../../support/events.ts';
import { newStore, type TestStore } from '../../support/store.ts';

let store: TestStore;

beforeEach(async () => {
  store = await newStore();
});

afterEach(async () => {
  await store.remove();
});

function ends(source: number, destination: number): RouteEnds {
  return {
    sourceChainId: source,
    sourceMessenger: account(source),
    destinationChainId: destination,
    destinationMessenger: account(destination),
  };
}

const LANE = [ends(L1, L2), ends(L2, L1)];

test('another lane is one that shares a chain with this one, and not what a replica records of this one meanwhile', async () => {
  const [other] = await Promise.all([
    otherRouteOn(store.db, LANE),
    ...LANE.map(async (each) => await routeId(store.db, each)),
  ]);
  expect(other).toBeUndefined();
  await routeId(store.db, ends(L1 + 7, L2 + 7));
  expect(await otherRouteOn(store.db, LANE)).toBeUndefined();
  await routeId(store.db, { ...ends(L1, L2), sourceMessenger: account(99) });
  expect(await otherRouteOn(store.db, LANE)).toMatchObject({ sourceChainId: L1, destinationChainId: L2 });
});
