import { id as hashText } from 'ethers';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { orphanAbove } from '../../../relayer/store/blocks.ts';
import { recordDeliveries, settleDeliveries } from '../../../relayer/store/deliveries.ts';
import { historyAfter, historyOf, newestHistory, recordHistory } from '../../../relayer/store/history.ts';
import { markProven, markSubmitted, park, recordSent, reopen, withdrawProof } from '../../../relayer/store/messages.ts';
import { insertAttempt, insertTransaction } from '../../../relayer/store/transactions.ts';
import { account, at, delivery, hashOf, L1, L2, newRoute, sentMessage } from '../../support/events.ts';
import { newStore, type TestStore } from '../../support/store.ts';

const SIGNER = { chainId: L1, address: account(3) };
const NOW = 1_800_000_000_000;
const TRANSACTION = hashText('a transaction');

let store: TestStore;
let route: number;

beforeEach(async () => {
  store = await newStore();
  route = await newRoute(store.db);
});

afterEach(async () => {
  await store.remove();
});

const source = (): { routeId: number; chainId: number } => ({ routeId: route, chainId: L2 });
const destination = (): { routeId: number; chainId: number } => ({ routeId: route, chainId: L1 });

async function send(...counters: number[]): Promise<void> {
  await recordSent(
    store.db,
    source(),
    counters.map((counter) => sentMessage(counter, at(10 + counter))),
  );
}

async function prove(id: number): Promise<void> {
  await markProven(store.db, [{ id, proof: '0x1234', blockNumber: 20, readyAt: 50, batchEventId: 1 }]);
}

async function submit(id: number, nonce = 0): Promise<void> {
  const transactionId = await insertTransaction(store.db, SIGNER, {
    nonce,
    purpose: 'relay',
    messages: 1,
    createdAt: NOW,
  });
  const attempt = { raw: '0x12', gasLimit: 1n, maxFeePerGas: 1n, maxPriorityFeePerGas: 1n, signedAt: NOW };
  await insertAttempt(store.db, transactionId, 0, { ...attempt, hash: TRANSACTION });
  await insertAttempt(store.db, transactionId, 1, { ...attempt, hash: hashText('it pays more'), signedAt: NOW + 1 });
  expect(await markSubmitted(store.db, [id], transactionId)).toEqual([id]);
}

/** What happened to a message, in short. */
async function storyOf(id: number): Promise<string[]> {
  const entries = await historyOf(store.db, id);
  return entries.map(({ event, reason, times }) =>
    [event, reason, times > 1 ? `x${times}` : null].filter(Boolean).join(' '),
  );
}

test("a message's life is told step by step, with the transactions and the reasons", async () => {
  await send(0);
  await park(store.db, 1, { reason: 'rpc-error', nextTryAt: NOW });
  await prove(1);
  await withdrawProof(store.db, 1);
  await prove(1);
  await submit(1);
  await reopen(store.db, 1, { reason: 'transaction-reverted', nextTryAt: NOW });
  await recordDeliveries(store.db, destination(), [delivery(0, at(30), '0xdead'), delivery(0, at(31))]);
  await settleDeliveries(store.db, route, 31);

  expect(await storyOf(1)).toEqual([
    'sent',
    'parked rpc-error',
    'proven',
    'withdrawn',
    'proven',
    'submitted',
    'reopened transaction-reverted',
    'failed',
    'relayed',
  ]);
  const hashes = (await historyOf(store.db, 1)).map(({ transactionHash }) => transactionHash);
  expect(hashes.slice(5, 6)).toEqual([TRANSACTION]);
  expect(hashes.at(-1)).toBe(at(31).transactionHash);
  expect(hashes.filter((hash) => hash !== null)).toHaveLength(3);
});

