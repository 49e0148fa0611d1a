import { afterEach, beforeEach, expect, test } from 'vitest';

import { rollupOutline } from '../../../relayer/lanes/rollup/routes.ts';
import { retryMessages } from '../../../relayer/retry.ts';
import { orphanAbove } from '../../../relayer/store/blocks.ts';
import { historyOf } from '../../../relayer/store/history.ts';
import { dueMessages, park, recordSent } from '../../../relayer/store/messages.ts';
import { openStore } from '../../../relayer/store/store.ts';
import { account, at, hashOf, L1, L2, newRoute, sentMessage } from '../../support/events.ts';
import { newStore, type TestStore } from '../../support/store.ts';

const MESSENGERS = { l1Messenger: account(12), l2Messenger: account(11) };
const TERMS = { l1ChainId: BigInt(L1), l2ChainId: BigInt(L2), startBlock: 0n, fraudProofWindow: 60n };
const LANE = rollupOutline({ ...TERMS, ...MESSENGERS });

/** The node's. */
let store: TestStore;
let route: number;

beforeEach(async () => {
  store = await newStore();
  route = await newRoute(store.db);
  await recordSent(
    store.db,
    { routeId: route, chainId: L2 },
    [0, 1, 2].map((index) => sentMessage(index, at(index))),
  );
  const rows = await store.db.selectFrom('messages').select('id').orderBy('counter').execute();
  for (const { id } of rows.slice(0, 2)) {
    await park(store.db, id, { reason: 'paused', nextTryAt: Date.now() + 600_000 });
  }
});

afterEach(async () => {
  await store.remove();
});

/** Counters of the messages that the node would look at now. */
async function due(): Promise<number[]> {
  const messages = await dueMessages(store.db, route, 'sent', { now: Date.now(), limit: 100 });
  return messages.map(({ message }) => Number(message.nonce & 0xffffn));
}

test('beside the node, what it has set aside is taken up again, and is in its history', async () => {
  expect(await due()).toEqual([2]);
  const beside = await openStore(store.path, { shared: true });
  const [first] = (await retryMessages(beside, LANE, [hashOf(1)])).flat();
  await beside.close();
  expect(first).toMatchObject({ fromChain: 'l2', isRetried: true, parkedReason: 'paused', tries: 1 });
  expect(await due()).toEqual([1, 2]);
  expect((await historyOf(store.db, first!.id)).map(({ event }) => event)).toEqual(['sent', 'parked', 'retried']);
});

test('all of it is, and nothing else', async () => {
  const retried = await retryMessages(store, LANE, undefined);
  expect(retried.flat().map(({ messageHash }) => messageHash)).toEqual([hashOf(0), hashOf(1)]);
  expect(await due()).toEqual([0, 1, 2]);
  const [, , other] = await store.db.selectFrom('messages').select('id').orderBy('counter').execute();
  expect((await historyOf(store.db, other!.id)).map(({ event }) => event)).toEqual(['sent']);
});

test('those that a reorganisation has dropped are left alone', async () => {
  await orphanAbove(store.db, L2, 0);
  expect((await retryMessages(store, LANE, undefined)).flat()).toMatchObject([{ messageHash: hashOf(0) }]);
  expect((await retryMessages(store, LANE, [hashOf(1)])).flat()).toMatchObject([
    { isRetried: false, isOrphaned: true },
  ]);
});

test('those of another lane are not found', async () => {
  const elsewhere = rollupOutline({ ...TERMS, ...MESSENGERS, l1Messenger: account(99) });
  expect(await retryMessages(store, elsewhere, [hashOf(0)])).toEqual([[]]);
  expect(await retryMessages(store, elsewhere, undefined)).toEqual([]);
});
