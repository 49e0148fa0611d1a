import { MAX_TRANSACTION_GAS } from '../../sdk/core/gas.ts';
import type { TransactionEngine } from './engine.ts';

/** Accounts that send for the same purpose, each with an engine of its own: what holds up one holds up no other. */
export class Signers {
  readonly #engines: readonly TransactionEngine[];

  /** @param engines at least one */
  constructor(engines: readonly TransactionEngine[]) {
    this.#engines = engines;
  }

  /** Number of transactions of a purpose that are not mined, of all accounts. */
  async pending(purpose: string): Promise<number> {
    const counts = await Promise.all(this.#engines.map(async (engine) => await engine.pending(purpose)));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Whether any of them can take a transaction now. */
  async hasCapacity(): Promise<boolean> {
    return (await this.#free()).length > 0;
  }

  /**
   * The one to send with next: one that can pay for any transaction, that is not stuck, and has the most room; where none can, the
   * one that can pay for most. Undefined while none can take a transaction.
   */
  async choose(): Promise<TransactionEngine | undefined> {
    const free = await this.#free();
    // One alone needs not be compared.
    if (free.length < 2) return free[0]?.engine;
    const candidates = await Promise.all(
      free.map(async ({ engine, capacity }) => ({ engine, capacity, gas: await engine.affordableGas() })),
    );
    const [best] = candidates.toSorted((a, b) => compare(a, b));
    return best?.engine;
  }

  async #free(): Promise<{ readonly engine: TransactionEngine; readonly capacity: number }[]> {
    const all = await Promise.all(this.#engines.map(async (engine) => ({ engine, capacity: await engine.capacity() })));
    return all.filter(({ capacity }) => capacity > 0);
  }
}

interface Candidate {
  readonly engine: TransactionEngine;
  readonly capacity: number;
  /** That it can pay for. */
  readonly gas: bigint;
}

function compare(a: Candidate, b: Candidate): number {
  const [isShort, isOtherShort] = [a.gas < MAX_TRANSACTION_GAS, b.gas < MAX_TRANSACTION_GAS];
  if (isShort !== isOtherShort) return isShort ? 1 : -1;
  if (isShort) return a.gas < b.gas ? 1 : -1;
  if (a.engine.isStuck !== b.engine.isStuck) return a.engine.isStuck ? 1 : -1;
  return b.capacity - a.capacity;
}
