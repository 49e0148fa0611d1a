import { afterEach, beforeEach, expect, test } from 'vitest';

import { moveCursor, orphanAbove, readCursor, readWindow, recordBlocks } from '../../../relayer/store/blocks.ts';
import { blockHash, cursorAt, L1, L2 } from '../../support/events.ts';
import { newStore, type TestStore } from '../../support/store.ts';

let store: TestStore;

beforeEach(async () => {
  store = await newStore();
});

afterEach(async () => {
  await store.remove();
});

test('blocks are remembered while they can be dropped, the newest first', async () => {
  expect(await readCursor(store.db, L1)).toBeUndefined();
  const blocks = [8, 9, 10].map((number) => ({ number, hash: blockHash(number) }));
  await recordBlocks(store.db, L1, blocks, 8);
  await moveCursor(store.db, L1, cursorAt(10, 8));
  expect(await readWindow(store.db, L1)).toEqual(blocks.toReversed());
  expect(await readWindow(store.db, L2)).toEqual([]);
  await recordBlocks(store.db, L1, [], 9);
  await moveCursor(store.db, L1, cursorAt(10, 9));
  expect(await readWindow(store.db, L1)).toEqual(blocks.slice(1).toReversed());
  expect(await readCursor(store.db, L1)).toEqual(cursorAt(10, 9));
});

test('blocks that were dropped are not in the window, and can come back', async () => {
  await recordBlocks(
    store.db,
    L1,
    [
      { number: 8, hash: blockHash(8) },
      { number: 9, hash: blockHash(9) },
    ],
    8,
  );
  await orphanAbove(store.db, L1, 8);
  await recordBlocks(store.db, L1, [{ number: 9, hash: blockHash(9, 'b') }], 8);
  expect((await readWindow(store.db, L1)).map(({ hash }) => hash)).toEqual([blockHash(9, 'b'), blockHash(8)]);
  await orphanAbove(store.db, L1, 8);
  await recordBlocks(store.db, L1, [{ number: 9, hash: blockHash(9) }], 8);
  expect((await readWindow(store.db, L1)).map(({ hash }) => hash)).toEqual([blockHash(9), blockHash(8)]);
});
