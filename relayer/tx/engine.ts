import { Transaction, type BaseWallet, type JsonRpcProvider, type TransactionReceipt } from 'ethers';
import type { Logger } from 'pino';

import { nextTryAfter } from '../backoff.ts';
import { readCursor, type Cursor } from '../store/blocks.ts';
import { reopen, submittedWith } from '../store/messages.ts';
import type { Database } from '../store/schema.ts';
import type { Signals } from '../signals.ts';
import type { Store } from '../store/store.ts';
import {
  countPending,
  forgetTransaction,
  insertAttempt,
  insertTransaction,
  markMined,
  markReplaced,
  markUnmined,
  missingNonces,
  nextStoredNonce,
  openTransactions,
  type Account,
  type Attempt,
  type OpenTransaction,
} from '../store/transactions.ts';
import { Broadcaster, isKnown } from './broadcaster.ts';
import { bumpedFees, currentFees, gasToSpend, type Fees } from './fees.ts';

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
  readonly signals: Signals;
  /** Most wei for a unit of gas. */
  readonly maxFeePerGas: bigint;
  /** Milliseconds after which a transaction that is not mined is broadcast again. */
  readonly rebroadcastAfter: number;
  /** Milliseconds after which it is replaced by one that pays more. */
  readonly bumpAfter: number;
}

