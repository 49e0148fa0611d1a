import type { BlockTag, Signer, TransactionReceipt, TransactionRequest } from 'ethers';

import { XdmError } from '../core/errors.ts';
import { waitForReceipt } from './receipts.ts';
import { toXdmError } from './rpcErrors.ts';
import { connectionOf } from './signers.ts';
import { sleep } from './sleep.ts';

/** A transaction by whose effect one can tell whether it was made. */
export interface OneTimeTransaction {
  /** Whether the effect is there: now, or as of a block. */
  readonly isDone: (block?: BlockTag) => Promise<boolean>;
  /** What to send with the account's next nonce. Throws where it cannot be sent with that one. */
  readonly request: (nonce: number) => TransactionRequest | Promise<TransactionRequest>;
  /** What is the case without the effect, such as `there is no contract at 0x...`. */
  readonly undone: string;
}

/** Who sends it. */
export interface SendOnceOptions {
  /** Connected to the chain. */
  readonly signer: Signer;
  /** Ends the run between two steps, or while it waits. */
  readonly signal?: AbortSignal | undefined;
}

/** Milliseconds between two looks at transactions that another run sent. */
const POLLING_INTERVAL_MS = 500;

/** How often a transaction is sent whose nonce was taken: providers answer from a cache, a moment old. */
const TRIES = 3;

/**
 * Sends a transaction, unless what it does is done, by another run too, whose transactions are waited for. Repeated after any break-off,
 * it does it once.
 * @returns the receipt where this run has sent it
 * @throws {XdmError} `timeout` when the signal ends the run, what `request` throws, and what the endpoints throw
 */
export async function sendOnce(
  transaction: OneTimeTransaction,
  options: SendOnceOptions,
  tries = TRIES,
): Promise<TransactionReceipt | undefined> {
  const { signer, signal } = options;
  endIfAborted(signal);
  if (await transaction.isDone()) return undefined;
  const nonce = await settledNonce(options);
  // One of the transactions that were waited for can have done it.
  if (await transaction.isDone()) return undefined;
  const request = await transaction.request(nonce);
  try {
    return await send({ ...request, nonce }, transaction, options);
  } catch (error) {
    endIfAborted(signal);
    // Another transaction of the account was faster.
    if (await transaction.isDone()) return undefined;
    if (tries === 1 || toXdmError(error).code !== 'nonce-conflict') throw error;
    await pause(signal);
    return await sendOnce(transaction, { signer, signal }, tries - 1);
  }
}

/**
 * The account's next nonce, once all it has sent is mined. A run that broke off may have sent the transaction that
 * is due now.
 */
async function settledNonce({ signer, signal }: SendOnceOptions): Promise<number> {
  const provider = connectionOf(signer);
  const account = await signer.getAddress();
  for (;;) {
    const pending = await provider.getTransactionCount(account, 'pending');
    const mined = await provider.getTransactionCount(account, 'latest');
    if (mined >= pending) return mined;
    await pause(signal);
  }
}

async function send(
  request: TransactionRequest,
  { isDone, undone }: OneTimeTransaction,
  { signer, signal }: SendOnceOptions,
): Promise<TransactionReceipt> {
  const { hash } = await signer.sendTransaction(request);
  const receipt = await waitForReceipt(connectionOf(signer), hash, { signal });
  if (await isDone(receipt.blockNumber)) return receipt;
  throw new XdmError('rpc-error', `transaction ${hash} is mined, and ${undone}`, {
    hint: 'repeat it: the node may lag behind',
  });
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  await sleep(POLLING_INTERVAL_MS, signal);
  endIfAborted(signal);
}

function endIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new XdmError('timeout', 'the deployment was ended before all of it was there', {
    hint: 'deploy again with the same plan: it goes on where it stopped',
    cause: signal.reason,
  });
}
