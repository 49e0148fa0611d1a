import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { orphanAbove } from '../../../relayer/store/blocks.ts';
import { recordDeliveries, settleDeliveries } from '../../../relayer/store/deliveries.ts';
import {
  dueMessages,
  failedSubmissions,
  markProven,
  markSubmitted,
  park,
  recordSent,
  reopen,
  withdrawProof,
} from '../../../relayer/store/messages.ts';
import type { MessageStage } from '../../../relayer/store/schema.ts';
import { insertTransaction, markMined, markReplaced } from '../../../relayer/store/transactions.ts';
import { account, at, blockHash, delivery, hashOf, L1, L2, newRoute, sentMessage } from '../../support/events.ts';
import { newStore, type TestStore } from '../../support/store.ts';

const NOW = 1_800_000_000_000;
const SIGNER = { chainId: L1, address: account(3) };

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

async function due(stage: MessageStage, readyBy?: number): Promise<string[]> {
  const options = { now: NOW, limit: 100, ...(readyBy !== undefined && { readyBy }) };
  return (await dueMessages(store.db, route, stage, options)).map(({ messageHash }) => messageHash);
}

async function row(counter: number) {
  return await store.db
    .selectFrom('messages')
    .leftJoin('proofs', 'messageId', 'messages.id')
    .selectAll('messages')
    .select('proof')
    .where('counter', '=', counter)
    .executeTakeFirstOrThrow();
}

/** Sends message 0 in block 10 and proves it at block 20. */
async function sendAndProve(): Promise<number> {
  await recordSent(store.db, source(), [sentMessage(0, at(10))]);
  const { id } = await row(0);
  await markProven(store.db, [{ id, proof: '0x1234', blockNumber: 20, readyAt: 50, batchEventId: 1 }]);
  return id;
}

async function submitted(): Promise<{ id: number; transactionId: number }> {
  const id = await sendAndProve();
  const transactionId = await insertTransaction(store.db, SIGNER, {
    nonce: 0,
    purpose: 'relay',
    messages: 1,
    createdAt: NOW,
  });
  await markSubmitted(store.db, [id], transactionId);
  return { id, transactionId };
}

describe('a message that was sent', () => {
  test('is due with all that it is made of, the oldest first', async () => {
    const sent = [sentMessage(2, at(11, 1)), sentMessage(1, at(11, 0)), sentMessage(0, at(10, 9))];
    await recordSent(store.db, source(), sent);
    const messages = await dueMessages(store.db, route, 'sent', { now: NOW, limit: 2 });
    expect(messages).toEqual([
      {
        id: 3,
        messageHash: hashOf(0),
        message: sent[2]?.message,
        blockNumber: 10,
        proofBytes: 0,
        tries: 0,
        parkedReason: null,
      },
      {
        id: 2,
        messageHash: hashOf(1),
        message: sent[1]?.message,
        blockNumber: 11,
        proofBytes: 0,
        tries: 0,
        parkedReason: null,
      },
    ]);
  });

  test('is one message, however often it is read', async () => {
    await recordSent(store.db, source(), [sentMessage(0, at(10))]);
    await recordSent(store.db, source(), [sentMessage(0, at(10))]);
    expect(await due('sent')).toEqual([hashOf(0)]);
  });

  test('is not due while its block is dropped, and is the same one when it is mined again in another', async () => {
    await recordSent(store.db, source(), [sentMessage(0, at(10)), sentMessage(1, at(11))]);
    await orphanAbove(store.db, L2, 10);
    expect(await due('sent')).toEqual([hashOf(0)]);

    await recordSent(store.db, source(), [sentMessage(1, at(12, 3, 'b'))]);
    expect(await due('sent')).toEqual([hashOf(0), hashOf(1)]);
    expect(await row(1)).toMatchObject({ id: 2, blockNumber: 12, logIndex: 3, orphaned: 0 });
  });

  test('is not due while it is set aside, nor once somebody has tried to deliver it', async () => {
    await recordSent(store.db, source(), [sentMessage(0, at(10)), sentMessage(1, at(11))]);
    await park(store.db, 1, { reason: 'paused', nextTryAt: NOW + 1 });
    await park(store.db, 2, { reason: 'paused', nextTryAt: NOW });
    expect(await due('sent')).toEqual([hashOf(1)]);
    await recordDeliveries(store.db, destination(), [delivery(1, at(99))]);
    expect(await due('sent')).toEqual([]);
    // Not final: it can be dropped.
    await orphanAbove(store.db, L1, 98);
    expect(await due('sent')).toEqual([hashOf(1)]);
  });

  test('is due when the clock was set back by more than the longest wait', async () => {
    await recordSent(store.db, source(), [sentMessage(0, at(10)), sentMessage(1, at(11))]);
    await park(store.db, 1, { reason: 'paused', nextTryAt: NOW + 600_000 });
    await park(store.db, 2, { reason: 'paused', nextTryAt: NOW + 600_001 });
    expect(await due('sent')).toEqual([hashOf(1)]);
  });

  test('of one route is nothing to another', async () => {
    await recordSent(store.db, source(), [sentMessage(0, at(10))]);
    expect(await dueMessages(store.db, route + 1, 'sent', { now: NOW, limit: 9 })).toEqual([]);
    await recordDeliveries(store.db, { routeId: await otherRoute(), chainId: L1 }, [delivery(0, at(5))]);
    expect(await due('sent')).toEqual([hashOf(0)]);
  });

  async function otherRoute(): Promise<number> {
    const ends = await store.db.selectFrom('routes').selectAll().executeTakeFirstOrThrow();
    const { id } = await store.db
      .insertInto('routes')
      .values({ ...ends, id: undefined, sourceChainId: 77 })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  }
});

