import { Transaction, type BaseWallet, type JsonRpcProvider, type TransactionReceipt } from 'ethers';
import type { Logger } from 'pino';

import { toXdmError } from '../../sdk/chain/rpcErrors.ts';
import { readCursor } from '../store/blocks.ts';
import type { Database } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import {
  countPending,
  insertAttempt,
  insertTransaction,
  markBroadcast,
  markMined,
  markReplaced,
  markUnmined,
  nextStoredNonce,
  openTransactions,
  type Account,
  type Attempt,
  type OpenTransaction,
} from '../store/transactions.ts';
import { bumpedFees, currentFees, type Fees } from './fees.ts';

/** A transaction to be sent, whatever it takes. */
export interface Submission {
  /** What it is for, such as `relay`. */
  readonly purpose: string;
  readonly to: string;
  readonly data: string;
  readonly gasLimit: bigint;
  /** Called in the transaction of the store that takes the signed one, with its number there. */
  readonly onStored?: (db: Database, transactionId: number) => Promise<void>;
}

export interface EngineOptions {
  readonly provider: JsonRpcProvider;
  readonly wallet: BaseWallet;
  readonly chainId: number;
  readonly store: Store;
  readonly logger: Logger;
  /** Most wei for a unit of gas. */
  readonly maxFeePerGas: bigint;
  /** Milliseconds after which a transaction that is not mined is broadcast again. */
  readonly rebroadcastAfter: number;
  /** Milliseconds after which it is replaced by one that pays more. */
  readonly bumpAfter: number;
}

/** Transactions looked at in one pass. */
const PASS_LIMIT = 200;

/** Most transactions that are signed and not mined: nodes keep only so many of an account. */
const MAX_PENDING = 64;

/**
 * Sends the transactions of one account on one chain. There must be one engine for an account: it gives out the nonces.
 *
 * sign -> store -> broadcast; from then on `advance` looks after it: broadcasts again, pays more, sees it mined, dropped,
 * mined again, final. A restart at any point goes on from the store.
 */
