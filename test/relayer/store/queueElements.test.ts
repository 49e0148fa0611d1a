import { id, keccak256 } from 'ethers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { toHex } from '../../../relayer/store/bytes.ts';
import { orphanAbove } from '../../../relayer/store/blocks.ts';
import {
  forgetExecuted,
  markExecuted,
  markSent,
  nextQueueElements,
  recordQueueElements,
  unfinalDeposits,
  type QueuedDeposit,
  type Rewriting,
} from '../../../relayer/store/queueElements.ts';
import { markSettled } from '../../../relayer/store/settlements.ts';
import { routeId } from '../../../relayer/store/routes.ts';
import { account, ALL_FINAL, at, blockHash, executed, L1, L2, newRoute } from '../../support/events.ts';
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

function element(index: number, blockNumber: number, fork = 'a', content = ''): QueuedDeposit {
  return { index, raw: id(`${index} ${content}`), ...at(blockNumber, index, fork) };
}

async function record(...elements: QueuedDeposit[]): Promise<Rewriting> {
  return await recordQueueElements(store.db, { routeId: route, chainId: L1 }, elements);
}

async function next(limit = 100): Promise<number[]> {
  return (await nextQueueElements(store.db, route, limit)).map(({ index }) => index);
}

async function send(...indices: number[]): Promise<number[]> {
  const elements = (await nextQueueElements(store.db, route, 100)).filter(({ index }) => indices.includes(index));
  return (await markSent(store.db, route, { elements, sentAt: 5 })).map(({ index }) => index);
}

describe('the next elements', () => {
  test('are those after the last one executed, in order', async () => {
    await record(element(2, 11), element(0, 10), element(1, 10));
    expect(await next()).toEqual([0, 1, 2]);
    expect(await next(2)).toEqual([0, 1]);
    await markExecuted(store.db, route, executed(0));
    expect(await nextQueueElements(store.db, route, 1)).toEqual([
      {
        index: 1,
        raw: id('1 '),
        depositHash: keccak256(id('1 ')),
        blockNumber: 10,
        blockHash: at(10).blockHash,
        sentAt: 0,
      },
    ]);
    await markExecuted(store.db, route, executed());
    await markExecuted(store.db, route, executed(1, 2));
    expect(await next()).toEqual([]);
  });

  test('end before a gap, at the start of the queue as well', async () => {
    await record(element(1, 10), element(2, 10));
    expect(await next()).toEqual([]);
    await record(element(0, 9), element(4, 11));
    expect(await next()).toEqual([0, 1, 2]);
  });

  test('end before one that was dropped, until it is back', async () => {
    await record(element(0, 10), element(1, 11), element(2, 11));
    await orphanAbove(store.db, L1, 10);
    expect(await next()).toEqual([0]);
    await record(element(1, 12, 'b', 'another'));
    expect(await next()).toEqual([0, 1]);
    const [, replaced] = await nextQueueElements(store.db, route, 9);
    expect(replaced).toMatchObject({ raw: id('1 another'), blockNumber: 12 });
  });
});

describe('an element that was handed to L2', () => {
  test('is the same after a reorganisation that leaves it as it is', async () => {
    await record(element(0, 10));
    expect(await send(0)).toEqual([0]);
    await orphanAbove(store.db, L1, 9);
    await record(element(0, 12, 'b'));
    expect(await nextQueueElements(store.db, route, 9)).toMatchObject([{ index: 0, blockNumber: 12, sentAt: 5 }]);
  });

  test.each([
    ['executed', true],
    ['perhaps executed: nobody has seen its receipt', false],
  ])('stays what it was when L1 replaces it, which is told, when it is %s', async (_name, isExecuted) => {
    await record(element(0, 10), element(1, 10));
    await send(0);
    const block = { number: 1, hash: blockHash(1) };
    if (isExecuted) await markExecuted(store.db, route, [{ index: 0, block }]);
    await orphanAbove(store.db, L1, 9);
    const rewriting = await record(element(0, 12, 'b', 'another'), element(1, 12, 'b', 'another'));
    expect(rewriting).toEqual({ replaced: [0], kept: [] });
    const rows = await store.db.selectFrom('queueElements').select(['raw', 'blockNumber', 'orphaned']).execute();
    expect(rows.map(({ raw }) => toHex(raw))).toEqual([id('0 '), id('1 another')]);
    expect(rows).toMatchObject([
      { blockNumber: 12, orphaned: 0 },
      { blockNumber: 12, orphaned: 0 },
    ]);
    expect(await record(element(0, 13))).toEqual({ replaced: [], kept: [0] });
  });

  test('must still be what L1 has when it is handed out', async () => {
    await record(element(0, 10), element(1, 11), element(2, 11));
    const elements = await nextQueueElements(store.db, route, 9);
    await orphanAbove(store.db, L1, 10);
    await record(element(1, 12, 'b', 'another'), element(2, 12, 'b'));
    const sent = await markSent(store.db, route, { elements, sentAt: 5 });
    expect(sent.map(({ index }) => index)).toEqual([0]);
    expect((await nextQueueElements(store.db, route, 9)).map(({ sentAt }) => sentAt)).toEqual([5, 0, 0]);
  });
});

