import { id } from 'ethers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { StoredTree } from '../../relayer/lanes/rollup/storedTree.ts';
import { orphanAbove } from '../../relayer/store/blocks.ts';
import { toBytes } from '../../relayer/store/bytes.ts';
import { recordSent } from '../../relayer/store/messages.ts';
import { recordMessageRoots } from '../../relayer/store/messageTrees.ts';
import type { Database } from '../../relayer/store/schema.ts';
import { keepTreeNodes, readTreeNodes } from '../../relayer/store/treeNodes.ts';
import { messageKey, messageKeysOf } from '../../sdk/core/message.ts';
import { MessageTree } from '../../sdk/core/messageTree.ts';
import { EXAMPLE_DEPLOYMENT } from '../support/deployment.ts';
import { at, hashOf, L1, L2, newRoute, sentMessage } from '../support/events.ts';
import { newStore, type TestStore } from '../support/store.ts';

let store: TestStore;
let route: number;
let tree: StoredTree;

beforeEach(async () => {
  store = await newStore();
  route = await newRoute(store.db);
  tree = new StoredTree(EXAMPLE_DEPLOYMENT, route);
});

afterEach(async () => {
  vi.useRealTimers();
  await store.remove();
});

async function send(db: Database, first: number, end: number, block = 1): Promise<void> {
  const counters = Array.from({ length: end - first }, (_, offset) => first + offset);
  const sent = counters.map((counter) => sentMessage(counter, at(block, counter)));
  await db
    .transaction()
    .execute(async (transaction) => await recordSent(transaction, { routeId: route, chainId: L2 }, sent));
}

/** The tree of messages by their counters, of which the store's can differ. */
function expected(counters: readonly number[]): MessageTree {
  return new MessageTree(counters.map((counter) => messageKey(hashOf(counter), EXAMPLE_DEPLOYMENT)));
}

test('grows with the messages, and answers for smaller trees as well', async () => {
  await send(store.db, 0, 2500);
  const whole = expected(Array.from({ length: 2500 }, (_, counter) => counter));
  const held = await tree.holding(store.db, { count: 2100, root: whole.root(2100) });
  expect(held?.path(7, 2100)).toEqual(whole.path(7, 2100));
  const larger = await tree.holding(store.db, { count: 2500, root: whole.root() });
  expect(larger?.multiproof([3, 2400])).toEqual(whole.multiproof([3, 2400]));
  expect(await tree.holding(store.db, { count: 10, root: whole.root(10) })).toBe(larger);
});

describe('after a restart', () => {
  const whole = expected(Array.from({ length: 2500 }, (_, counter) => counter));
  const proven = { count: 2500, root: whole.root() };

  beforeEach(async () => {
    await send(store.db, 0, 2500);
    await recordMessageRoots(store.db, { routeId: route, chainId: L1 }, [{ ...proven, ...at(30) }]);
  });

  async function keep(finalNumber: number): Promise<void> {
    await keepTreeNodes(store.db, route, { finalNumber, keyOf: messageKeysOf(EXAMPLE_DEPLOYMENT) });
  }

  test('has kept the nodes of complete subtrees, once a root that holds them is final', async () => {
    await keep(29);
    expect(await readTreeNodes(store.db, route, 0)).toBeUndefined();
    await keep(30);
    await keep(30);
    expect(await readTreeNodes(store.db, route, 1)).toEqual(whole.subtree(10, 1));
    expect(await readTreeNodes(store.db, route, 2)).toBeUndefined();
  });

  test('goes by what is kept, and reads the other messages alone', async () => {
    await keep(30);
    const nobody = toBytes(id('of none'));
    await store.db.updateTable('messages').set({ messageHash: nobody }).where('counter', '=', 7).execute();
    const held = await tree.holding(store.db, proven);
    expect(held?.multiproof([3, 1030, 2400])).toEqual(whole.multiproof([3, 1030, 2400]));
  });

  test('is built of the messages where what is kept is of others', async () => {
    await keep(30);
    await store.db
      .updateTable('treeNodes')
      .set({ nodes: new Uint8Array(2047 * 32) })
      .where('subtree', '=', 1)
      .execute();
    expect((await tree.holding(store.db, proven))?.path(1500)).toEqual(whole.path(1500));
  });
});

test('is not there while the store lacks messages', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  await send(store.db, 0, 3);
  await send(store.db, 4, 5);
  const proven = { count: 5, root: expected([0, 1, 2, 3, 4]).root() };
  expect(await tree.holding(store.db, proven)).toBeUndefined();
  await send(store.db, 3, 4);
  expect((await tree.holding(store.db, proven))?.root()).toBe(proven.root);
});

test('is built anew when a reorganisation has replaced messages', async () => {
  await send(store.db, 0, 4);
  await tree.holding(store.db, { count: 4, root: expected([0, 1, 2, 3]).root() });
  await orphanAbove(store.db, L2, 0);
  await send(store.db, 0, 2, 2);
  // Another message took the third place.
  const sent = { ...sentMessage(9, at(3)), message: sentMessage(2, at(3)).message };
  await recordSent(store.db, { routeId: route, chainId: L2 }, [sent]);
  const proven = { count: 3, root: expected([0, 1, 9]).root() };
  expect((await tree.holding(store.db, proven))?.root(3)).toBe(proven.root);
});

test('is not built again and again where its root is another one', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  await send(store.db, 0, 3);
  const wrong = { count: 3, root: id('another') };
  expect(await tree.holding(store.db, wrong)).toBeUndefined();
  const query = vi.spyOn(store.db, 'selectFrom');
  expect(await tree.holding(store.db, wrong)).toBeUndefined();
  expect(query).not.toHaveBeenCalled();
  vi.advanceTimersByTime(30_000);
  expect(await tree.holding(store.db, wrong)).toBeUndefined();
  expect(query).toHaveBeenCalled();
});
