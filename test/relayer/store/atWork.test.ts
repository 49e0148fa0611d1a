import { id } from 'ethers';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { isAtWork } from '../../../relayer/store/atWork.ts';
import { recordDeliveries, settleDeliveries } from '../../../relayer/store/deliveries.ts';
import { recordSent } from '../../../relayer/store/messages.ts';
import { markExecuted, recordQueueElements } from '../../../relayer/store/queueElements.ts';
import { markSettled } from '../../../relayer/store/settlements.ts';
import { at, delivery, executed, L1, L2, newRoute, sentMessage } from '../../support/events.ts';
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

test('a message is at work from when it is sent until its outcome is final', async () => {
  expect(await isAtWork(store.db)).toBe(false);
  await recordSent(store.db, { routeId, chainId: L2 }, [sentMessage(0, at(10))]);
  for (const stage of ['sent', 'proven', 'submitted'] as const) {
    await store.db.updateTable('messages').set({ stage }).execute();
    expect(await isAtWork(store.db)).toBe(true);
  }
  await recordDeliveries(store.db, { routeId, chainId: L1 }, [delivery(0, at(20))]);
  await settleDeliveries(store.db, routeId, 20);
  expect(await isAtWork(store.db)).toBe(false);
});

test('so is a delivery that is not settled, whatever it delivers', async () => {
  await recordDeliveries(store.db, { routeId, chainId: L1 }, [delivery(0, at(20))]);
  expect(await isAtWork(store.db)).toBe(true);
});

test('so is an element of the queue until it is executed in a block that L2 cannot drop', async () => {
  await recordQueueElements(store.db, { routeId, chainId: L1 }, [{ index: 0, raw: id('0'), ...at(10) }]);
  expect(await isAtWork(store.db)).toBe(true);
  await markExecuted(store.db, routeId, executed(0));
  expect(await isAtWork(store.db)).toBe(true);
  await markSettled(store.db, routeId, 0);
  expect(await isAtWork(store.db)).toBe(false);
});
