import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { recordBlocks } from '../../../relayer/store/blocks.ts';
import { recordDeliveries, settleDeliveries } from '../../../relayer/store/deliveries.ts';
import {
  dueMessages,
  failedSubmissions,
  markProven,
  markSubmitted,
  recordSent,
} from '../../../relayer/store/messages.ts';
import {
  forgetExecuted,
  markExecuted,
  nextQueueElements,
  recordQueueElements,
} from '../../../relayer/store/queueElements.ts';
import { markSettled } from '../../../relayer/store/settlements.ts';
import {
  batchOfElement,
  forgetBatches,
  recordStateBatches,
  unfoundedMessages,
} from '../../../relayer/store/stateBatches.ts';
import {
  countPending,
  forgetFinished,
  insertAttempt,
  insertTransaction,
  markMined,
  missingNonces,
  nextStoredNonce,
  openTransactions,
} from '../../../relayer/store/transactions.ts';
import type { SentMessage } from '../../../sdk/chain/logs.ts';
import type { Database } from '../../../relayer/store/schema.ts';
import {
  account,
  ALL_FINAL,
  at,
  batch,
  blockHash,
  delivery,
  executed,
  L1,
  L2,
  newRoute,
  sentMessage,
} from '../../support/events.ts';
import { newStore, type TestStore } from '../../support/store.ts';

const MESSAGES = 1000;
const SIGNER = { chainId: L1, address: account(3) };

let store: TestStore;
let route: number;
let noises: number;

beforeEach(async () => {
  noises = 0;
  store = await newStore();
  route = await newRoute(store.db);
});

afterEach(async () => {
  await store.remove();
});

/** Bytes that do not compress, as hashes and signatures do not; the same in each run, as how full pages are depends on them. */
function noise(length: number): string {
  return `0x${createHash('shake256', { outputLength: length }).update(`${noises++}`).digest('hex')}`;
}

function withData(sent: SentMessage, length: number): SentMessage {
  return { ...sent, message: { ...sent.message, data: noise(length) } };
}

async function submit(db: Database, nonce: number, messages: number): Promise<void> {
  const id = await insertTransaction(db, SIGNER, { nonce, purpose: 'relay', messages, createdAt: 1_800_000_000_000 });
  const fees = { gasLimit: 300_000n, maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 10n ** 9n };
  await insertAttempt(db, id, 0, { hash: noise(32), raw: noise(4000), ...fees, signedAt: 1_800_000_000_000 });
}

/** A thousand messages of so many bytes, each through its whole life, so many by one transaction. */
async function relayAll(dataLength: number, batchSize: number): Promise<void> {
  const counters = Array.from({ length: MESSAGES }, (_, counter) => counter);
  const source = { routeId: route, chainId: L2 };
  const destination = { routeId: route, chainId: L1 };
  await store.db.transaction().execute(async (db) => {
    await recordSent(
      db,
      source,
      counters.map((counter) => withData(sentMessage(counter, at(counter)), dataLength)),
    );
    const tenth = MESSAGES / 10;
    const appended = Array.from({ length: 10 }, (_, index) =>
      batch(index, [index * tenth, (index + 1) * tenth - 1], at(10 + index)),
    );
    const events = { appended, deleted: [] };
    await recordStateBatches(db, destination, events);
    const proof = { blockNumber: MESSAGES, readyAt: 50, batchEventId: 1 };
    // Account and storage proof of a passer with a thousand messages.
    await markProven(
      db,
      counters.map((counter) => ({ id: counter + 1, proof: noise(3500), ...proof })),
    );
  });
  await store.db.transaction().execute(async (db) => {
    for (const counter of counters) {
      if (counter % batchSize === 0) await submit(db, counter / batchSize, batchSize);
      await markSubmitted(db, [counter + 1], 1 + Math.floor(counter / batchSize));
    }
  });
  await store.compact();
  expect(statSync(store.path).size).toBeGreaterThan(4_000_000);
  for (let first = 0; first < MESSAGES; first += 100) {
    await store.db.transaction().execute(async (db) => {
      for (const nonce of counters.slice(first, first + 100).filter((each) => each < MESSAGES / batchSize)) {
        await markMined(db, nonce + 1, { hash: noise(32), blockNumber: 2000 + nonce, reverted: false, paid: 5n }, true);
      }
    });
    await store.compact();
  }
  const deliveries = counters.map((counter) => delivery(counter, at(2000 + counter)));
  await store.db.transaction().execute(async (db) => {
    await recordDeliveries(db, destination, deliveries);
    await recordBlocks(db, L1, [{ number: 3000, hash: blockHash(3000) }], 3000);
    await settleDeliveries(db, route, 3000);
    await forgetFinished(db);
    await forgetBatches(db, route, { startBlock: 0, finalNumber: 3000 });
  });
}

