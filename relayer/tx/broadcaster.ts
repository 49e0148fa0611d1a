import { isError, type JsonRpcProvider } from 'ethers';

import { toXdmError } from '../../sdk/chain/rpcErrors.ts';
import type { StageContext } from '../stages/stage.ts';
import { markBroadcast, type Account, type Attempt } from '../store/transactions.ts';

/** What came of handing a transaction to a node. */
interface Broadcast {
  /** Milliseconds, on a clock that nobody sets. */
  readonly at: number;
  /** Whether the account could not pay for it: to pay more would not help it. */
  readonly isUnfunded: boolean;
  /** Of a transaction that the node would not take whenever it answered. */
  readonly refusal: Refusal | undefined;
}

/** A node's word that it does not take a transaction. */
interface Refusal {
  readonly hash: string;
  readonly code: string;
  readonly reason: string;
  /** When it was said first, on the clock of `Broadcast`. */
  readonly since: number;
  readonly times: number;
}

/** A node's word, again and again. */
interface LastingRefusal {
  readonly latest: Refusal;
  /** Number of attempts that it refuses, each of which pays more. */
  readonly attempts: number;
}

export interface BroadcasterOptions extends StageContext {
  readonly provider: JsonRpcProvider;
  readonly account: Account;
}

/** Hands signed transactions to a node, and remembers what it said. */
export class Broadcaster {
  readonly #options: BroadcasterOptions;
  /** Of this process, by hash. What was signed before it began may never have left. */
  readonly #broadcasts = new Map<string, Broadcast>();

  constructor(options: BroadcasterOptions) {
    this.#options = options;
  }

  /**
   * In the order of the nonces. What a node refuses is to be tried again: its receipts tell what came of it.
   * @throws {XdmError} `lease-lost`
   */
  async broadcast(attempts: readonly Attempt[]): Promise<void> {
    const { provider, store } = this.#options;
    const said = await Promise.all(
      attempts.map(async ({ raw, hash }) => {
        store.lease.verify();
        const earlier = this.#broadcasts.get(hash);
        this.#broadcasts.set(hash, { at: performance.now(), isUnfunded: false, refusal: earlier?.refusal });
        let refusal: string | undefined;
        try {
          await provider.send('eth_sendRawTransaction', [raw]);
          this.#broadcasts.set(hash, { at: performance.now(), isUnfunded: false, refusal: undefined });
        } catch (error) {
          refusal = this.#note(hash, error, earlier?.refusal);
        }
        // The first word on it is kept, and each that differs.
        return earlier !== undefined && earlier.refusal?.reason === refusal ? [] : [{ hash, refusal }];
      }),
    );
    const news = said.flat();
    if (news.length === 0) return;
    const at = Date.now();
    await store.write(async (db) => {
      for (const { hash, refusal } of news) await markBroadcast(db, hash, { at, refusal });
    });
  }

  /** Returns what the node said. */
  #note(hash: string, cause: unknown, earlier: Refusal | undefined): string {
    const { logger, signals, account } = this.#options;
    const at = performance.now();
    const { code, message: reason } = toXdmError(cause);
    const isUnfunded = code === 'insufficient-funds';
    logger[isUnfunded ? 'warn' : 'debug']({ hash, code, reason }, 'a node refused a transaction');
    signals.emit('broadcastRefused', { chainId: account.chainId, signer: account.address, hash, code });
    // An answer that ethers knows nothing better of. Silence, funds and nonces speak against no transaction in itself.
    const isRefused = code === 'rpc-error' && isError(cause, 'UNKNOWN_ERROR');
    const refused = { hash, code, reason, since: earlier?.since ?? at, times: (earlier?.times ?? 0) + 1 };
    this.#broadcasts.set(hash, { at, isUnfunded, refusal: isRefused ? refused : earlier });
    return reason;
  }

  /** Whether the account could not pay for something when it was last handed to a node. */
  hasUnfunded(): boolean {
    return [...this.#broadcasts.values()].some(({ isUnfunded }) => isUnfunded);
  }

  /** Whether an attempt was broadcast less than so many milliseconds ago. */
  isRecent({ hash }: Attempt, milliseconds: number): boolean {
    const broadcast = this.#broadcasts.get(hash);
    return broadcast !== undefined && performance.now() - broadcast.at < milliseconds;
  }

  /** Whether an attempt was broadcast, and the account could pay for it. */
  wasFunded({ hash }: Attempt): boolean {
    return this.#broadcasts.get(hash)?.isUnfunded === false;
  }

  /**
   * The refusals of a transaction whose latest attempts, the last at the end, a node has refused at least twice together, and for
   * longer than so many milliseconds.
   */
  lastingRefusal(attempts: readonly Attempt[], milliseconds: number): LastingRefusal | undefined {
    const all = attempts.map(({ hash }) => this.#broadcasts.get(hash)?.refusal);
    const refusals = all.slice(all.lastIndexOf(undefined) + 1) as Refusal[];
    const latest = refusals.at(-1);
    if (latest === undefined) return undefined;
    const times = refusals.reduce((sum, refusal) => sum + refusal.times, 0);
    const since = Math.min(...refusals.map((refusal) => refusal.since));
    return times > 1 && performance.now() - since > milliseconds ? { latest, attempts: refusals.length } : undefined;
  }

  /** Forgets what was said against attempts, of which the node has one: it merely did not take it twice. */
  forgive(attempts: readonly Attempt[]): void {
    for (const { hash } of attempts) {
      const broadcast = this.#broadcasts.get(hash);
      if (broadcast !== undefined) this.#broadcasts.set(hash, { ...broadcast, refusal: undefined });
    }
  }

  /** Forgets all attempts but these. */
  keep(attempts: readonly Attempt[]): void {
    const kept = new Set(attempts.map(({ hash }) => hash));
    for (const hash of this.#broadcasts.keys()) if (!kept.has(hash)) this.#broadcasts.delete(hash);
  }
}

/** Whether a node has a transaction, mined or not. */
export async function isKnown(provider: JsonRpcProvider, hash: string): Promise<boolean> {
  return (await provider.send('eth_getTransactionByHash', [hash])) !== null;
}
