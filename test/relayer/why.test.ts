import { id as hashText } from 'ethers';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { insertAlarm } from '../../relayer/store/alarms.ts';
import { moveCursor, orphanAbove } from '../../relayer/store/blocks.ts';
import { recordDeliveries, settleDeliveries } from '../../relayer/store/deliveries.ts';
import { readMessageDetails, type MessageDetails, type RouteTerms } from '../../relayer/store/messageDetails.ts';
import { listMessages } from '../../relayer/store/messageRecords.ts';
import { markProven, markSubmitted, park, recordSent, reopen } from '../../relayer/store/messages.ts';
import { markExecuted, recordQueueElements } from '../../relayer/store/queueElements.ts';
import { routeId } from '../../relayer/store/routes.ts';
import { recordStateBatches } from '../../relayer/store/stateBatches.ts';
import { insertAttempt, insertTransaction, markMined } from '../../relayer/store/transactions.ts';
import { whyWaiting, type Why } from '../../relayer/why.ts';
import {
  account,
  at,
  batch,
  cursorAt,
  delivery,
  executed,
  hashOf,
  L1,
  L2,
  newRoute,
  sentMessage,
} from '../support/events.ts';
import { newStore, type TestStore } from '../support/store.ts';

const BATCHES = { by: 'state-batches', startBlock: 1, windowSeconds: 60 } as const;
const SIGNER = { chainId: L1, address: account(3) };

/** Of L1's last block, milliseconds; see `cursorAt`. */
const NOW = 1_700_000_050_000;
const OPENS = NOW / 1000 + 60;

let store: TestStore;
let route: number;

beforeEach(async () => {
  store = await newStore();
  route = await newRoute(store.db);
  await moveCursor(store.db, L1, cursorAt(50, 40));
  await moveCursor(store.db, L2, cursorAt(20, 10));
});

afterEach(async () => {
  await store.remove();
});

const source = (): { routeId: number; chainId: number } => ({ routeId: route, chainId: L2 });
const destination = (): { routeId: number; chainId: number } => ({ routeId: route, chainId: L1 });

async function details(terms?: RouteTerms): Promise<MessageDetails> {
  const [message] = await listMessages(store.db, { routeIds: [1, 2], limit: 1 });
  const waitsFor = message!.routeId === route ? BATCHES : ({ by: 'queue' } as const);
  return await readMessageDetails(store.db, terms ?? { waitsFor, retryCommand: 'xdm relayMessage' }, message!);
}

async function why(now = NOW): Promise<Why> {
  return whyWaiting(await details(), now);
}

async function prove(readyAt = OPENS): Promise<void> {
  await markProven(store.db, [{ id: 1, proof: '0x12', blockNumber: 20, readyAt, batchEventId: 1 }]);
}

async function submit(): Promise<number> {
  const id = await insertTransaction(store.db, SIGNER, { nonce: 7, purpose: 'relay', messages: 1, createdAt: NOW });
  const gwei = 10n ** 9n;
  const attempt = { raw: '0x', gasLimit: 1n, maxPriorityFeePerGas: gwei };
  await insertAttempt(store.db, id, 0, { ...attempt, hash: hashText('one'), maxFeePerGas: 2n * gwei, signedAt: NOW });
  await insertAttempt(store.db, id, 1, {
    ...attempt,
    hash: hashText('two'),
    maxFeePerGas: 3n * gwei,
    signedAt: NOW + 1,
  });
  await markSubmitted(store.db, [1], id);
  return id;
}

test('a message from L2 waits for a batch, its proof, the window, a pass, a transaction, its finality', async () => {
  await recordSent(store.db, source(), [sentMessage(0, at(15))]);
  expect(await why()).toMatchObject({ code: 'no-state-batch', text: expect.stringContaining('L2 block 15') as string });
  expect((await why()).text).toContain('begins at block 1.');

  await recordStateBatches(store.db, destination(), { appended: [batch(0, [0, 19], at(30))], deleted: [] });
  expect(await why()).toMatchObject({ code: 'not-proven', text: expect.stringContaining('State batch 0') as string });

  await prove();
  expect(await why()).toEqual({
    code: 'challenge-period',
    text: 'It is proven; the fraud-proof window of its state batch is open until 2023-11-14 22:15:10 UTC.',
    until: OPENS * 1000,
  });
  expect(await why(OPENS * 1000)).toMatchObject({ code: 'next-pass' });

  const transaction = await submit();
  const pending = await why();
  expect(pending.code).toBe('transaction-pending');
  expect(pending.text).toContain(
    `${hashText('two')} (nonce 7 of ${SIGNER.address}, attempt 2, which pays up to 3 gwei)`,
  );

  const mined = { hash: hashText('two'), blockNumber: 45, reverted: false, paid: 5n };
  await markMined(store.db, transaction, mined, false);
  expect(await why()).toMatchObject({
    code: 'transaction-not-final',
    text: expect.stringContaining('block 45') as string,
  });

  await recordDeliveries(store.db, destination(), [delivery(0, at(45))]);
  const seen = await why();
  expect(seen.code).toBe('delivery-not-final');
  expect(seen.text).toContain('in block 45 of chain 900');
  expect(seen.text).toContain('the last final one is 40');

  await settleDeliveries(store.db, route, 45);
  expect(await why()).toEqual({
    code: 'delivered',
    text: `It was delivered by transaction ${at(45).transactionHash}.`,
  });
});

