import type { Provider, TransactionReceipt } from 'ethers';
import { expect, test } from 'vitest';

import { waitForReceipt } from '../../../sdk/chain/receipts.ts';

const HASH = `0x${'12'.repeat(32)}`;
const MINED = { hash: HASH, status: 1 } as TransactionReceipt;

function inBlock(blockNumber: number): TransactionReceipt {
  return { hash: HASH, status: 1, blockNumber } as TransactionReceipt;
}

/** A provider that gives these answers, one after the other; the last one again and again. */
function answering(...answers: (TransactionReceipt | Error | null)[]): Provider {
  const getTransactionReceipt = async (): Promise<TransactionReceipt | null> => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) throw answer;
    return await Promise.resolve(answer ?? null);
  };
  return { getTransactionReceipt } as unknown as Provider;
}

function unreachable(): Error {
  return Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
}

test('waits until the transaction is in a block, over an endpoint that fails for a moment', async () => {
  expect(await waitForReceipt(answering(null, unreachable(), null, MINED), HASH)).toBe(MINED);
});

test('refuses a transaction that reverted', async () => {
  const reverted = { hash: HASH, status: 0 } as TransactionReceipt;

  await expect(waitForReceipt(answering(reverted), HASH)).rejects.toMatchObject({ code: 'transaction-reverted' });
});

test('ends at once with an error that does not pass', async () => {
  await expect(waitForReceipt(answering(new Error('nonsense')), HASH)).rejects.toMatchObject({ code: 'internal' });
});

test('ends when its time is over, and when a signal says so', async () => {
  await expect(waitForReceipt(answering(null), HASH, { timeout: 1 })).rejects.toMatchObject({ code: 'timeout' });
  await expect(waitForReceipt(answering(null), HASH, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'timeout',
  });
});

test('waits for more blocks where more are asked for, and again where its own is dropped', async () => {
  const heads = [5, 6, 7, 8, 9];
  const provider = answering(inBlock(5), inBlock(5), null, inBlock(7));
  provider.getBlockNumber = async () => await Promise.resolve(heads.shift() ?? 0);
  expect(await waitForReceipt(provider, HASH, { confirmations: 3 })).toEqual(inBlock(7));
  expect(heads).toEqual([]);
});

test('says how many blocks there are when its time is over', async () => {
  const provider = answering(inBlock(5));
  provider.getBlockNumber = async () => await Promise.resolve(6);
  const options = { confirmations: 3, timeout: 1 };
  await expect(waitForReceipt(provider, HASH, options)).rejects.toMatchObject({
    code: 'timeout',
    message: `transaction ${HASH} had 2 of 3 confirmations while it was waited for`,
  });
});

test('ends where another transaction of the account is mined with the nonce, and one node is not behind', async () => {
  const sentBy = { address: HASH.slice(0, 42), nonce: 3 };
  const counting = (count: number, ...answers: (TransactionReceipt | null)[]): Provider =>
    Object.assign(answering(...answers), { getTransactionCount: async () => await Promise.resolve(count) });
  await expect(waitForReceipt(counting(4, null), HASH, { sentBy })).rejects.toMatchObject({ code: 'nonce-conflict' });
  expect(await waitForReceipt(counting(4, null, null, MINED), HASH, { sentBy })).toBe(MINED);
  await expect(waitForReceipt(counting(3, null), HASH, { sentBy, timeout: 1500 })).rejects.toMatchObject({
    code: 'timeout',
  });
});
