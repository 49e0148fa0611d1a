import { isError, type JsonRpcProvider } from 'ethers';
import type { Logger } from 'pino';

import { toXdmError } from '../../sdk/chain/rpcErrors.ts';
import type { Lease } from '../store/lease.ts';
import type { Attempt } from '../store/transactions.ts';

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
export interface Refusal {
  readonly hash: string;
  readonly code: string;
  readonly reason: string;
  /** When it was said first, on the clock of `Broadcast`. */
  readonly since: number;
  readonly times: number;
}

/** Hands signed transactions to a node, and remembers what it said. */
export class Broadcaster {
  readonly #provider: JsonRpcProvider;
  readonly #logger: Logger;
  readonly #lease: Lease;
  /** Of this process, by hash. What was signed before it began may never have left. */
  readonly #broadcasts = new Map<string, Broadcast>();

  constructor(provider: JsonRpcProvider, logger: Logger, lease: Lease) {
    this.#provider = provider;
    this.#logger = logger;
    this.#lease = lease;
  }

  /**
   * In the order of the nonces. What a node refuses is to be tried again: its receipts tell what came of it.
   * @throws {XdmError} `lease-lost`
   */
  async broadcast(attempts: readonly Attempt[]): Promise<void> {
    await Promise.all(
      attempts.map(async ({ raw, hash }) => {
        this.#lease.verify();
        const earlier = this.#broadcasts.get(hash)?.refusal;
        this.#broadcasts.set(hash, { at: performance.now(), isUnfunded: false, refusal: earlier });
        try {
          await this.#provider.send('eth_sendRawTransaction', [raw]);
          this.#broadcasts.set(hash, { at: performance.now(), isUnfunded: false, refusal: undefined });
        } catch (error) {
          this.#note(hash, error, earlier);
        }
      }),
    );
  }

  #note(hash: string, cause: unknown, earlier: Refusal | undefined): void {
    const at = performance.now();
    const { code, message: reason } = toXdmError(cause);
    const isUnfunded = code === 'insufficient-funds';
    this.#logger[isUnfunded ? 'warn' : 'debug']({ hash, code, reason }, 'a node refused a transaction');
    // An answer that ethers knows nothing better of. Silence, funds and nonces speak against no transaction in itself.
    const isRefused = code === 'rpc-error' && isError(cause, 'UNKNOWN_ERROR');
    const refused = { hash, code, reason, since: earlier?.since ?? at, times: (earlier?.times ?? 0) + 1 };
    this.#broadcasts.set(hash, { at, isUnfunded, refusal: isRefused ? refused : earlier });
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
   * The refusal of a transaction whose latest attempts, the last at the end, a node has refused at least twice, and for
   * longer than so many milliseconds.
   */
  lastingRefusal(attempts: readonly Attempt[], milliseconds: number): Refusal | undefined {
    const refusals = attempts.map(({ hash }) => this.#broadcasts.get(hash)?.refusal);
    const latest = refusals.slice(refusals.lastIndexOf(undefined) + 1) as Refusal[];
    const times = latest.reduce((sum, refusal) => sum + refusal.times, 0);
    const since = Math.min(...latest.map((refusal) => refusal.since));
    return times > 1 && performance.now() - since > milliseconds ? latest.at(-1) : undefined;
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
