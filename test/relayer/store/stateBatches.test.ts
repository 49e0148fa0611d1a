import { afterEach, beforeEach, expect, test } from 'vitest';

import { orphanAbove } from '../../../relayer/store/blocks.ts';
import { markProven, recordSent } from '../../../relayer/store/messages.ts';
import { batchOfElement, recordStateBatches, unfoundedMessages } from '../../../relayer/store/stateBatches.ts';
import type { LogPosition, StateBatchAppended } from '../../../sdk/chain/logs.ts';
import { at, batch, L1, L2, newRoute, sentMessage } from '../../support/events.ts';
import { newStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
let route: number;

beforeEach(async () => {
  store = await newStore();
  route = await newRoute(store.db);
});

afterEach(async () => {
  await store.remove();
});

async function append(...appended: StateBatchAppended[]): Promise<void> {
  await recordStateBatches(store.db, { routeId: route, chainId: L1 }, { appended, deleted: [] });
}

async function remove(batchIndex: number, position: LogPosition): Promise<void> {
  const deleted = [{ batchIndex: BigInt(batchIndex), ...position }];
  await recordStateBatches(store.db, { routeId: route, chainId: L1 }, { appended: [], deleted });
}

/** Index of the batch that holds each of the elements 0 to 9, with the L1 block of its commitment. */
async function covering(): Promise<string> {
  const elements = Array.from({ length: 10 }, (_, element) => element);
  const found = await Promise.all(elements.map(async (element) => await batchOfElement(store.db, route, element)));
  return found.map((each) => (each === undefined ? '-' : `${each.batchIndex}`)).join('');
}

async function unfounded(batchEventId: number): Promise<number[]> {
  await recordSent(store.db, { routeId: route, chainId: L2 }, [sentMessage(0, at(1))]);
  await markProven(store.db, [{ id: 1, proof: '0x12', blockNumber: 3, readyAt: 5, batchEventId }]);
  return await unfoundedMessages(store.db, route);
}

test('an element is in the batch that covers it', async () => {
  expect(await covering()).toBe('----------');
  await append(batch(0, [0, 3], at(10)), batch(1, [4, 4], at(11)), batch(2, [5, 7], at(12)));
  expect(await covering()).toBe('00001222--');
  const { batchRoot, timestamp } = batch(1, [4, 4], at(11));
  expect(await batchOfElement(store.db, route, 4)).toEqual({
    eventId: 2,
    batchIndex: 1n,
    batchRoot,
    batchSize: 1n,
    prevTotalElements: 4n,
    timestamp,
  });
});

test('a deletion takes all later batches with it, and what is committed after it counts', async () => {
  await append(batch(0, [0, 3], at(10)), batch(1, [4, 4], at(11)), batch(2, [5, 7], at(12)));
  await remove(1, at(13, 5));
  expect(await covering()).toBe('0000------');
  // In the same block, after it.
  await append(batch(1, [4, 8], at(13, 6)));
  expect(await covering()).toBe('000011111-');
});

test('a batch that was committed and deleted in one block is not stored', async () => {
  await append(batch(0, [0, 3], at(10, 1)));
  await remove(0, at(10, 2));
  expect(await covering()).toBe('----------');
  expect(await unfounded(1)).toEqual([1]);
});

test('a reorganisation undoes a deletion', async () => {
  await append(batch(0, [0, 3], at(10)));
  await remove(0, at(11));
  await append(batch(0, [0, 1], at(12)));
  expect(await covering()).toBe('00--------');
  expect(await unfounded(3)).toEqual([]);

  await orphanAbove(store.db, L1, 10);
  expect(await covering()).toBe('0000------');
  // What was proven under the batch that took its place is not proven any more.
  expect(await unfoundedMessages(store.db, route)).toEqual([1]);
});

test('a reorganisation undoes a commitment, which can come back as another one or as the same', async () => {
  await append(batch(0, [0, 3], at(10)));
  expect(await unfounded(1)).toEqual([]);
  await orphanAbove(store.db, L1, 9);
  expect(await covering()).toBe('----------');
  expect(await unfoundedMessages(store.db, route)).toEqual([1]);

  await append(batch(0, [0, 3], at(11, 0, 'b')));
  expect(await batchOfElement(store.db, route, 0)).toMatchObject({ eventId: 2, timestamp: 1_700_000_011n });
  expect(await unfoundedMessages(store.db, route)).toEqual([1]);

  await orphanAbove(store.db, L1, 9);
  await append(batch(0, [0, 3], at(10)));
  expect(await batchOfElement(store.db, route, 0)).toMatchObject({ eventId: 1 });
  expect(await unfoundedMessages(store.db, route)).toEqual([]);
});

test('a deletion that is read twice is one', async () => {
  await append(batch(0, [0, 3], at(10)));
  await remove(0, at(11));
  await orphanAbove(store.db, L1, 10);
  await remove(0, at(11));
  expect(await covering()).toBe('----------');
});

test('proofs that rest on no batch hold without one, and each message has a time of its own', async () => {
  await recordSent(store.db, { routeId: route, chainId: L2 }, [sentMessage(0, at(1)), sentMessage(1, at(2))]);
  const proof = { proof: '0x12', blockNumber: 3, batchEventId: null };
  await markProven(store.db, [
    { id: 1, ...proof, readyAt: 5 },
    { id: 2, ...proof, readyAt: 6 },
  ]);
  expect(await unfoundedMessages(store.db, route)).toEqual([]);
  const rows = await store.db.selectFrom('messages').select(['stage', 'readyAt']).orderBy('id').execute();
  expect(rows).toEqual([
    { stage: 'proven', readyAt: 5 },
    { stage: 'proven', readyAt: 6 },
  ]);
});