test('what did not happen is not told', async () => {
  await send(0);
  await withdrawProof(store.db, 1);
  await reopen(store.db, 1, { reason: 'nonce-conflict', nextTryAt: NOW });
  await prove(1);
  await prove(1);
  await submit(1);
  expect(await markSubmitted(store.db, [1], 1)).toEqual([]);
  await park(store.db, 1, { reason: 'paused', nextTryAt: NOW });
  await prove(2);
  expect(await storyOf(1)).toEqual(['sent', 'proven', 'submitted']);
  expect(await newestHistory(store.db)).toBe(3);
});

test('a message that is read again is no new one, unless its block was dropped meanwhile', async () => {
  await send(0, 1);
  await send(0, 1);
  await orphanAbove(store.db, L2, 10);
  await orphanAbove(store.db, L2, 10);
  await send(0, 1, 2);
  expect(await storyOf(1)).toEqual(['sent']);
  expect(await storyOf(2)).toEqual(['sent', 'orphaned', 'returned']);
  // What comes again can take a number.
  const { id } = await store.db.selectFrom('messages').select('id').where('counter', '=', 2).executeTakeFirstOrThrow();
  expect(await storyOf(id)).toEqual(['sent']);
});

test('what is set aside again and again for the same reason takes the room of once', async () => {
  await send(0, 1);
  for (let tries = 0; tries < 50; tries++) await park(store.db, 1, { reason: 'target-reverted', nextTryAt: NOW });
  await park(store.db, 2, { reason: 'target-reverted', nextTryAt: NOW });
  await park(store.db, 1, { reason: 'paused', nextTryAt: NOW });
  await park(store.db, 1, { reason: 'target-reverted', nextTryAt: NOW });
  expect(await storyOf(1)).toEqual(['sent', 'parked target-reverted x50', 'parked paused', 'parked target-reverted']);
  expect(await storyOf(2)).toEqual(['sent', 'parked target-reverted']);

  await recordHistory(store.db, [1, 2], { event: 'parked', reason: 'target-reverted', at: NOW });
  const [last] = (await historyOf(store.db, 1)).slice(-1);
  expect(last).toMatchObject({ times: 2, lastAt: NOW });
  expect(last?.at).toBeLessThan(NOW);
});

test('what happened on the lane is read on from any entry, in order', async () => {
  await send(0, 1);
  const before = await newestHistory(store.db);
  await prove(2);
  await prove(1);
  const [first, second, ...more] = await historyAfter(store.db, before, 10);
  expect(first).toMatchObject({ event: 'proven', routeId: route, messageHash: hashOf(1) });
  expect(second).toMatchObject({ event: 'proven', routeId: route, messageHash: hashOf(0) });
  expect(more).toEqual([]);
  expect(await historyAfter(store.db, 0, 2)).toHaveLength(2);
  expect(await historyAfter(store.db, second?.id ?? 0, 2)).toEqual([]);
});

test('more than fit into one statement are recorded', async () => {
  const counters = Array.from({ length: 1500 }, (_, counter) => counter);
  await store.write(async (db) => {
    await recordSent(
      db,
      source(),
      counters.map((counter) => sentMessage(counter, at(10))),
    );
    await recordHistory(
      db,
      counters.map((counter) => counter + 1),
      { event: 'retried' },
    );
  });
  expect(await newestHistory(store.db)).toBe(3000);
  expect(await storyOf(1500)).toEqual(['sent', 'retried']);
});

test('an outcome says when the message was seen and when it was ready', async () => {
  const start = Date.now();
  await send(0, 1);
  await prove(1);
  await recordDeliveries(store.db, destination(), [delivery(0, at(30)), delivery(1, at(30, 1), '0x')]);
  const [first, second] = await settleDeliveries(store.db, route, 30);
  expect(first).toMatchObject({ messageId: 1, outcome: 'relayed', readyAt: 50 });
  expect(second).toMatchObject({ messageId: 2, outcome: 'failed', readyAt: null });
  expect(first?.seenAt).toBeGreaterThanOrEqual(start);
  expect(first?.seenAt).toBeLessThanOrEqual(Date.now());
});
