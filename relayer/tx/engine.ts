import type { BaseWallet, JsonRpcProvider } from 'ethers';

import { XdmError } from '../../sdk/core/errors.ts';
import type { StageContext } from '../stages/stage.ts';
import { readCursor, type Cursor } from '../store/blocks.ts';
import type { Database } from '../store/schema.ts';
import {
  countPending,
  insertAttempt,
  insertTransaction,
  missingNonces,
  nextStoredNonce,
  openTransactions,
  type Account,
  type Attempt,
  type OpenTransaction,
} from '../store/transactions.ts';
import { traceStep } from '../telemetry/traces.ts';
import { Broadcaster } from './broadcaster.ts';
import { currentFees, type CurrentFees } from './fees.ts';
import { Pusher } from './pusher.ts';
import { Purse } from './purse.ts';
import { receiptOf, type Receipt } from './receipts.ts';
import { settle, type Settled } from './settle.ts';
import { costOf, signAttempt, type Call } from './signing.ts';

/** A transaction to be sent, whatever it takes. */
export interface Submission {
  /** What it is for, such as `relay`. */
  readonly purpose: string;
  readonly to: string;
  readonly data: string;
  readonly gasLimit: bigint;
  /** Number of messages that it is to deliver; none unless given. */
  readonly messages?: number;
  /** Called in the transaction of the store that takes the signed one, with its number there. */
  readonly onStored?: (db: Database, transactionId: number) => Promise<void>;
}

export interface EngineOptions extends StageContext {
  readonly provider: JsonRpcProvider;
  readonly wallet: BaseWallet;
  readonly chainId: number;
  /** Most wei for a unit of gas. */
  readonly maxFeePerGas: bigint;
  /** Most wei that may be spent in a day, from midnight to midnight UTC; no limit unless given. */
  readonly maxSpendPerDay?: bigint | undefined;
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
  readonly #purse: Purse;
  readonly #pusher: Pusher;
  /** Since when transactions are looked for whose nonces are used, by their number, on a clock that nobody sets. */
  #lookedForSince = new Map<number, number>();
  #isStuck = false;

  constructor(options: EngineOptions) {
    const account = { chainId: options.chainId, address: options.wallet.address };
    this.#options = options;
    this.#account = account;
    this.#purse = new Purse({ ...options, account, maxSpendPerDay: options.maxSpendPerDay });
    this.#broadcaster = new Broadcaster({ ...options, account });
    this.#pusher = new Pusher({ ...options, account, purse: this.#purse, broadcaster: this.#broadcaster });
  }

  get address(): string {
    return this.#account.address;
  }

  get chainId(): number {
    return this.#account.chainId;
  }

  /** Whether the transaction that all others wait for was not mined for so long that it was to pay more. */
  get isStuck(): boolean {
    return this.#isStuck;
  }

