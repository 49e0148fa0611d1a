import type { BaseWallet, JsonRpcProvider } from 'ethers';

import { XdmError } from '../../sdk/core/errors.ts';
import { nextTryAfter } from '../backoff.ts';
import type { StageContext } from '../stages/stage.ts';
import { reopen, submittedWith } from '../store/messages.ts';
import type { Database } from '../store/schema.ts';
import { insertAttempt, markGivenUp, type Account, type Attempt, type OpenTransaction } from '../store/transactions.ts';
import { isKnown, type Broadcaster } from './broadcaster.ts';
import { bumpedFees, currentFees, type CurrentFees } from './fees.ts';
import type { Purse } from './purse.ts';
import { costOf, readAttempt, signAttempt } from './signing.ts';

/** Attempts, each of which pays more, that a node must have refused before a transaction is given up. */
const OFFERS = 3;

export interface PusherOptions extends StageContext {
  readonly provider: JsonRpcProvider;
  readonly wallet: BaseWallet;
  readonly account: Account;
  readonly purse: Purse;
  readonly broadcaster: Broadcaster;
  /** Most wei for a unit of gas. */
  readonly maxFeePerGas: bigint;
  /** Milliseconds after which a transaction is broadcast again, and after which it is to pay more. */
  readonly rebroadcastAfter: number;
  readonly bumpAfter: number;
}

/** Gets transactions mined that are not: broadcasts them again, pays more, or gives up what no node takes. */
export class Pusher {
  readonly #options: PusherOptions;
  readonly #signer: { readonly chainId: number; readonly signer: string };
  /** Transactions, by their number, that may pay no more because of the day's limit. */
  readonly #limited = new Set<number>();

  constructor(options: PusherOptions) {
    const { chainId, address: signer } = options.account;
    this.#options = options;
    this.#signer = { chainId, signer };
  }

  /** Whether a transaction waits for longer than after which it is to pay more. */
  isStuck(transaction: OpenTransaction | undefined): boolean {
    const signedAt = transaction?.attempts[0]?.signedAt;
    return signedAt !== undefined && Math.abs(Date.now() - signedAt) > this.#options.bumpAfter;
  }

  /** Broadcasts again, or pays more, where it takes too long. */
  async push(unmined: readonly OpenTransaction[], next: number): Promise<void> {
    const { rebroadcastAfter, provider, maxFeePerGas: cap, broadcaster, purse } = this.#options;
    const latest = (transactions: readonly OpenTransaction[]): Attempt[] =>
      transactions.flatMap(({ attempts }) => attempts.at(-1) ?? []);
    broadcaster.keep(unmined.flatMap(({ attempts }) => attempts));
    const due = unmined.filter((each) => latest([each]).some((one) => !broadcaster.isRecent(one, rebroadcastAfter)));
    if (due.length > 0) {
      const fees = await currentFees(provider, cap);
      const attempts: Attempt[] = [];
      for (const transaction of due) {
        const replacement = this.#isShort(transaction, next, fees) ? await this.#replace(transaction, fees) : undefined;
        attempts.push(...(replacement === undefined ? latest([transaction]) : [replacement]));
      }
      await broadcaster.broadcast(attempts);
    }
    const isUnfunded = broadcaster.hasUnfunded();
    if (isUnfunded) await purse.noteUnfunded();
    await purse.clearAlarms(isUnfunded);
  }

