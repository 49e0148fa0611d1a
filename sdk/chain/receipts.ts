import type { Provider, TransactionReceipt } from 'ethers';

import { XdmError } from '../core/errors.ts';
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
}

/**
 * Waits until a transaction stands in a block. ethers' own `wait` never ends, or ends the process, when the endpoint goes
 * away meanwhile.
 * @throws {XdmError} `transaction-reverted`, `timeout`, and what an endpoint throws that does not recover
 */
export async function waitForReceipt(
  provider: Provider,
  hash: string,
  { signal, timeout = Number.POSITIVE_INFINITY }: WaitForReceiptOptions = {},
): Promise<TransactionReceipt> {
  const start = performance.now();
  let lastAnswer = start;
  for (;;) {
    try {
      const receipt = await provider.getTransactionReceipt(hash);
      if (receipt !== null) return verified(receipt);
      lastAnswer = performance.now();
    } catch (cause) {
      const error = toXdmError(cause);
      if (!error.retryable || performance.now() - lastAnswer > PATIENCE_MS) throw error;
    }
    if (signal?.aborted === true || performance.now() - start > timeout) {
      throw new XdmError('timeout', `transaction ${hash} was in no block while it was waited for`, {
        hint: 'look it up later: it can still be mined',
        cause: signal?.reason,
      });
    }
    await sleep(INTERVAL_MS, signal);
  }
}

function verified(receipt: TransactionReceipt): TransactionReceipt {
  if (receipt.status !== 0) return receipt;
  throw new XdmError('transaction-reverted', `transaction ${receipt.hash} reverted`, {
    hint: 'try again: the chain has changed since the transaction was tried',
  });
}
