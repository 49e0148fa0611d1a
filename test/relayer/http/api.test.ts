import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { insertAlarm } from '../../../relayer/store/alarms.ts';
import { recordDeliveries, settleDeliveries } from '../../../relayer/store/deliveries.ts';
import { markProven, markSubmitted, park, recordSent } from '../../../relayer/store/messages.ts';
import { recordStateBatches } from '../../../relayer/store/stateBatches.ts';
import { insertAttempt, insertTransaction } from '../../../relayer/store/transactions.ts';
import { serveNode } from '../../../relayer/http/server.ts';
import { account, at, batch, blockHash, delivery, hashOf, L1, L2, sentMessage } from '../../support/events.ts';
import { listeningLogger } from '../../support/logger.ts';
import { startServedNode, type ServedTestNode } from '../../support/servedNode.ts';

const NOW = Date.now();

let served: ServedTestNode;

beforeEach(async () => {
  served = await startServedNode();
});

afterEach(async () => {
  await served.stop();
});

async function sendUp(...counters: number[]): Promise<void> {
  const sent = counters.map((counter) => sentMessage(counter, at(10 + counter)));
  await recordSent(served.store.db, { routeId: served.up, chainId: L2 }, sent);
}

interface Page {
  readonly messages: readonly { readonly id: number; readonly messageHash: string; readonly from: string }[];
  readonly next: string | null;
}

async function page(query: string): Promise<Page> {
  const { status, body } = await served.get(`/v1/messages?${query}`);
  expect(status).toBe(200);
  return body as unknown as Page;
}

const hashes = ({ messages }: Page): string[] => messages.map(({ messageHash }) => messageHash);

