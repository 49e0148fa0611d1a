import type { Provider, TransactionReceipt } from 'ethers';

import { XdmError } from '../core/errors.ts';
import { toXdmError } from './rpcErrors.ts';
import { sleep } from './sleep.ts';

/** Milliseconds between two looks. */
const INTERVAL_MS = 100;

/** Looks in a row that find the nonce taken and the transaction in no block: of several nodes one can be behind the others. */
const OVERTAKEN_LOOKS = 10;

/** How long an endpoint may fail to answer before the wait ends. */
const PATIENCE_MS = 15_000;

export interface WaitForReceiptOptions {
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds to wait at most; without end where it is not given. */
  readonly timeout?: number;
  /** Blocks that the chain must have from its own on, itself included; 1 where it is not given. */
  readonly confirmations?: number | undefined;
  /** Who has sent it: where another transaction of the account is mined with its nonce, the wait ends. */
  readonly sentBy?: { readonly address: string; readonly nonce: number } | undefined;
}

/**
 * Waits until a transaction stands in a block, and so many others on that. ethers' own `wait` never ends, or ends the process, when the endpoint goes
 * away meanwhile.
 * @throws {XdmError} `transaction-reverted`, `timeout`, `nonce-conflict` where another one took its nonce, and what an endpoint
 * throws that does not recover
 */
export async function waitForReceipt(
  provider: Provider,
  hash: string,
  { signal, timeout = Number.POSITIVE_INFINITY, confirmations = 1, sentBy }: WaitForReceiptOptions = {},
): Promise<TransactionReceipt> {
  const start = performance.now();
  let lastAnswer = start;
  let confirmed = 0;
  let overtaken = 0;
  for (;;) {
    try {
      const receipt = await provider.getTransactionReceipt(hash);
      // Looked up each time: its block can be dropped meanwhile, and it be in another one then.
      confirmed = receipt === null ? 0 : await countConfirmations(provider, receipt, confirmations);
      if (receipt !== null && confirmed >= confirmations) return verified(receipt);
      overtaken = receipt === null && (await isNonceTaken(provider, sentBy)) ? overtaken + 1 : 0;
      if (overtaken === OVERTAKEN_LOOKS) throw overtakenError(hash);
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

async function isNonceTaken(provider: Provider, sentBy: WaitForReceiptOptions['sentBy']): Promise<boolean> {
  return sentBy !== undefined && (await provider.getTransactionCount(sentBy.address)) > sentBy.nonce;
}

function overtakenError(hash: string): XdmError {
  return new XdmError('nonce-conflict', `another transaction of the account was mined in place of ${hash}`, {
    hint: 'look at what the account has sent; the key may be used elsewhere, or be stolen',
  });
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