test('one that was set aside says why, how often and until when', async () => {
  await recordSent(store.db, source(), [sentMessage(0, at(15))]);
  await prove(1);
  await park(store.db, 1, { reason: 'insufficient-funds', nextTryAt: NOW + 5000 });
  expect(await why()).toEqual({
    code: 'parked',
    text: 'The signer cannot pay for the transaction: fund it. It was set aside 1 time (insufficient-funds). The next try is at 2023-11-14 22:14:15 UTC.',
    until: NOW + 5000,
  });
  await submit();
  await reopen(store.db, 1, { reason: 'transaction-reverted', nextTryAt: NOW + 1000 });
  const { transactions, history } = await details();
  expect((await why(NOW + 2000)).text).toMatch(/set aside 2 times \(transaction-reverted\)\. It is tried again/u);
  // Its transaction is known though it came to nothing.
  expect(transactions.map(({ attempts }) => attempts.map(({ hash }) => hash))).toEqual([
    [hashText('one'), hashText('two')],
  ]);
  expect(history.map(({ event }) => event)).toEqual(['sent', 'proven', 'parked', 'submitted', 'reopened']);
});

test('one that its target refused says with what, and what can be done', async () => {
  await recordSent(store.db, source(), [sentMessage(0, at(15))]);
  await recordDeliveries(store.db, destination(), [delivery(0, at(30), '0x')]);
  await settleDeliveries(store.db, route, 30);
  const { code, text } = await why();
  expect(code).toBe('failed');
  expect(text).toContain('reverted without a reason');
  expect(text).toMatch(
    /Anybody can try again once that is mended: xdm relayMessage (0x\w{64}); if it ran out of gas, with more: xdm relayMessage \1 --gas-limit 16777216 \(/u,
  );
});

test('while the lane stands still that is what it waits for; one whose block is gone waits for that', async () => {
  await recordSent(store.db, source(), [sentMessage(0, at(15))]);
  const alarm = { kind: 'deep-reorganisation', subject: '900', message: 'chain 900 has dropped block 40' } as const;
  await insertAlarm(store.db, { ...alarm, halts: false });
  expect((await why()).code).toBe('no-state-batch');
  await insertAlarm(store.db, { ...alarm, subject: '901', halts: true });
  const text = expect.stringContaining('to chain 901 stands still: chain 900 has dropped block 40') as string;
  expect(await why()).toMatchObject({ code: 'halted', text });
  await orphanAbove(store.db, L2, 14);
  expect(await why()).toMatchObject({ code: 'orphaned', text: expect.stringContaining('block 15') as string });
});

test('a message from L1 waits for its block, its turn in the queue, and the block of its delivery', async () => {
  const down = await routeId(store.db, {
    sourceChainId: L1,
    sourceMessenger: account(12),
    destinationChainId: L2,
    destinationMessenger: account(11),
  });
  const events = { routeId: down, chainId: L1 };
  await recordQueueElements(
    store.db,
    events,
    [0, 1, 2].map((index) => ({ index, raw: `0x0${index}`, ...at(45) })),
  );
  await recordSent(store.db, events, [sentMessage(2, at(45))]);
  const waiting = await why();
  expect(waiting.code).toBe('source-not-final');
  expect(waiting.text).toContain('Block 45 of chain 900');
  expect(waiting.text).toContain('It comes after 2 elements of the queue');

  await moveCursor(store.db, L1, cursorAt(50, 45));
  await markExecuted(store.db, down, executed(0, 1));
  expect(await why()).toMatchObject({
    code: 'queued',
    text: expect.stringContaining('It is the next element') as string,
  });
  await markExecuted(store.db, down, executed(2));
  expect(await why()).toMatchObject({ code: 'executed' });
});

test('a message that is proven without a batch waits for its block to be final, and for its proof', async () => {
  await recordSent(store.db, source(), [sentMessage(0, at(15))]);
  const terms = { waitsFor: { by: 'proof' }, retryCommand: 'xdm again' } as const;
  const now = async (): Promise<Why> => whyWaiting(await details(terms), NOW);
  expect(await now()).toEqual({
    code: 'source-not-final',
    text: 'Block 15 of chain 901, in which it was sent, is not final yet: the last final one is 10.',
  });
  await moveCursor(store.db, L2, cursorAt(20, 15));
  expect(await now()).toEqual({ code: 'not-proven', text: 'It waits to be proven to chain 900.' });
  await markProven(store.db, [{ id: 1, proof: '0x12', blockNumber: 15, readyAt: 1, batchEventId: null }]);
  expect(await now()).toMatchObject({ code: 'next-pass' });
  await recordDeliveries(store.db, destination(), [delivery(0, at(40), '0x')]);
  await settleDeliveries(store.db, route, 40);
  const command = `xdm again ${hashOf(0)}`;
  expect(await now()).toMatchObject({ code: 'failed', text: expect.stringContaining(command) as string });
});