describe('messages', () => {
  test('are listed page by page, the newest first, none twice and none left out', async () => {
    await sendUp(0, 1, 2, 3, 4);
    const first = await page('limit=2');
    expect(hashes(first)).toEqual([hashOf(4), hashOf(3)]);
    // One that comes meanwhile moves no page.
    await sendUp(5);
    const second = await page(`limit=2&cursor=${first.next}`);
    const third = await page(`limit=2&cursor=${second.next}`);
    expect([...hashes(second), ...hashes(third)]).toEqual([hashOf(2), hashOf(1), hashOf(0)]);
    expect(third.next).toBeNull();
    expect((await page('limit=6')).next).toBeNull();
  });

  test('are found by where they stand, by whom, for whom, by transaction and by time', async () => {
    await sendUp(0, 1, 2);
    const { db } = served.store;
    await recordSent(db, { routeId: served.down, chainId: L1 }, [sentMessage(3, at(30))]);
    await markProven(db, [{ id: 2, proof: '0x12', blockNumber: 20, readyAt: 50, batchEventId: 1 }]);
    await park(db, 3, { reason: 'paused', nextTryAt: NOW + 60_000 });

    expect(hashes(await page('from=l1'))).toEqual([hashOf(3)]);
    expect(hashes(await page('from=l2&stage=sent'))).toEqual([hashOf(2), hashOf(0)]);
    expect(hashes(await page('stage=proven'))).toEqual([hashOf(1)]);
    expect(hashes(await page('parked=true'))).toEqual([hashOf(2)]);
    expect(hashes(await page('parked=false&from=l2'))).toEqual([hashOf(1), hashOf(0)]);
    expect(hashes(await page(`sender=${account(1)}`))).toHaveLength(4);
    expect(hashes(await page(`sender=${account(9)}`))).toEqual([]);
    expect(hashes(await page(`target=${account(2).toUpperCase().replace('0X', '0x')}&limit=1`))).toHaveLength(1);
    expect(hashes(await page(`transaction=${at(11).transactionHash}`))).toEqual([hashOf(1)]);
    expect(hashes(await page(`hash=${hashOf(2)}`))).toEqual([hashOf(2)]);
    const times = [1000, 2000, 3000, 4000].map((time, index) => ({ time, id: index + 1 }));
    for (const { time, id } of times) {
      await db.updateTable('history').set({ at: time }).where('messageId', '=', id).execute();
    }
    await db.updateTable('history').set({ at: 5000 }).where('event', '<>', 'sent').execute();
    expect(hashes(await page('since=1970-01-01T00:00:02.001Z'))).toEqual([hashOf(3), hashOf(2)]);
    expect(hashes(await page('since=1970-01-01T00:00:05Z'))).toEqual([]);
    expect(hashes(await page('since=1970-01-01T00:00:00Z'))).toHaveLength(4);
  });

  test('of the same hash in both directions are both shown, each with its own', async () => {
    await sendUp(0);
    await recordSent(served.store.db, { routeId: served.down, chainId: L1 }, [sentMessage(0, at(30))]);
    const { body } = await served.get(`/v1/messages/${hashOf(0).toUpperCase().replace('0X', '0x')}`);
    expect(body['messages']).toMatchObject([
      { from: 'l1', route: '900 -> 901', why: { code: 'queued' } },
      { from: 'l2', route: '901 -> 900', why: { code: 'no-state-batch' } },
    ]);
  });

  test('one that waits is shown with what fails in the node, and one that is delivered without', async () => {
    await sendUp(0);
    served.signals.emit('stageFailed', { stage: 'watch 900', code: 'rpc-unreachable', reason: 'nobody answers' });
    const why = async (): Promise<unknown> => (await served.get(`/v1/messages/${hashOf(0)}`)).body['messages'];
    expect(await why()).toMatchObject([
      {
        why: {
          code: 'no-state-batch',
          failing: [expect.stringMatching(/^"watch 900" fails since .* with rpc-unreachable: nobody answers$/u)],
        },
      },
    ]);
    await served.store.db.updateTable('messages').set({ stage: 'relayed' }).execute();
    expect(await why()).toMatchObject([{ why: { code: 'delivered', failing: [] } }]);
    served.signals.emit('stagePassed', { stage: 'watch 900', moved: 0, milliseconds: 1 });
  });

  test('one is shown with its history, all attempts and what it waits for', async () => {
    const { db } = served.store;
    await sendUp(0);
    await markProven(db, [{ id: 1, proof: '0x12', blockNumber: 20, readyAt: 1_700_000_010, batchEventId: 1 }]);
    const transaction = { nonce: 7, purpose: 'relay', messages: 1, createdAt: 1_700_000_000_000 };
    const id = await insertTransaction(db, { chainId: L1, address: account(3) }, transaction);
    const fees = [2n ** 70n, 3n];
    for (const [index, maxFeePerGas] of fees.entries()) {
      const signed = { hash: blockHash(index), raw: '0xfeed', gasLimit: 21_000n, signedAt: 1_700_000_000_000 + index };
      await insertAttempt(db, id, index, { ...signed, maxFeePerGas, maxPriorityFeePerGas: undefined });
    }
    await markSubmitted(db, [1], id);
    const response = await fetch(`${served.server.url}/v1/messages/${hashOf(0)}`);
    const text = await response.text();
    const { messages } = JSON.parse(text) as { messages: readonly Record<string, unknown>[] };
    expect(messages[0]).toMatchObject({
      stage: 'submitted',
      value: '0',
      gasLimit: '200000',
      readyAt: '2023-11-14T22:13:30.000Z',
      why: { code: 'transaction-pending', until: null },
      history: [{ event: 'sent' }, { event: 'proven' }, { event: 'submitted', transactionHash: blockHash(0) }],
      transactions: [
        {
          nonce: 7,
          stage: 'pending',
          createdAt: '2023-11-14T22:13:20.000Z',
          attempts: [
            { hash: blockHash(0), maxFeePerGas: `${2n ** 70n}` },
            { hash: blockHash(1), maxFeePerGas: '3' },
          ],
        },
      ],
    });
    expect((await served.get(`/v1/messages/${hashOf(0)}`)).body['messages']).toHaveLength(1);
    // A signed transaction is for the node to broadcast, and for nobody else.
    expect(text).not.toContain('feed');
    expect((await served.get('/v1/transactions?stage=pending')).body).toMatchObject({
      transactions: [{ nonce: 7 }],
      next: null,
    });
    expect((await served.get(`/v1/transactions?signer=${account(4)}`)).body).toEqual({ transactions: [], next: null });
  });
});

