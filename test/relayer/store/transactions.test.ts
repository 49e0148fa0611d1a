import { id } from 'ethers';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { orphanAbove } from '../../../relayer/store/blocks.ts';
import {
  countPending,
  forgetFinished,
  insertAttempt,
  insertTransaction,
  markBroadcast,
  markMined,
  markReplaced,
  markUnmined,
  missingNonces,
  nextStoredNonce,
  openTransactions,
  type OpenTransaction,
} from '../../../relayer/store/transactions.ts';
import { account, L1, L2 } from '../../support/events.ts';
import { newStore, type TestStore } from '../../support/store.ts';

const SIGNER = { chainId: L1, address: account(3) };

let store: TestStore;

beforeEach(async () => {
  store = await newStore();
});

afterEach(async () => {
  await store.remove();
});

async function insert(nonce: number, purpose = 'relay', signer = SIGNER): Promise<number> {
  return await insertTransaction(store.db, signer, { nonce, purpose, messages: 0, createdAt: 7 });
}

async function open(finalNumber = 0): Promise<OpenTransaction[]> {
  return await openTransactions(store.db, SIGNER, { finalNumber, limit: 100 });
}

async function stages(finalNumber?: number): Promise<string[]> {
  return (await open(finalNumber)).map(({ nonce, stage }) => `${nonce} ${stage}`);
}

async function mine(transaction: number, blockNumber: number, isFinal = false): Promise<void> {
  await markMined(store.db, transaction, { hash: id('mined'), blockNumber, reverted: false, paid: 5n }, isFinal);
}

test('nonces are given out once for an account on a chain', async () => {
  expect(await nextStoredNonce(store.db, SIGNER)).toBe(0);
  await insert(4);
  await insert(5, 'relay', { ...SIGNER, chainId: L2 });
  await insert(6, 'relay', { ...SIGNER, address: account(4) });
  expect(await nextStoredNonce(store.db, SIGNER)).toBe(5);
  await expect(insert(4)).rejects.toThrow(/unique/iu);
});

test('a nonce stays taken when its transaction is final or replaced', async () => {
  await mine(await insert(4), 10, true);
  expect(await nextStoredNonce(store.db, SIGNER)).toBe(5);
  await markReplaced(store.db, await insert(5));
  expect(await nextStoredNonce(store.db, SIGNER)).toBe(6);
});

test('gaps are between nonces that were given out, and not in front of what the chain has', async () => {
  expect(await missingNonces(store.db, SIGNER, 0)).toEqual([]);
  await insert(4);
  await insert(7);
  await mine(await insert(8), 10, true);
  expect(await missingNonces(store.db, SIGNER, 2)).toEqual([2, 3, 5, 6]);
  expect(await missingNonces(store.db, SIGNER, 5)).toEqual([5, 6]);
  expect(await missingNonces(store.db, SIGNER, 7)).toEqual([]);
  expect(await missingNonces(store.db, SIGNER, 20)).toEqual([]);
});

test('a transaction is looked after until it is mined, and again once its block is final', async () => {
  const first = await insert(0);
  await insert(1);
  expect(await stages()).toEqual(['0 pending', '1 pending']);
  expect(await countPending(store.db, SIGNER)).toBe(2);
  await mine(first, 10);
  // However many are mined and wait, those that are not mined are looked after.
  expect(await stages(9)).toEqual(['1 pending']);
  expect(await stages(10)).toEqual(['0 mined', '1 pending']);
  expect(await countPending(store.db, SIGNER)).toBe(1);
  await mine(first, 10, true);
  expect(await stages(10)).toEqual(['1 pending']);
});

test('a reorganisation of its own chain makes a transaction pending again', async () => {
  await mine(await insert(0), 10);
  await mine(await insert(1), 11);
  await mine(await insert(2), 11, true);
  await orphanAbove(store.db, L2, 1);
  expect(await countPending(store.db, SIGNER)).toBe(0);
  await orphanAbove(store.db, L1, 10);
  expect(await stages()).toEqual(['1 pending']);
  await markUnmined(store.db, 1);
  expect(await stages()).toEqual(['0 pending', '1 pending']);
});