  /** Whether a transaction is not mined because of what it pays. */
  #isShort({ nonce, attempts }: OpenTransaction, next: number, { least }: CurrentFees): boolean {
    const last = attempts.at(-1) as Attempt;
    // What waits for an earlier nonce is not short of fees, unless it pays less than a block takes.
    const isDue = nonce === next || last.maxFeePerGas < least;
    const isOld = Math.abs(Date.now() - last.signedAt) > this.#options.bumpAfter;
    return isDue && isOld && this.#options.broadcaster.wasFunded(last);
  }

  /** Signs and stores what pays more, unless more may not be paid. */
  async #replace(transaction: OpenTransaction, current: CurrentFees): Promise<Attempt | undefined> {
    const { maxFeePerGas: cap, logger, wallet, account, signals } = this.#options;
    const { call, fees: old } = readAttempt(transaction.attempts.at(-1) as Attempt);
    const fees = bumpedFees(old, current, cap);
    if (fees === undefined) {
      logger.warn(
        { hash: transaction.attempts.at(-1)?.hash, cap },
        'a transaction waits at the highest fee that is allowed',
      );
      signals.emit('feeCapped', this.#signer);
      return undefined;
    }
    const replacement = await signAttempt(wallet, account.chainId, call, fees);
    if (!(await this.#add(transaction, replacement))) return undefined;
    const { purpose, nonce } = transaction;
    signals.emit('transactionReplaced', { ...this.#signer, purpose, nonce, hash: replacement.hash });
    return replacement;
  }

  /** Stores one more attempt, within the day's limit; returns whether it did. */
  async #add(
    { id, attempts }: OpenTransaction,
    attempt: Attempt,
    onStored?: (db: Database) => Promise<void>,
  ): Promise<boolean> {
    const { store, purse, logger } = this.#options;
    const dearest = attempts.map(costOf).reduce((a, b) => (a > b ? a : b), 0n);
    const more = costOf(attempt) - dearest;
    try {
      await store.write(async (db) => {
        if (more > 0n) await purse.reserve(db, more);
        await insertAttempt(db, id, attempts.length, attempt);
        await onStored?.(db);
      });
      this.#limited.delete(id);
      return true;
    } catch (error) {
      if (!(error instanceof XdmError) || error.code !== 'spending-limit') throw error;
      logger.warn({ hash: attempts.at(-1)?.hash, reason: error.message }, 'a transaction waits at the limit of a day');
      this.#limited.add(id);
      await purse.noteLimit(error);
      return false;
    }
  }

  /**
   * Gives a transaction up that the node refuses again and again though it pays enough, and has never heard of. What it was to
   * deliver is free again, and its nonce, for which all later ones wait, goes to an attempt that does nothing: should another
   * node have the transaction after all, only one of the two is mined.
   * @returns the transaction, if it was given up
   */
  async giveUp(transaction: OpenTransaction | undefined): Promise<OpenTransaction | undefined> {
    const { bumpAfter, provider, maxFeePerGas: cap, logger, broadcaster, signals } = this.#options;
    const last = transaction?.attempts.at(-1);
    if (transaction === undefined || last === undefined || transaction.givenUp) return undefined;
    const refusal = broadcaster.lastingRefusal(transaction.attempts, bumpAfter);
    if (refusal === undefined) return undefined;
    const current = await currentFees(provider, cap);
    if (last.maxFeePerGas < current.least) return undefined;
    // It may pay too little for this node: more is offered first, as far as it may be.
    const canPayMore = bumpedFees(readAttempt(last).fees, current, cap) !== undefined;
    if (canPayMore && !this.#limited.has(transaction.id) && refusal.attempts < OFFERS) return undefined;
    const hashes = transaction.attempts.map(({ hash }) => hash);
    const known = await Promise.all(hashes.map(async (hash) => await isKnown(provider, hash)));
    if (known.includes(true)) {
      broadcaster.forgive(transaction.attempts);
      return undefined;
    }
    const filler = await this.#useUp(transaction, current);
    if (filler === undefined) return undefined;
    const { hash, code, reason } = refusal.latest;
    const { purpose, nonce } = transaction;
    logger.warn({ hash, nonce, code, reason }, 'the node takes no such transaction: giving it up');
    signals.emit('transactionGivenUp', { ...this.#signer, purpose, nonce, reason });
    await broadcaster.broadcast([filler]);
    return transaction;
  }

  async #useUp(transaction: OpenTransaction, current: CurrentFees): Promise<Attempt | undefined> {
    const { provider, wallet, account, maxFeePerGas: cap } = this.#options;
    const { call, fees } = readAttempt(transaction.attempts.at(-1) as Attempt);
    const nothing = { to: account.address, data: '0x' };
    const gasLimit = await provider.estimateGas({ from: account.address, ...nothing });
    // At the cap it pays the same: no node has what it would replace.
    const paid = bumpedFees(fees, current, cap) ?? fees;
    const filler = await signAttempt(wallet, account.chainId, { ...nothing, gasLimit, nonce: call.nonce }, paid);
    const { id } = transaction;
    const isStored = await this.#add(transaction, filler, async (db) => {
      for (const message of await submittedWith(db, id)) {
        await reopen(db, message.id, { reason: 'transaction-refused', nextTryAt: nextTryAfter(message.tries) });
      }
      await markGivenUp(db, id);
    });
    return isStored ? filler : undefined;
  }
}
