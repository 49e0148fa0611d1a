import { afterAll, beforeAll, expect, test } from 'vitest';

import { readWindow } from '../../../relayer/store/blocks.ts';
import { CHAIN_ID, FINALITY_LAG, startWatchedAnvil, type WatchedAnvil } from '../../support/watchedAnvil.ts';

let anvil: WatchedAnvil;

beforeAll(async () => {
  anvil = await startWatchedAnvil();
});

afterAll(async () => {
  await anvil.stop();
});

test('thousands of blocks are read by ranges where they are final, and one by one near the head', async () => {
  await anvil.send(0);
  await anvil.mine(1998);
  // At the end of the first range, and at the start of the second.
  await anvil.send(1);
  await anvil.send(2);
  await anvil.mine(200);
  await anvil.send(3);
  anvil.proxy.calls.length = 0;
  await anvil.read();
  expect(await anvil.stored()).toBe('0@1 1@2000 2@2001 3@2202');
  expect(await anvil.cursor()).toEqual({ at: 2202, final: 2202 - FINALITY_LAG });
  expect(anvil.proxy.calls.filter((method) => method === 'eth_getLogs')).toHaveLength(2 + FINALITY_LAG);
  expect(await readWindow(anvil.store.db, CHAIN_ID)).toHaveLength(FINALITY_LAG + 1);
});