test('attempts are kept, the latest last, until a transaction of the nonce is final', async () => {
  const transaction = await insert(0);
  const attempt = { raw: '0x02aa', gasLimit: 21_000n, maxPriorityFeePerGas: 1n, signedAt: 5 };
  await insertAttempt(store.db, transaction, 1, { ...attempt, hash: id('2'), maxFeePerGas: 10n ** 20n });
  await insertAttempt(store.db, transaction, 0, { ...attempt, hash: id('1'), maxFeePerGas: 9n });
  const [found] = await open();
  expect(found?.attempts).toEqual([
    { ...attempt, hash: id('1'), maxFeePerGas: 9n },
    { ...attempt, hash: id('2'), maxFeePerGas: 10n ** 20n },
  ]);
  await mine(transaction, 10);
  expect((await open(10))[0]?.attempts).toHaveLength(2);
  await mine(transaction, 10, true);
  // Which there were is known for ever, but not what they said.
  expect(await store.db.selectFrom('attempts').select(['maxFeePerGas', 'raw']).execute()).toEqual([
    { maxFeePerGas: `${10n ** 20n}`, raw: new Uint8Array() },
    { maxFeePerGas: '9', raw: new Uint8Array() },
  ]);
});

test('transactions are counted by purpose', async () => {
  await insert(0);
  await insert(1, 'state-batch');
  await markReplaced(store.db, await insert(2, 'state-batch'));
  expect(await countPending(store.db, SIGNER, 'state-batch')).toBe(1);
  expect(await countPending(store.db, SIGNER, 'gap')).toBe(0);
  expect(await countPending(store.db, SIGNER)).toBe(2);
});

test('what delivered nothing is forgotten when it is over, and what was to deliver is not', async () => {
  const attempt = { raw: '0x02', gasLimit: 1n, maxFeePerGas: 1n, maxPriorityFeePerGas: undefined, signedAt: 5 };
  for (const [nonce, messages] of [0, 3, 0, 0, 0].entries()) {
    const transaction = await insertTransaction(store.db, SIGNER, { nonce, purpose: 'p', messages, createdAt: 7 });
    await insertAttempt(store.db, transaction, 0, { ...attempt, hash: id(`${nonce}`) });
    if (nonce === 2) await markReplaced(store.db, transaction);
    else if (nonce !== 3) await mine(transaction, 10, true);
  }
  await forgetFinished(store.db);
  const left = await store.db.selectFrom('transactions').select('nonce').orderBy('nonce').execute();
  // The last one says where to go on.
  expect(left.map(({ nonce }) => nonce)).toEqual([1, 3, 4]);
  expect(await store.db.selectFrom('attempts').select('transactionId').execute()).toHaveLength(3);
});

test('an attempt knows when it was first handed to a node, and what was said last', async () => {
  const transaction = await insert(0);
  const attempt = { raw: '0x02', gasLimit: 1n, maxFeePerGas: 1n, maxPriorityFeePerGas: undefined, signedAt: 5 };
  await insertAttempt(store.db, transaction, 0, { ...attempt, hash: id('1') });
  const stored = async () =>
    await store.db.selectFrom('attempts').select(['broadcastAt', 'refusal']).executeTakeFirstOrThrow();
  expect(await stored()).toEqual({ broadcastAt: null, refusal: null });
  await markBroadcast(store.db, id('1'), { at: 6, refusal: 'no' });
  expect(await stored()).toEqual({ broadcastAt: 6, refusal: 'no' });
  await markBroadcast(store.db, id('1'), { at: 9, refusal: undefined });
  expect(await stored()).toEqual({ broadcastAt: 6, refusal: null });
});