test('batches, alarms and the lane are shown', async () => {
  const { db } = served.store;
  const appended = [batch(0, [0, 4], at(30)), batch(1, [5, 9], at(31)), batch(2, [10, 10], at(32))];
  const deleted = [{ batchIndex: 2n, ...at(33) }];
  await recordStateBatches(db, { routeId: served.up, chainId: L1 }, { appended, deleted });
  expect((await served.get('/v1/batches?limit=1')).body).toMatchObject({
    batches: [{ batchIndex: '1', committedAt: '2023-11-14T22:13:51.000Z', finalAt: '2023-11-14T22:14:51.000Z' }],
    next: '1',
  });
  expect((await served.get('/v1/batches?cursor=1')).body).toMatchObject({ batches: [{ batchIndex: '0' }], next: null });

  await insertAlarm(db, { kind: 'queue-rewritten', subject: '5', message: 'element 5', halts: true });
  await sendUp(0, 1);
  await recordDeliveries(db, { routeId: served.up, chainId: L1 }, [delivery(0, at(30))]);
  await settleDeliveries(db, served.up, 30);
  expect((await served.get('/v1/alarms')).body).toMatchObject({ alarms: [{ kind: 'queue-rewritten', halts: true }] });
  expect((await served.get('/v1/lanes')).body).toMatchObject({
    lanes: [
      {
        halted: true,
        state: 'active',
        chains: [
          { chainId: 900, read: 50, final: 40 },
          { chainId: 901, read: 20, final: 10 },
        ],
        routes: [{ from: 'l1' }, { from: 'l2', messages: { sent: 1, relayed: 1 }, newestBatch: { batchIndex: '1' } }],
      },
    ],
  });
});

test('a route of several stands still by itself where one of its chains has dropped what was final', async () => {
  const [route] = served.node.routes;
  const elsewhere = { ...route!, id: 99, name: '902 -> 901', sourceChainId: 902 };
  const other = await startServedNode({ routes: [route!, elsewhere] });
  await insertAlarm(other.store.db, { kind: 'deep-reorganisation', subject: '900', message: 'gone', halts: true });
  expect((await other.get('/v1/lanes')).body).toMatchObject({
    lanes: [{ halted: false, routes: [{ halted: true }, { halted: false }] }],
  });
  await other.stop();
});

test('a node whose store is away lives, and is not ready', async () => {
  expect((await served.get('/readyz')).body['checks']).toContainEqual({
    name: 'store',
    ok: true,
    reason: 'it answers',
  });
  await served.store.close();
  expect(await served.get('/healthz')).toEqual({ status: 200, body: { healthy: true, state: 'active' } });
  expect(await served.get('/readyz')).toMatchObject({
    status: 503,
    body: {
      ready: false,
      state: 'active',
      checks: [{ name: 'store', ok: false, reason: expect.stringContaining('nothing moves without it') as string }],
    },
  });
  served = { ...served, stop: async () => await served.server.close() };
});

test('a port that somebody has, and a host that is not ours, are refused in words', async () => {
  const { logger } = listeningLogger();
  const means = { signals: served.signals, logger };
  const port = Number(new URL(served.server.url).port);
  await expect(serveNode(served.node, { host: '127.0.0.1', port }, means)).rejects.toMatchObject({
    code: 'in-use',
    message: `port ${port} on 127.0.0.1 is in use`,
    hint: expect.stringContaining('--http-port') as string,
  });
  await expect(serveNode(served.node, { host: '192.0.2.1', port: 0 }, means)).rejects.toMatchObject({
    code: 'invalid-config',
    message: expect.stringContaining('192.0.2.1') as string,
  });
});
