import { afterEach, beforeEach, expect, test } from 'vitest';

import { awaitedBlocks, isProofAwaited } from '../../../relayer/store/awaited.ts';
import { recordDeliveries } from '../../../relayer/store/deliveries.ts';
import { recordSent } from '../../../relayer/store/messages.ts';
import type { MessageStage } from '../../../relayer/store/schema.ts';
import { at, delivery, L1, L2, newRoute, sentMessage } from '../../support/events.ts';
import { newStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
let routeId: number;

beforeEach(async () => {
  store = await newStore();
  routeId = await newRoute(store.db);
  await recordSent(store.db, { routeId, chainId: L2 }, [sentMessage(0, at(10))]);
});

afterEach(async () => {
  await store.remove();
});

async function isAwaited(after: bigint, upTo: bigint): Promise<boolean> {
  return await isProofAwaited(store.db, routeId, { after, upTo });
}

test('blocks are awaited that a message was sent in, and no others', async () => {
  expect(await isAwaited(9n, 10n)).toBe(true);
  expect(await isAwaited(10n, 11n)).toBe(false);
  expect(await isAwaited(0n, 9n)).toBe(false);
});

test.each<[MessageStage, boolean]>([
  ['proven', true],
  // What its transaction comes to is seen first.
  ['submitted', false],
  ['relayed', false],
  ['failed', false],
])('a message that is %s awaits them: %s', async (stage, is) => {
  await store.db.updateTable('messages').set({ stage }).execute();
  expect(await isAwaited(9n, 10n)).toBe(is);
});

test('a message that somebody else has delivered awaits nothing', async () => {
  await recordDeliveries(store.db, { routeId, chainId: L1 }, [delivery(0, at(20))]);
  expect(await isAwaited(9n, 10n)).toBe(false);
});

test('the first blocks that are awaited come in their order, each but once', async () => {
  const messages = [20, 13, 13, 11].map((number, index) => sentMessage(index + 1, at(number)));
  await recordSent(store.db, { routeId, chainId: L2 }, messages);
  expect(await awaitedBlocks(store.db, routeId, { after: 10n, most: 3 })).toEqual([11, 13, 20]);
  expect(await awaitedBlocks(store.db, routeId, { after: 0n, most: 2 })).toEqual([10, 11]);
});
