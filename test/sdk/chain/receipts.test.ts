import type { Provider, TransactionReceipt } from 'ethers';
import { expect, test, vi } from 'vitest';

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

const SENT = { hash: HASH, from: `0x${'aa'.repeat(20)}`, nonce: 3 };

/** A node that says of an account how many nonces are taken, and which transactions its blocks have. */
function counting(
  count: number,
  blocks: readonly (readonly object[])[],
  ...answers: (TransactionReceipt | null)[]
): Provider {
  return Object.assign(answering(...answers), {
    getTransactionCount: async () => await Promise.resolve(count),
    getBlockNumber: async () => await Promise.resolve(blocks.length - 1),
    getBlock: async (number: number) => await Promise.resolve({ prefetchedTransactions: blocks[number] }),
  });
}

test('ends where another transaction of the account stands in a block with the nonce', async () => {
  const other = { ...SENT, hash: `0x${'cd'.repeat(32)}` };
  const stranger = { ...other, from: `0x${'bb'.repeat(20)}` };
  await expect(waitForReceipt(counting(4, [[], [stranger, other]], null), SENT)).rejects.toMatchObject({
    code: 'nonce-conflict',
    message: `${other.hash} was mined with its nonce, in place of ${HASH}`,
  });
});

test('takes no node that has a block before its receipts for a lost nonce', async () => {
  const late = [...Array.from({ length: 20 }, () => null), MINED];
  expect(await waitForReceipt(counting(4, [[], [SENT]], ...late), SENT)).toBe(MINED);
  await expect(waitForReceipt(counting(3, [[]], null), SENT, { timeout: 300 })).rejects.toMatchObject({
    code: 'timeout',
  });
});

test('believes after a while that a nonce is lost which is taken by what is not found', async () => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  try {
    const waited = waitForReceipt(counting(4, [[]], null), SENT).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(61_000);
    expect(await waited).toMatchObject({ code: 'nonce-conflict' });
  } finally {
    vi.useRealTimers();
  }
});
