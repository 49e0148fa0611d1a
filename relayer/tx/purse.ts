import { formatEther, type JsonRpcProvider } from 'ethers';

import { XdmError } from '../../sdk/core/errors.ts';
import { affordableGas } from '../../sdk/core/gas.ts';
import { clearAlarm, raiseAlarm } from '../alarms.ts';
import type { StageContext } from '../stages/stage.ts';
import type { Database } from '../store/schema.ts';
import { committedBy, dayOf, spentOn, startOf } from '../store/spending.ts';
import type { Account } from '../store/transactions.ts';
import { currentFees } from './fees.ts';

/** Milliseconds for which what was refused counts: what is still wanted is tried again before. */
const WANTED_MS = 900_000;

export interface PurseOptions extends StageContext {
  readonly provider: JsonRpcProvider;
  readonly account: Account;
  /** Most wei for a unit of gas. */
  readonly maxFeePerGas: bigint;
  /** Most wei in a day, from midnight to midnight UTC; no limit where it is undefined. */
  readonly maxSpendPerDay: bigint | undefined;
}

/**
 * What an account can and may spend. A transaction counts with the most that it can cost until it is final, then with what it
 * cost, on that day.
 */
export class Purse {
  readonly #options: PurseOptions;
  readonly #signer: { readonly chainId: number; readonly signer: string };
  /** Wei that were refused last: the alarm ends once so many are there, or nobody wants them any more. */
  readonly #refused = { 'signer-unfunded': 0n, 'spending-limit': 0n };
  /** When, on a clock that nobody sets. */
  readonly #refusedAt = { 'signer-unfunded': 0, 'spending-limit': 0 };

  constructor(options: PurseOptions) {
    const { chainId, address: signer } = options.account;
    this.#options = options;
    this.#signer = { chainId, signer };
  }

  /** Gas that the account can and may pay for now, beside what it has signed already. */
  async affordableGas(): Promise<bigint> {
    const { provider, maxFeePerGas: cap, store } = this.#options;
    const [funds, { maxFeePerGas }, allowance] = await Promise.all([
      this.#funds(),
      currentFees(provider, cap),
      this.#allowance(store.db),
    ]);
    const wei = allowance === undefined || funds < allowance ? funds : allowance;
    return affordableGas(wei < 0n ? 0n : wei, maxFeePerGas);
  }

  /**
   * @param wei most that new transactions can cost
   * @throws {XdmError} `insufficient-funds` where the account lacks them: no node would take the transactions
   */
  async checkFunds(wei: bigint): Promise<void> {
    const funds = await this.#funds();
    if (wei <= funds) return;
    await this.noteUnfunded(wei);
    throw new XdmError(
      'insufficient-funds',
      `${this.#signer.signer} has ${formatEther(funds)} ether of ${formatEther(wei)}`,
      {
        hint: 'fund the account',
      },
    );
  }

  /**
   * @param gas limit of one transaction, sent alone
   * @throws {XdmError} `insufficient-funds`, `spending-limit` where the account cannot or may not pay for it; an operator is called
   */
  async requirePayable(gas: bigint): Promise<void> {
    const { provider, maxFeePerGas: cap, store } = this.#options;
    const wei = gas * (await currentFees(provider, cap)).maxFeePerGas;
    await this.checkFunds(wei);
    try {
      await this.reserve(store.db, wei);
    } catch (error) {
      if (error instanceof XdmError && error.code === 'spending-limit') await this.noteLimit(error);
      throw error;
    }
  }

  /**
   * Called in the transaction that stores what costs so much.
   * @param fillsGap whether what was signed before waits for it. Where that leaves no room for it on any day, it is let through:
   * both would wait for ever.
   * @throws {XdmError} `spending-limit`, with the time from which on it may be paid where that is known
   */
  async reserve(db: Database, wei: bigint, fillsGap = false): Promise<void> {
    const limit = this.#options.maxSpendPerDay;
    const allowance = await this.#allowance(db);
    if (limit === undefined || allowance === undefined || wei <= allowance) return;
    const today = dayOf(Date.now());
    const { pending } = await committedBy(db, this.#options.account);
    if (fillsGap && pending + wei > limit) return;
    // What is not final yet can come to cost less, today.
    const paid = await spentOn(db, this.#options.account, today);
    const details = paid + wei > limit ? { readyAt: BigInt(startOf(today + 1) / 1000) } : {};
    this.#refused['spending-limit'] = wei;
    this.#refusedAt['spending-limit'] = performance.now();
    const what = `${formatEther(wei)} ether more would exceed what ${this.#signer.signer} may spend in a day`;
    throw new XdmError('spending-limit', `${what}, ${formatEther(limit)} ether`, {
      hint: 'wait until midnight UTC, or raise maxSpendPerDay',
      ...details,
    });
  }

  /** Calls an operator because the account lacks funds. */
  async noteUnfunded(wei = 0n): Promise<void> {
    this.#refused['signer-unfunded'] = wei;
    this.#refusedAt['signer-unfunded'] = performance.now();
    const message = `${this.#signer.signer} cannot pay for its transactions on chain ${this.#signer.chainId}: fund it`;
    await raiseAlarm(this.#options, { kind: 'signer-unfunded', subject: this.#subject, message, halts: false });
  }

  /** Calls an operator because the day's limit stands in the way. */
  async noteLimit({ message }: XdmError): Promise<void> {
    this.#options.signals.emit('spendingLimitHit', this.#signer);
    await raiseAlarm(this.#options, { kind: 'spending-limit', subject: this.#subject, message, halts: false });
  }

  /** Ends the alarms whose cause is over. Where a node has refused a transaction for lack of funds, it is not. */
  async clearAlarms(isUnfunded: boolean): Promise<void> {
    const subject = this.#subject;
    const allowance = await this.#allowance(this.#options.store.db);
    const isAllowed = allowance === undefined || allowance >= this.#wanted('spending-limit');
    if (isAllowed) await clearAlarm(this.#options, { kind: 'spending-limit', subject });
    if (isUnfunded) return;
    const lacking = this.#wanted('signer-unfunded');
    if (lacking > 0n && (await this.#funds()) < lacking) return;
    this.#refused['signer-unfunded'] = 0n;
    await clearAlarm(this.#options, { kind: 'signer-unfunded', subject });
  }

  #wanted(kind: 'signer-unfunded' | 'spending-limit'): bigint {
    return performance.now() - this.#refusedAt[kind] > WANTED_MS ? 0n : this.#refused[kind];
  }

  get #subject(): string {
    return `${this.#signer.chainId} ${this.#signer.signer}`;
  }

  /** The balance, less what signed transactions can take of it. */
  async #funds(): Promise<bigint> {
    const { provider, store, account } = this.#options;
    const [balance, { pending }] = await Promise.all([
      provider.getBalance(account.address),
      committedBy(store.db, account),
    ]);
    return balance - pending;
  }

  /** Wei that may still be spent today; negative where more was signed before there was a limit. */
  async #allowance(db: Database): Promise<bigint | undefined> {
    const { account, maxSpendPerDay: limit } = this.#options;
    if (limit === undefined) return undefined;
    const [spent, { pending, mined }] = [await spentOn(db, account, dayOf(Date.now())), await committedBy(db, account)];
    return limit - spent - pending - mined;
  }
}