export class TransactionEngine {
  readonly #options: EngineOptions;
  readonly #account: Account;
  /** Submissions wait for each other: the nonce is read and given out in one piece. */
  #last: Promise<unknown> = Promise.resolve();
  /** What was broadcast before may never have left: the process can have ended in between. */
  readonly #startedAt = Date.now();

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#account = { chainId: options.chainId, address: options.wallet.address };
  }

  get address(): string {
    return this.#account.address;
  }

  /** How many transactions can be submitted now. */
  async capacity(): Promise<number> {
    return Math.max(0, MAX_PENDING - (await countPending(this.#options.store.db, this.#account)));
  }

  /** Number of transactions of a purpose that are not mined. */
  async pending(purpose: string): Promise<number> {
    return await countPending(this.#options.store.db, this.#account, purpose);
  }

  /**
   * Signs and stores transactions, then broadcasts them. When it returns they are stored: whether they were broadcast is
   * looked after from then on.
   */
  async submit(submissions: readonly Submission[]): Promise<void> {
    const run = this.#last.then(async () => await this.#submit(submissions));
    // Whoever comes next waits for this one, and not for its success.
    this.#last = run.catch(() => undefined);
    await run;
  }

  async #submit(submissions: readonly Submission[]): Promise<void> {
    const { provider, store, maxFeePerGas } = this.#options;
    if (submissions.length === 0) return;
    const [fees, onChain] = await Promise.all([
      currentFees(provider, maxFeePerGas),
      provider.getTransactionCount(this.address, 'pending'),
    ]);
    const first = Math.max(onChain, await nextStoredNonce(store.db, this.#account));
    const signed = await Promise.all(
      submissions.map(async (submission, offset) => await this.#sign({ ...submission, nonce: first + offset }, fees)),
    );
    await store.db.transaction().execute(async (db) => {
      for (const [offset, { purpose, onStored }] of submissions.entries()) {
        const row = { nonce: first + offset, purpose, createdAt: Date.now() };
        const id = await insertTransaction(db, this.#account, row);
        await insertAttempt(db, id, signed[offset] as Attempt);
        await onStored?.(db, id);
      }
    });
    await this.#broadcast(signed);
  }

  /** Looks after the transactions that are not final. Returns how many have moved on. */
  async advance(): Promise<number> {
    const { provider, store } = this.#options;
    const open = await openTransactions(store.db, this.#account, PASS_LIMIT);
    if (open.length === 0) return 0;
    const cursor = await readCursor(store.db, this.#account.chainId);
    const finalNumber = cursor?.finalNumber ?? -1;
    // Before the receipts: a transaction that is mined in between has a receipt then.
    const used = cursor === undefined ? 0 : await provider.getTransactionCount(this.address, finalNumber);
    const receipts = await Promise.all(open.map(async (transaction) => await this.#receiptOf(transaction)));

    let moved = 0;
    const unmined: OpenTransaction[] = [];
    await store.db.transaction().execute(async (db) => {
      for (const [position, transaction] of open.entries()) {
        const receipt = receipts[position];
        if (receipt !== undefined) moved += await settle(db, transaction, receipt, finalNumber);
        else if (transaction.nonce < used) await markReplaced(db, transaction.id);
        else {
          if (transaction.stage === 'mined') await markUnmined(db, transaction.id);
          unmined.push(transaction);
        }
      }
    });
    await this.#push(unmined);
    return moved;
  }

  async #receiptOf({ attempts }: OpenTransaction): Promise<TransactionReceipt | undefined> {
    const { provider } = this.#options;
    const receipts = await Promise.all(attempts.map(async ({ hash }) => await provider.getTransactionReceipt(hash)));
    return receipts.find((receipt) => receipt !== null) ?? undefined;
  }

  /** Broadcasts again, or pays more, where it takes too long. */
  async #push(unmined: readonly OpenTransaction[]): Promise<void> {
    const { bumpAfter, rebroadcastAfter, store } = this.#options;
    const now = Date.now();
    const due: Attempt[] = [];
    for (const { id, attempts, createdAt } of unmined) {
      const last = attempts.at(-1);
      if (last === undefined) continue;
      if (last.broadcastAt >= this.#startedAt && now - last.broadcastAt < rebroadcastAfter) continue;
      const isStuck = now - createdAt > bumpAfter * attempts.length;
      const replacement = isStuck && last.broadcastAt !== 0 ? await this.#replacement(last) : undefined;
      if (replacement !== undefined) await insertAttempt(store.db, id, replacement);
      due.push(replacement ?? last);
    }
    await this.#broadcast(due);
  }

  async #replacement({ raw }: Attempt): Promise<Attempt | undefined> {
    const { maxFeePerGas: cap, provider, logger } = this.#options;
    const old = Transaction.from(raw);
    const oldFees = {
      maxFeePerGas: old.maxFeePerGas ?? old.gasPrice ?? 0n,
      maxPriorityFeePerGas: old.maxPriorityFeePerGas ?? undefined,
    };
    const fees = bumpedFees(oldFees, await currentFees(provider, cap), cap);
    if (fees === undefined) {
      logger.warn({ hash: old.hash, cap }, 'a transaction waits at the highest fee that is allowed');
      return undefined;
    }
    const { to, data, gasLimit, nonce } = old;
    return await this.#sign({ to: to ?? '', data, gasLimit, nonce }, fees);
  }

  async #sign(
    transaction: { readonly to: string; readonly data: string; readonly gasLimit: bigint; readonly nonce: number },
    { maxFeePerGas, maxPriorityFeePerGas }: Fees,
  ): Promise<Attempt> {
    const { to, data, gasLimit, nonce } = transaction;
    const fees =
      maxPriorityFeePerGas === undefined
        ? { type: 0, gasPrice: maxFeePerGas }
        : { type: 2, maxFeePerGas, maxPriorityFeePerGas };
    const request = { to, data, gasLimit, nonce, chainId: this.#account.chainId, ...fees };
    const raw = await this.#options.wallet.signTransaction(request);
    return { raw, hash: Transaction.from(raw).hash ?? '', maxFeePerGas, broadcastAt: 0 };
  }

  /** In the order of the nonces. What a node refuses is tried again by `advance`: its receipts tell what came of it. */
  async #broadcast(attempts: readonly Attempt[]): Promise<void> {
    const { provider, store, logger } = this.#options;
    await markBroadcast(
      store.db,
      attempts.map(({ hash }) => hash),
      Date.now(),
    );
    await Promise.all(
      attempts.map(async ({ raw, hash }) => {
        try {
          await provider.send('eth_sendRawTransaction', [raw]);
        } catch (error) {
          const { code, message } = toXdmError(error);
          const level = code === 'insufficient-funds' ? 'warn' : 'debug';
          logger[level]({ hash, code, reason: message, account: this.address }, 'a node refused a transaction');
        }
      }),
    );
  }
}

async function settle(
  db: Database,
  { id, stage }: OpenTransaction,
  { hash, blockNumber, status }: TransactionReceipt,
  finalNumber: number,
): Promise<number> {
  const isFinal = blockNumber <= finalNumber;
  if (stage === 'mined' && !isFinal) return 0;
  await markMined(db, id, { hash, blockNumber, reverted: status === 0 }, isFinal);
  return 1;
}
