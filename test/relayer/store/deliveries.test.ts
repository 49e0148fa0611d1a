import { afterEach, beforeEach, expect, test } from 'vitest';

import { recordDeliveries, settleDeliveries } from '../../../relayer/store/deliveries.ts';
import { recordSent } from '../../../relayer/store/messages.ts';
import { at, delivery, L1, L2, newRoute, sentMessage } from '../../support/events.ts';
import { newStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
let routeId: number;

beforeEach(async () => {
  store = await newStore();
  routeId = await newRoute(store.db);
});

afterEach(async () => {
  await store.remove();
});

async function stages(): Promise<string[]> {
  const rows = await store.db.selectFrom('messages').select('stage').orderBy('counter').execute();
  return rows.map(({ stage }) => stage);
}

test('where many have become final at once, some are settled at a time, the oldest first', async () => {
  const counters = [0, 1, 2];
  await recordSent(
    store.db,
    { routeId, chainId: L2 },
    counters.map((counter) => sentMessage(counter, at(10, counter))),
  );
  // The last message was delivered first.
  await recordDeliveries(
    store.db,
    { routeId, chainId: L1 },
    counters.map((counter) => delivery(counter, at(31 - counter))),
  );
  expect(await settleDeliveries(store.db, routeId, 99, 2)).toHaveLength(2);
  expect(await stages()).toEqual(['sent', 'relayed', 'relayed']);
  expect(await settleDeliveries(store.db, routeId, 99, 2)).toHaveLength(1);
  expect(await settleDeliveries(store.db, routeId, 99, 2)).toHaveLength(0);
  expect(await stages()).toEqual(['relayed', 'relayed', 'relayed']);
});