  /** How many transactions can be submitted now. */
  async capacity(): Promise<number> {
    return Math.max(0, MAX_PENDING - (await countPending(this.#options.store.db, this.#account)));
  }

  /** Gas that the account can and may pay for now. */
  async affordableGas(): Promise<bigint> {
    return await this.#purse.affordableGas();
  }

  /** See `Purse.requirePayable`. */
  async requirePayable(gas: bigint): Promise<void> {
    await this.#purse.requirePayable(gas);
  }

  /** Number of transactions of a purpose that are not mined. */
  async pending(purpose: string): Promise<number> {
    return await countPending(this.#options.store.db, this.#account, purpose);
  }

  /**
   * Signs and stores transactions, then broadcasts them. When it returns they are stored: whether they were broadcast is
   * looked after from then on.
   * @throws {XdmError} `fee-cap` where no block takes what may be paid, `insufficient-funds`, `spending-limit`
   */
  async submit(submissions: readonly Submission[]): Promise<void> {
    if (submissions.length === 0) return;
    const { provider, store, maxFeePerGas: cap } = this.#options;
    await this.#exclusively(async () => {
      const fees = await currentFees(provider, cap);
      this.#checkCap(fees);
      const gas = submissions.reduce((sum, { gasLimit }) => sum + gasLimit, 0n);
      await this.#purse.checkFunds(costOf({ gasLimit: gas, maxFeePerGas: fees.maxFeePerGas }));
      // Not what is pending there: a transaction of somebody else could leave a gap.
      const onChain = await provider.getTransactionCount(this.address, 'latest');
      const first = Math.max(onChain, await nextStoredNonce(store.db, this.#account));
      await this.#send(
        submissions.map((submission, offset) => ({ ...submission, nonce: first + offset })),
        fees,
      );
    });
  }

  #checkCap({ least }: CurrentFees): void {
    const { maxFeePerGas: cap, signals, chainId } = this.#options;
    if (least <= cap) return;
    signals.emit('feeCapped', { chainId, signer: this.address });
    throw new XdmError('fee-cap', `a block takes ${least} wei for a unit of gas, and at most ${cap} may be paid`, {
      hint: 'wait, or raise maxFeePerGas',
    });
  }

  async #exclusively(work: () => Promise<void>): Promise<void> {
    const run = this.#last.then(work);
    // Whoever comes next waits for this one, and not for its success.
    this.#last = run.catch(() => undefined);
    await run;
  }

  async #send(submissions: readonly (Submission & Call)[], fees: CurrentFees): Promise<void> {
    const { store, wallet, chainId } = this.#options;
    const signed = await Promise.all(submissions.map(async (call) => await signAttempt(wallet, chainId, call, fees)));
    const cost = signed.reduce((sum, attempt) => sum + costOf(attempt), 0n);
    try {
      await store.write(async (db) => {
        await this.#purse.reserve(
          db,
          cost,
          submissions.every(({ purpose }) => purpose === GAP),
        );
        for (const [position, { nonce, purpose, messages = 0, onStored }] of submissions.entries()) {
          const createdAt = Date.now();
          const id = await insertTransaction(db, this.#account, { nonce, purpose, messages, createdAt });
          await insertAttempt(db, id, 0, signed[position] as Attempt);
          await onStored?.(db, id);
        }
      });
    } catch (error) {
      if (error instanceof XdmError && error.code === 'spending-limit') await this.#purse.noteLimit(error);
      throw error;
    }
    const hashes = signed.map(({ hash }) => hash);
    const about = { 'xdm.chain': chainId, 'xdm.signer': this.address, 'xdm.transactions': hashes };
    await traceStep('broadcast', about, async () => await this.#broadcaster.broadcast(signed));
  }

  /** Looks after the transactions that are not final. Returns how many have moved on. */
  async advance(): Promise<number> {
    const { store } = this.#options;
    const cursor = await readCursor(store.db, this.#account.chainId);
    if (cursor === undefined) return 0;
    const open = await openTransactions(store.db, this.#account, {
      finalNumber: cursor.finalNumber,
      limit: PASS_LIMIT,
    });
    if (open.length === 0) {
      this.#isStuck = false;
      await this.#purse.clearAlarms(false);
      return 0;
    }
    const { moved, unmined, used, next } = await this.#settle(open, cursor);
    const left = unmined.filter(({ nonce }) => nonce >= used);
    const given = await this.#pusher.giveUp(left.find(({ nonce }) => nonce === next));
    await this.#fillGaps(next);
    await this.#pusher.push(
      left.filter((transaction) => transaction !== given),
      next,
    );
    this.#isStuck = this.#pusher.isStuck(left.find(({ nonce }) => nonce === next));
    return moved;
  }

  /** Asks the chain what became of transactions, and records it. */
  async #settle(
    open: readonly OpenTransaction[],
    cursor: Cursor,
  ): Promise<Settled & { readonly used: number; readonly next: number }> {
    const { store, provider, signals } = this.#options;
    // Before the receipts: a transaction that is mined in between has a receipt then.
    const [used, next] = await this.#nonces(cursor);
    const found = await Promise.all(
      open.map(async (transaction) => [transaction, await receiptOf(provider, transaction)] as const),
    );
    const receipts = new Map(found.filter((each): each is [OpenTransaction, Receipt] => each[1] !== undefined));
    const lost = this.#lost(open.filter((each) => each.nonce < used && !receipts.has(each)));
    const settled = await store.write(async (db) => {
      return await settle(db, this.#account, open, { cursor, used, receipts, lost });
    });
    const { chainId } = this.#account;
    for (const [{ purpose, messages }, { reverted, gasUsed, paid: wei }] of settled.final) {
      signals.emit('transactionMined', { chainId, signer: this.address, purpose, messages, reverted, gasUsed, wei });
    }
    return { ...settled, used, next };
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

  /** Those that have had no receipt for long enough. A node that is behind does not know one yet that another has mined. */
  #lost(missing: readonly OpenTransaction[]): Set<number> {
    const now = performance.now();
    this.#lookedForSince = new Map(missing.map(({ id }) => [id, this.#lookedForSince.get(id) ?? now]));
    const { rebroadcastAfter } = this.#options;
    return new Set([...this.#lookedForSince].filter(([, since]) => now - since >= rebroadcastAfter).map(([id]) => id));
  }

  /** A nonce that nobody uses holds up all later ones: such as somebody else's whose block was dropped. */
  async #fillGaps(next: number): Promise<void> {
    const { store, provider, logger, maxFeePerGas: cap } = this.#options;
    await this.#exclusively(async () => {
      const nonces = await missingNonces(store.db, this.#account, next);
      if (nonces.length === 0) return;
      logger.warn({ account: this.address, nonces }, 'filling a gap of nonces');
      const call = { to: this.address, data: '0x' };
      const gasLimit = await provider.estimateGas({ from: this.address, ...call });
      const fillers = nonces.map((nonce) => ({ ...call, nonce, gasLimit, purpose: GAP }));
      try {
        await this.#send(fillers, await currentFees(provider, cap));
      } catch (error) {
        // It waits, as what comes after it does. What is signed is looked after meanwhile.
        if (!(error instanceof XdmError) || error.code !== 'spending-limit') throw error;
      }
    });
  }
}