describe('a proof', () => {
  test('lets a message be submitted once its window is over, and starts its tries anew', async () => {
    await recordSent(store.db, source(), [sentMessage(0, at(10))]);
    await park(store.db, 1, { reason: 'rpc-error', nextTryAt: NOW + 9 });
    await markProven(store.db, [{ id: 1, proof: '0x1234', blockNumber: 20, readyAt: 50, batchEventId: 1 }]);
    expect(await due('sent')).toEqual([]);
    expect(await due('proven', 49)).toEqual([]);
    expect(await due('proven', 50)).toEqual([hashOf(0)]);
    expect(await row(0)).toMatchObject({ tries: 0, parkedReason: null, nextTryAt: 0, batchEventId: 1 });
  });

  test('comes too late for a message that was delivered or dropped meanwhile', async () => {
    await recordSent(store.db, source(), [sentMessage(0, at(10)), sentMessage(1, at(11))]);
    await recordDeliveries(store.db, destination(), [delivery(0, at(99))]);
    await settleDeliveries(store.db, route, 99);
    await orphanAbove(store.db, L2, 10);
    const proof = { proof: '0x12', blockNumber: 20, readyAt: 50, batchEventId: 1 };
    await markProven(store.db, [
      { id: 1, ...proof },
      { id: 2, ...proof },
    ]);
    expect(await row(0)).toMatchObject({ stage: 'relayed', proof: null });
    expect(await row(1)).toMatchObject({ stage: 'sent', proof: null });
  });

  test('is withdrawn, and given anew', async () => {
    const id = await sendAndProve();
    await withdrawProof(store.db, id);
    expect(await row(0)).toMatchObject({ stage: 'sent', readyAt: null, batchEventId: null, proof: null });
    await markProven(store.db, [{ id, proof: '0x5678', blockNumber: 20, readyAt: 60, batchEventId: 2 }]);
    expect(await row(0)).toMatchObject({ stage: 'proven', readyAt: 60, batchEventId: 2 });
  });

  test('goes with the block whose state it is of, even where its message stays', async () => {
    await sendAndProve();
    await orphanAbove(store.db, L2, 20);
    expect(await row(0)).toMatchObject({ stage: 'proven', orphaned: 0 });
    await orphanAbove(store.db, L1, 5);
    expect(await row(0)).toMatchObject({ stage: 'proven', orphaned: 0 });
    await orphanAbove(store.db, L2, 19);
    expect(await row(0)).toMatchObject({ stage: 'sent', orphaned: 0, proof: null });
  });

  test('does not outlive the block that its message was in', async () => {
    await sendAndProve();
    await orphanAbove(store.db, L2, 9);
    await recordSent(store.db, source(), [sentMessage(0, at(11, 0, 'b'))]);
    // Under the old block's state root it would still be proven.
    expect(await due('sent')).toEqual([hashOf(0)]);
    expect(await due('proven', 99)).toEqual([]);
  });
});

