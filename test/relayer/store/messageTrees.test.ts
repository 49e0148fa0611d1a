import { id } from 'ethers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { orphanAbove } from '../../../relayer/store/blocks.ts';
import {
  forgetTrees,
  largestProvableTree,
  largestProvenRoot,
  messageHashesFrom,
  recordMessageRoots,
  recordTreeProof,
} from '../../../relayer/store/messageTrees.ts';
import { recordSent } from '../../../relayer/store/messages.ts';
import { forgetBatches, recordStateBatches } from '../../../relayer/store/stateBatches.ts';
import type { LogPosition } from '../../../sdk/chain/logs.ts';
import { at, batch, hashOf, L1, L2, newRoute, sentMessage } from '../../support/events.ts';
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

const root = (count: number): string => id(`tree of ${count}`);

async function prove(count: number, position: LogPosition): Promise<void> {
  await recordMessageRoots(store.db, { routeId: route, chainId: L1 }, [{ count, root: root(count), ...position }]);
}

async function proven(): Promise<number | undefined> {
  return (await largestProvenRoot(store.db, route))?.count;
}

async function provable(readyBy: number): Promise<number | undefined> {
  return (await largestProvableTree(store.db, route, readyBy))?.count;
}

/** The proof of a tree under the batch of an event, of the state of an L2 block. */
async function proveTree(batchEventId: number, count: number, blockNumber: number): Promise<void> {
  const proof = { batchEventId, blockNumber, count, root: root(count), readyAt: 100 + blockNumber, call: '0x1234' };
  await recordTreeProof(store.db, route, proof);
}

async function commit(): Promise<void> {
  const appended = [batch(0, [0, 3], at(10)), batch(1, [4, 7], at(11))];
  await recordStateBatches(store.db, { routeId: route, chainId: L1 }, { appended, deleted: [] });
  await proveTree(1, 5, 3);
  await proveTree(2, 8, 7);
}

describe('the largest proven tree', () => {
  test('is the one with the most messages, whenever it was proven', async () => {
    expect(await proven()).toBeUndefined();
    await prove(5, at(10));
    await prove(9, at(11));
    await prove(7, at(12));
    expect(await largestProvenRoot(store.db, route)).toEqual({ count: 9, root: root(9) });
  });

  test('is another one while its block is dropped', async () => {
    await prove(5, at(10));
    await prove(9, at(11));
    await orphanAbove(store.db, L1, 10);
    expect(await proven()).toBe(5);
    await prove(9, at(12, 0, 'b'));
    expect(await proven()).toBe(9);
    await orphanAbove(store.db, L1, 11);
    expect(await proven()).toBe(5);
  });

  test('is kept when smaller ones are forgotten, and so is what can be dropped', async () => {
    await prove(5, at(10));
    await prove(9, at(11));
    await prove(12, at(12));
    await forgetTrees(store.db, route, 11);
    const rows = await store.db.selectFrom('messageRoots').select('count').orderBy('count').execute();
    expect(rows).toEqual([{ count: 9 }, { count: 12 }]);
    await orphanAbove(store.db, L1, 11);
    expect(await proven()).toBe(9);
  });
});

describe('the largest provable tree', () => {
  test('is under a batch whose window has passed', async () => {
    await commit();
    expect(await provable(102)).toBeUndefined();
    expect(await provable(103)).toBe(5);
    expect(await largestProvableTree(store.db, route, 107)).toEqual({ count: 8, root: root(8), call: '0x1234' });
  });

  test('is under a batch that is stored', async () => {
    await commit();
    const deleted = [{ batchIndex: 1n, ...at(12) }];
    await recordStateBatches(store.db, { routeId: route, chainId: L1 }, { appended: [], deleted });
    expect(await provable(999)).toBe(5);
    await orphanAbove(store.db, L1, 9);
    expect(await provable(999)).toBeUndefined();
  });

  test('is of a state that L2 has not dropped', async () => {
    await commit();
    await orphanAbove(store.db, L2, 6);
    expect(await provable(999)).toBe(5);
  });

  test('is replaced by another proof under the same batch', async () => {
    await commit();
    await proveTree(2, 9, 7);
    expect(await provable(999)).toBe(9);
  });

  test('is forgotten when a root as large is final', async () => {
    await commit();
    await prove(5, at(12));
    await forgetTrees(store.db, route, 11);
    expect(await provable(104)).toBe(5);
    await forgetTrees(store.db, route, 12);
    expect(await provable(104)).toBeUndefined();
    expect(await provable(999)).toBe(8);
  });

  test('goes with its batch', async () => {
    await commit();
    await recordSent(store.db, { routeId: route, chainId: L2 }, [sentMessage(0, at(6))]);
    await forgetBatches(store.db, route, { startBlock: 0, finalNumber: 11 });
    await forgetTrees(store.db, route, 11);
    const rows = await store.db.selectFrom('treeProofs').select('batchEventId').execute();
    expect(rows).toEqual([{ batchEventId: 2 }]);
  });
});

test("a tree's messages are in the order of their counters, up to one that is not there", async () => {
  const sent = [sentMessage(2, at(6)), sentMessage(0, at(4)), sentMessage(1, at(5)), sentMessage(4, at(8))];
  await recordSent(store.db, { routeId: route, chainId: L2 }, sent);
  const hashes = async (first: number, limit: number): Promise<string[]> =>
    await messageHashesFrom(store.db, route, { first, limit });
  expect(await hashes(0, 9)).toEqual([hashOf(0), hashOf(1), hashOf(2)]);
  expect(await hashes(1, 1)).toEqual([hashOf(1)]);
  expect(await hashes(3, 9)).toEqual([]);
  await orphanAbove(store.db, L2, 4);
  expect(await hashes(0, 9)).toEqual([hashOf(0)]);
});