/** What a transaction is for that does nothing but take a nonce. */
const GAP = 'gap';

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
  readonly #broadcaster: Broadcaster;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#account = { chainId: options.chainId, address: options.wallet.address };
    this.#broadcaster = new Broadcaster(options.provider, options.logger, options.store.lease);
  }

  get address(): string {
    return this.#account.address;
  }

  /** How many transactions can be submitted now. */
  async capacity(): Promise<number> {
    return Math.max(0, MAX_PENDING - (await countPending(this.#options.store.db, this.#account)));
  }

  /** Gas that the account can pay for now. */
  async affordableGas(): Promise<bigint> {
    return await gasToSpend(this.#options, this.address);
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
    if (submissions.length === 0) return;
    const { provider, store } = this.#options;
    await this.#exclusively(async () => {
      // Not what is pending there: a transaction of somebody else could leave a gap.
      const onChain = await provider.getTransactionCount(this.address, 'latest');
      const first = Math.max(onChain, await nextStoredNonce(store.db, this.#account));
      await this.#send(submissions.map((submission, offset) => ({ ...submission, nonce: first + offset })));
    });
  }

  async #exclusively(work: () => Promise<void>): Promise<void> {
    const run = this.#last.then(work);
    // Whoever comes next waits for this one, and not for its success.
    this.#last = run.catch(() => undefined);
    await run;
  }

  async #send(submissions: readonly (Submission & { readonly nonce: number })[]): Promise<void> {
    const { provider, store, maxFeePerGas } = this.#options;
    const fees = await currentFees(provider, maxFeePerGas);
    const signed = await Promise.all(submissions.map(async (submission) => await this.#sign(submission, fees)));
    await store.write(async (db) => {
      for (const [position, { nonce, purpose, onStored }] of submissions.entries()) {
        const id = await insertTransaction(db, this.#account, { nonce, purpose, createdAt: Date.now() });
        await insertAttempt(db, id, signed[position] as Attempt);
        await onStored?.(db, id);
      }
    });
    await this.#broadcaster.broadcast(signed);
  }

  /** Looks after the transactions that are not final. Returns how many have moved on. */
  async advance(): Promise<number> {
    const { store } = this.#options;
    const cursor = await readCursor(store.db, this.#account.chainId);
    if (cursor === undefined) return 0;
    const { finalNumber } = cursor;
    const open = await openTransactions(store.db, this.#account, { finalNumber, limit: PASS_LIMIT });
    if (open.length === 0) return 0;
    // Before the receipts: a transaction that is mined in between has a receipt then.
    const [used, next] = await this.#nonces(cursor);
    const receipts = await Promise.all(open.map(async (transaction) => await this.#receiptOf(transaction)));

    let moved = 0;
    const unmined: OpenTransaction[] = [];
    await store.write(async (db) => {
      for (const [position, transaction] of open.entries()) {
        const receipt = receipts[position];
        // Mined is what stands in a block that was read: `watch` sees when it is dropped.
        if (receipt !== undefined && receipt.blockNumber > cursor.number) continue;
        if (receipt !== undefined) {
          await settle(db, transaction, receipt, finalNumber);
          moved++;
        } else if (transaction.nonce < used) await markReplaced(db, transaction.id);
        else {
          if (transaction.stage === 'mined') await markUnmined(db, transaction.id);
          unmined.push(transaction);
        }
      }
    });
    const refused = await this.#refusedForGood(unmined.find(({ nonce }) => nonce === next));
    if (refused !== undefined) await this.#giveUp(refused);
    await this.#fillGaps(next);
    await this.#push(
      unmined.filter((transaction) => transaction !== refused),
      next,
    );
    return moved;
  }

  /** The account's next nonce: in the last block that cannot be dropped, and in the newest. */
  async #nonces({ finalNumber, number }: Cursor): Promise<[number, number]> {
    const counts = [finalNumber, number, 'latest'].map(
      async (block) => await this.#options.provider.getTransactionCount(this.address, block),
    );
    const [used = 0, read = 0, latest = 0] = await Promise.all(counts);
    // A node that is behind has no answer for the block that was read.
    return [used, Math.max(read, latest)];
  }

  async #receiptOf({ attempts }: OpenTransaction): Promise<TransactionReceipt | undefined> {
    const { provider } = this.#options;
    const receipts = await Promise.all(attempts.map(async ({ hash }) => await provider.getTransactionReceipt(hash)));
    return receipts.find((receipt) => receipt !== null) ?? undefined;
  }

  /** The transaction, if the node refuses it again and again though it pays enough, and has never heard of it. */
  async #refusedForGood(transaction: OpenTransaction | undefined): Promise<OpenTransaction | undefined> {
    const { bumpAfter, provider, maxFeePerGas: cap, logger } = this.#options;
    const last = transaction?.attempts.at(-1);
    if (transaction === undefined || last === undefined) return undefined;
    const refusal = this.#broadcaster.lastingRefusal(transaction.attempts, bumpAfter);
    if (refusal === undefined) return undefined;
    if (paysTooLittle(last, await currentFees(provider, cap))) return undefined;
    const hashes = transaction.attempts.map(({ hash }) => hash);
    const known = await Promise.all(hashes.map(async (hash) => await isKnown(provider, hash)));
    if (known.includes(true)) return undefined;
    const { hash, code, reason } = refusal;
    logger.warn({ hash, nonce: transaction.nonce, code, reason }, 'the node takes no such transaction: giving it up');
    return transaction;
  }

  /** Frees the nonce, for which all later transactions wait, and what the transaction was to deliver. */
  async #giveUp({ id }: OpenTransaction): Promise<void> {
    await this.#options.store.write(async (db) => {
      for (const message of await submittedWith(db, id)) {
        await reopen(db, message.id, { reason: 'transaction-refused', nextTryAt: nextTryAfter(message.tries) });
      }
      await forgetTransaction(db, id);
    });
  }

  /** A nonce that nobody uses holds up all later ones: such as somebody else's whose block was dropped. */
  async #fillGaps(next: number): Promise<void> {
    const { store, provider, logger } = this.#options;
    await this.#exclusively(async () => {
      const nonces = await missingNonces(store.db, this.#account, next);
      if (nonces.length === 0) return;
      logger.warn({ account: this.address, nonces }, 'filling a gap of nonces');
      const call = { to: this.address, data: '0x' };
      const gasLimit = await provider.estimateGas({ from: this.address, ...call });
      await this.#send(nonces.map((nonce) => ({ ...call, nonce, gasLimit, purpose: GAP })));
    });
  }

  /** Broadcasts again, or pays more, where it takes too long. */
  async #push(unmined: readonly OpenTransaction[], next: number): Promise<void> {
    const { bumpAfter, rebroadcastAfter, store, provider, maxFeePerGas: cap } = this.#options;
    this.#broadcaster.keep(unmined.flatMap(({ attempts }) => attempts));
    const due = unmined.filter(
      ({ attempts }) => !this.#broadcaster.isRecent(attempts.at(-1) as Attempt, rebroadcastAfter),
    );
    if (due.length === 0) return;
    const fees = await currentFees(provider, cap);
    const attempts: Attempt[] = [];
    for (const { id, nonce, attempts: earlier } of due) {
      const last = earlier.at(-1) as Attempt;
      // What waits for an earlier nonce is not short of fees, unless it pays less than a block takes.
      const isShort = nonce === next || paysTooLittle(last, fees);
      const isStuck = this.#broadcaster.wasFunded(last) && isShort && Math.abs(Date.now() - last.signedAt) > bumpAfter;
      const replacement = isStuck ? await this.#replacement(last, fees) : undefined;
      if (replacement !== undefined) await store.write(async (db) => await insertAttempt(db, id, replacement));
      attempts.push(replacement ?? last);
    }
    await this.#broadcaster.broadcast(attempts);
  }

  async #replacement({ raw }: Attempt, current: Fees): Promise<Attempt | undefined> {
    const { maxFeePerGas: cap, logger } = this.#options;
    const old = Transaction.from(raw);
    const oldFees = {
      maxFeePerGas: old.maxFeePerGas ?? old.gasPrice ?? 0n,
      maxPriorityFeePerGas: old.maxPriorityFeePerGas ?? undefined,
    };
    const fees = bumpedFees(oldFees, current, cap);
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
    return { raw, hash: Transaction.from(raw).hash ?? '', maxFeePerGas, signedAt: Date.now() };
  }
}

/** Whether a transaction pays less than a block takes: ethers proposes twice as much. */
function paysTooLittle({ maxFeePerGas }: Attempt, current: Fees): boolean {
  return maxFeePerGas < current.maxFeePerGas / 2n;
}

async function settle(
  db: Database,
  { id }: OpenTransaction,
  { hash, blockNumber, status }: TransactionReceipt,
  finalNumber: number,
): Promise<void> {
  const isFinal = blockNumber <= finalNumber;
  await markMined(db, id, { hash, blockNumber, reverted: status === 0 }, isFinal);
}