test.each([
  [132, 10, 1275],
  [4096, 10, 1275],
  [132, 1, 1750],
])('a thousand finished messages of %i bytes, %i a transaction, take less than %i bytes each', async (...figures) => {
  const [dataLength, batchSize, most] = figures;
  await relayAll(dataLength, batchSize);
  // Which transactions there were is known for ever, and not what was signed.
  const attempts = await store.db.selectFrom('attempts').select('raw').execute();
  expect(attempts.filter(({ raw }) => raw.length === 0)).toHaveLength(MESSAGES / batchSize);
  expect(await nextStoredNonce(store.db, SIGNER)).toBe(MESSAGES / batchSize);
  // The last batch may hold messages that are yet to come.
  const batches = await store.db.selectFrom('stateBatchEvents').select('batchIndex').execute();
  expect(batches).toEqual([{ batchIndex: 9 }]);
  const raw = noise(400);
  const elements = Array.from({ length: 100 }, (_, index) => ({ index, raw, ...at(index) }));
  await recordQueueElements(store.db, { routeId: route, chainId: L1 }, elements);
  await markExecuted(store.db, route, executed(...elements.map(({ index }) => index)));
  await markSettled(store.db, route, elements.length);
  await forgetExecuted(store.db, route, ALL_FINAL);
  await store.compact();
  const { size } = statSync(store.path);

  expect(size).toBeLessThan(MESSAGES * most);
  expect(size).toBeGreaterThan(MESSAGES * 200);
  expect(statSync(`${store.path}-wal`).size).toBe(0);
  store = await store.reopen();
  expect(statSync(store.path).size).toBe(size);
});

test('no pass of a stage reads what is done', async () => {
  const statements = new Map<string, number>();
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
  const { db } = store;
  await dueMessages(db, route, 'proven', { now: 0, limit: 5, readyBy: 4 });
  await failedSubmissions(db, route, 5);
  await unfoundedMessages(db, route);
  await settleDeliveries(db, route, 5);
  await nextQueueElements(db, route, 100);
  await batchOfElement(db, route, 5);
  await openTransactions(db, SIGNER, { finalNumber: 5, limit: 5 });
  await countPending(db, SIGNER, 'relay');
  await nextStoredNonce(db, SIGNER);
  await missingNonces(db, SIGNER, 5);
  for (const [sql] of prepare.mock.calls) statements.set(sql, (sql.match(/\?/gu) ?? []).length);
  prepare.mockRestore();

  const database = new DatabaseSync(store.path);
  const plan = (sql: string, parameters: number): string =>
    database
      .prepare(`explain query plan ${sql}`)
      .all(...Array.from({ length: parameters }, () => 1))
      .map(({ detail }) => detail as string)
      .join('\n');
  const plans = [...statements].map(([sql, parameters]) => `${sql}\n${plan(sql, parameters)}`);
  database.close();
  const scans = plans.filter((each) => /^SCAN/mu.test(each));
  expect(scans).toEqual([]);
  const [due = ''] = plans.filter((each) => each.includes(`"stage" = 'proven' and "orphaned"`));
  // In the order of the index: the first few of a backlog cost no more than a few.
  expect(due).toContain('INDEX messagesAtWork (routeId=? AND stage=?)');
  expect(due).not.toContain('TEMP B-TREE');
  for (const each of plans.filter((text) => text.includes(`from "transactions" where`) && text.includes("'pending'"))) {
    expect(each).toContain('INDEX transactionsAtWork');
  }
});
