import type { Provider, TransactionReceipt } from 'ethers';

import { XdmError } from '../core/errors.ts';
import { OvertakenWatch, type SentTransaction } from './overtaken.ts';
import { toXdmError } from './rpcErrors.ts';
import { sleep } from './sleep.ts';

/** Milliseconds between two looks. */
const INTERVAL_MS = 100;

/** How long an endpoint may fail to answer before the wait ends. */
const PATIENCE_MS = 15_000;

export interface WaitForReceiptOptions {
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds to wait at most; without end where it is not given. */
  readonly timeout?: number;
  /** Blocks that the chain must have from its own on, itself included; 1 where it is not given. */
  readonly confirmations?: number | undefined;
}

/**
 * Waits until a transaction stands in a block, and so many others on that. ethers' own `wait` never ends, or ends the process, when the endpoint goes
 * away meanwhile.
 * @param sent its hash, or all of it: then the wait also ends where another transaction of the account takes its place
 * @throws {XdmError} `transaction-reverted`, `timeout`, `nonce-conflict` where another one took its nonce, and what an endpoint
 * throws that does not recover
 */
export async function waitForReceipt(
  provider: Provider,
  sent: string | SentTransaction,
  { signal, timeout = Number.POSITIVE_INFINITY, confirmations = 1 }: WaitForReceiptOptions = {},
): Promise<TransactionReceipt> {
  const hash = typeof sent === 'string' ? sent : sent.hash;
  const overtaken = typeof sent === 'string' ? undefined : new OvertakenWatch(sent);
  const start = performance.now();
  let lastAnswer = start;
  let confirmed = 0;
  for (;;) {
    try {
      const receipt = await provider.getTransactionReceipt(hash);
      // Looked up each time: its block can be dropped meanwhile, and it be in another one then.
      confirmed = receipt === null ? 0 : await countConfirmations(provider, receipt, confirmations);
      if (receipt !== null && confirmed >= confirmations) return verified(receipt);
      if (receipt === null) await overtaken?.look(provider);
      lastAnswer = performance.now();
    } catch (cause) {
      const error = toXdmError(cause);
      const isFinal = !error.retryable || error.code === 'nonce-conflict';
      if (isFinal || performance.now() - lastAnswer > PATIENCE_MS) throw error;
    }
    if (signal?.aborted === true || performance.now() - start > timeout) {
      const problem = confirmed === 0 ? 'was in no block' : `had ${confirmed} of ${confirmations} confirmations`;
      throw new XdmError('timeout', `transaction ${hash} ${problem} while it was waited for`, {
        hint: confirmed === 0 ? 'look it up later: it can still be mined' : 'look it up later',
        cause: signal?.reason,
      });
    }
    await sleep(INTERVAL_MS, signal);
  }
}

/** Where no others are asked for, the head need not be. */
async function countConfirmations(provider: Provider, receipt: TransactionReceipt, wanted: number): Promise<number> {
  if (wanted <= 1) return 1;
  return Math.max(1, (await provider.getBlockNumber()) - receipt.blockNumber + 1);
}

function verified(receipt: TransactionReceipt): TransactionReceipt {
  if (receipt.status !== 0) return receipt;
  throw new XdmError('transaction-reverted', `transaction ${receipt.hash} reverted`, {
    hint: 'try again: the chain has changed since the transaction was tried',
  });
}