test('what is executed and final is forgotten, but the last one', async () => {
  await record(element(0, 10), element(1, 11), element(2, 12), element(3, 13));
  await markExecuted(store.db, route, executed(0, 1, 2));
  await forgetExecuted(store.db, route, ALL_FINAL);
  // Whether L2 still has it is not known.
  expect(await stored()).toEqual([0, 1, 2, 3]);
  await markSettled(store.db, route, 1);
  await forgetExecuted(store.db, route, { l1: 10, l2: 99 });
  expect(await stored()).toEqual([1, 2, 3]);
  await forgetExecuted(store.db, route, ALL_FINAL);
  expect(await stored()).toEqual([2, 3]);
  expect(await next()).toEqual([3]);

  // Read again from the start, as after a change of what is read: it does not come back to life.
  await record(element(0, 10), element(1, 11), element(2, 12), element(3, 13));
  expect(await next()).toEqual([3]);
  await forgetExecuted(store.db, route, ALL_FINAL);
  expect(await stored()).toEqual([2, 3]);
});

describe('a reorganisation of L2', () => {
  let down: number;

  beforeEach(async () => {
    down = await routeId(store.db, {
      sourceChainId: L1,
      sourceMessenger: account(12),
      destinationChainId: L2,
      destinationMessenger: account(11),
    });
    const source = { routeId: down, chainId: L1 };
    await recordQueueElements(store.db, source, [element(0, 10), element(1, 11), element(2, 12), element(3, 13)]);
    // In the L2 blocks 50 to 53.
    await markExecuted(store.db, down, executed(0, 1, 2, 3));
  });

  const nextDown = async (): Promise<number[]> =>
    (await nextQueueElements(store.db, down, 9)).map(({ index }) => index);

  test('lets what was executed in the blocks that are gone be executed again', async () => {
    expect(await nextDown()).toEqual([]);
    await orphanAbove(store.db, L2, 51);
    expect(await nextDown()).toEqual([2, 3]);
    expect(await nextQueueElements(store.db, down, 9)).toMatchObject([{ sentAt: 0 }, { sentAt: 0 }]);
  });

  test('finds what it can drop, though it is final on L1', async () => {
    await markSettled(store.db, down, 1);
    await forgetExecuted(store.db, down, { l1: 99, l2: 51 });
    expect(await stored()).toEqual([1, 2, 3]);
    const [last] = await unfinalDeposits(store.db, down, { finalNumber: 51, limit: 1 });
    expect(last).toEqual({ index: 3, executedIn: 53, depositHash: keccak256(id('3 ')) });
    await orphanAbove(store.db, L2, 51);
    expect(await nextDown()).toEqual([2, 3]);
    expect(await unfinalDeposits(store.db, down, { finalNumber: 51, limit: 9 })).toEqual([]);
  });

  test('lets what comes after that be looked at again, in whatever block it is', async () => {
    await markExecuted(store.db, down, [{ index: 3, block: { number: 40, hash: id('block') } }]);
    await orphanAbove(store.db, L2, 51);
    expect(await nextDown()).toEqual([2, 3]);
  });

  test('is nothing to what another chain executes', async () => {
    await orphanAbove(store.db, L1 + 7, 0);
    expect(await nextDown()).toEqual([]);
  });
});

async function stored(): Promise<number[]> {
  const rows = await store.db.selectFrom('queueElements').select('queueIndex').orderBy('queueIndex').execute();
  return rows.map(({ queueIndex }) => queueIndex);
}
