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

test('what is read once more is neither settled nor told once more, and what is new is', async () => {
  const source = { routeId, chainId: L1 };
  const counters = [0, 1];
  await recordSent(
    store.db,
    { routeId, chainId: L2 },
    counters.map((counter) => sentMessage(counter, at(10, counter))),
  );
  // The first fails twice, and is relayed then; the second only fails, twice.
  const attempts = [
    delivery(0, at(20), '0x01'),
    delivery(1, at(20, 1), '0x01'),
    delivery(0, at(21), '0x02'),
    delivery(1, at(21, 1), '0x02'),
    delivery(0, at(30)),
  ];
  await recordDeliveries(store.db, source, attempts);
  expect(await settleDeliveries(store.db, routeId, 99)).toHaveLength(5);
  const known = async () => [
    await store.db.selectFrom('messages').selectAll().orderBy('id').execute(),
    await store.db.selectFrom('history').selectAll().execute(),
  ];
  const before = await known();

  // Logs were missing, or other contracts are to be read: all of them come again, and not all get final at once.
  await recordDeliveries(store.db, source, attempts);
  for (const final of [25, 99]) expect(await settleDeliveries(store.db, routeId, final)).toEqual([]);
  expect(await known()).toEqual(before);
  expect(await store.db.selectFrom('deliveries').selectAll().execute()).toEqual([]);

  // The same transaction can be executed again, where a sequencer does wrong.
  const again = { ...delivery(1, at(40)), transactionHash: at(21, 1).transactionHash };
  await recordDeliveries(store.db, source, [...attempts, again]);
  expect(await settleDeliveries(store.db, routeId, 99)).toMatchObject([{ messageId: 2, outcome: 'relayed' }]);
  expect(await stages()).toEqual(['relayed', 'relayed']);
});