describe('a submitted message', () => {
  test.each(['reverted', 'replaced'] as const)('is tried again when its transaction is %s', async (outcome) => {
    const { id, transactionId } = await submitted();
    const mined = { hash: blockHash(1), blockNumber: 7, reverted: true, paid: 5n };
    await markMined(store.db, transactionId, mined, false);
    // Its block can still be dropped.
    expect(await failedSubmissions(store.db, route, 7)).toEqual([]);
    if (outcome === 'replaced') await markReplaced(store.db, transactionId);
    else await markMined(store.db, transactionId, mined, true);
    expect(await failedSubmissions(store.db, route, 7)).toEqual([{ id, tries: 0, outcome }]);

    await reopen(store.db, id, { reason: 'transaction-reverted', nextTryAt: NOW + 5 });
    expect(await row(0)).toMatchObject({ stage: 'proven', transactionId: null, tries: 1, nextTryAt: NOW + 5 });
    expect(await failedSubmissions(store.db, route, 7)).toEqual([]);
    expect(await due('proven', 99)).toEqual([]);
  });

  test('is tried again when its transaction was a batch that ended before it', async () => {
    const { id, transactionId } = await submitted();
    await markMined(store.db, transactionId, { hash: blockHash(1), blockNumber: 7, reverted: false, paid: 5n }, true);
    // Its delivery may not be settled yet.
    expect(await failedSubmissions(store.db, route, 6)).toEqual([]);
    expect(await failedSubmissions(store.db, route, 7)).toEqual([{ id, tries: 0, outcome: 'left-out' }]);
  });

  test('is not tried again when its transaction delivered it', async () => {
    const { transactionId } = await submitted();
    await markMined(store.db, transactionId, { hash: blockHash(1), blockNumber: 7, reverted: false, paid: 5n }, true);
    await recordDeliveries(store.db, destination(), [delivery(0, at(7))]);
    await settleDeliveries(store.db, route, 7);
    expect(await failedSubmissions(store.db, route, 7)).toEqual([]);
  });

  test('is proven anew where its proof was withdrawn meanwhile', async () => {
    const { id, transactionId } = await submitted();
    await orphanAbove(store.db, L2, 9);
    expect(await row(0)).toMatchObject({ stage: 'submitted', proof: null });
    await markReplaced(store.db, transactionId);
    await reopen(store.db, id, { reason: 'nonce-conflict', nextTryAt: 0 });
    expect(await row(0)).toMatchObject({ stage: 'sent', parkedReason: 'nonce-conflict' });
  });

  test('that was delivered in between is not submitted, set aside or opened again', async () => {
    const id = await sendAndProve();
    await recordDeliveries(store.db, destination(), [delivery(0, at(30))]);
    await settleDeliveries(store.db, route, 30);
    await markSubmitted(store.db, [id], 1);
    await park(store.db, id, { reason: 'already-relayed', nextTryAt: NOW });
    await reopen(store.db, id, { reason: 'nonce-conflict', nextTryAt: 0 });
    expect(await row(0)).toMatchObject({ stage: 'relayed', transactionId: null, parkedReason: null, tries: 0 });
  });
});

describe('a delivery', () => {
  test('counts once it is final, whatever was known of the message before', async () => {
    await recordDeliveries(store.db, destination(), [delivery(0, at(30))]);
    expect(await settleDeliveries(store.db, route, 99)).toHaveLength(0);
    await recordSent(store.db, source(), [sentMessage(0, at(10))]);
    // Seen before its message: it is not due, and not done either.
    expect(await due('sent')).toEqual([]);
    expect(await settleDeliveries(store.db, route, 29)).toHaveLength(0);
    expect(await settleDeliveries(store.db, route, 30)).toHaveLength(1);
    expect(await row(0)).toMatchObject({ stage: 'relayed', failureReason: null });
    expect(await store.db.selectFrom('deliveries').selectAll().execute()).toEqual([]);
  });

  test('that failed keeps its reason until one succeeds', async () => {
    await sendAndProve();
    await recordDeliveries(store.db, destination(), [delivery(0, at(30), '0xdead')]);
    await settleDeliveries(store.db, route, 30);
    expect(await row(0)).toMatchObject({ stage: 'failed', proof: null, failureReason: new Uint8Array([0xde, 0xad]) });
    await recordDeliveries(store.db, destination(), [delivery(0, at(31, 2), '0xbeef'), delivery(0, at(31, 4))]);
    expect(await settleDeliveries(store.db, route, 31)).toHaveLength(2);
    expect(await row(0)).toMatchObject({ stage: 'relayed', failureReason: null });
  });

  test('that was dropped does not count, and does when it is back', async () => {
    await sendAndProve();
    await recordDeliveries(store.db, destination(), [delivery(0, at(30))]);
    await orphanAbove(store.db, L1, 29);
    expect(await settleDeliveries(store.db, route, 29)).toHaveLength(0);
    await recordDeliveries(store.db, destination(), [delivery(0, at(30))]);
    expect(await settleDeliveries(store.db, route, 30)).toHaveLength(1);
    expect(await row(0)).toMatchObject({ stage: 'relayed' });
  });

  test('that was dropped for good is forgotten', async () => {
    await sendAndProve();
    await recordDeliveries(store.db, destination(), [delivery(0, at(30))]);
    await orphanAbove(store.db, L1, 29);
    await settleDeliveries(store.db, route, 40);
    expect(await store.db.selectFrom('deliveries').selectAll().execute()).toEqual([]);
    expect(await due('proven', 99)).toEqual([hashOf(0)]);
  });
});
