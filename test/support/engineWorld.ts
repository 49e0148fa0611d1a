import { toBeHex, Transaction, Wallet } from 'ethers';
import { pino } from 'pino';
import { vi } from 'vitest';

import type { LogSource, WatchedChain } from '../../relayer/route.ts';
import { newSignals } from '../../relayer/signals.ts';
import { watch } from '../../relayer/stages/watch.ts';
import { toBytes } from '../../relayer/store/bytes.ts';
import type { Store } from '../../relayer/store/store.ts';
import { TransactionEngine } from '../../relayer/tx/engine.ts';
import { MAX_TRANSACTION_GAS } from '../../sdk/core/gas.ts';
import { SimulatedChain } from './simulatedChain.ts';
import { NO_TROUBLES, SimulatedProvider, step, type Mortal, type Troubles } from './simulatedProvider.ts';
import type { TestStore } from './store.ts';

const CHAIN_ID = 900;
const GWEI = 10n ** 9n;
const FOREVER = Number.POSITIVE_INFINITY;
const NOTHING: LogSource = {
  address: `0x${'f0'.repeat(20)}`,
  topics: [],
  record: async () => await Promise.resolve(),
};
const wallet = new Wallet(`0x${'42'.repeat(32)}`);

/** Most wei for a unit of gas. */
export const CAP = 100n * GWEI;

/** What differs between worlds. */
export interface Terms {
  /** Wei. */
  readonly maxSpendPerDay: bigint | undefined;
  /** Wei that the chain charges for a transaction's data. */
  readonly dataFee: bigint;
}

/** A transaction that was handed to the engine. */
interface Intended {
  readonly label: number;
  /** Whether `submit` came back: then it is stored. */
  isAccepted: boolean;
}

/** An engine on a simulated chain, whose process can end at any step; the store outlives it. */
export class EngineWorld {
  readonly chain: SimulatedChain;
  readonly store: TestStore;
  readonly terms: Terms;
  readonly troubles: Troubles = { ...NO_TROUBLES };
  readonly intended: Intended[] = [];
  /** What must never happen, and did. */
  readonly violations: string[] = [];
  #process: Mortal = { stepsLeft: FOREVER };
  #engine: TransactionEngine;
  #watched: WatchedChain;
  #running: Store;
  #passed = 0;
  /** Whether the engine has looked since receipts were denied last. */
  #hasSeen = true;

  constructor(store: TestStore, terms: Terms) {
    this.store = store;
    this.terms = terms;
    this.chain = new SimulatedChain(CHAIN_ID, wallet.address, terms.dataFee);
    const [date, monotonic] = [Date.now.bind(Date), performance.now.bind(performance)];
    vi.spyOn(Date, 'now').mockImplementation(() => date() + this.#passed);
    vi.spyOn(performance, 'now').mockImplementation(() => monotonic() + this.#passed);
    ({ engine: this.#engine, watched: this.#watched, running: this.#running } = this.#start());
  }

  #start(): { engine: TransactionEngine; watched: WatchedChain; running: Store } {
    const process: Mortal = { stepsLeft: FOREVER };
    this.#process = process;
    const { troubles } = this;
    const onSend = async (raw: string): Promise<void> => await this.#checkStored(raw);
    const provider = new SimulatedProvider(this.chain, { troubles, process, onSend });
    const running: Store = {
      ...this.store,
      write: async (work) => {
        step(process);
        const result = await this.store.write(work);
        step(process);
        return result;
      },
    };
    const engine = new TransactionEngine({
      provider,
      wallet,
      chainId: CHAIN_ID,
      store: running,
      logger: pino({ level: 'silent' }),
      signals: newSignals(),
      maxFeePerGas: CAP,
      maxSpendPerDay: this.terms.maxSpendPerDay,
      rebroadcastAfter: 15_000,
      bumpAfter: 60_000,
    });
    const watched = { chainId: CHAIN_ID, provider, finality: 'finalized' as const, deployedAt: 0, sources: [NOTHING] };
    return { engine, watched, running };
  }

  async #checkStored(raw: string): Promise<void> {
    const hash = Transaction.from(raw).hash ?? '';
    const row = this.store.db.selectFrom('attempts').select('hash').where('hash', '=', toBytes(hash));
    if ((await row.executeTakeFirst()) === undefined) this.violations.push(`${hash} was broadcast and not stored`);
  }

  /** As when the process ends and starts. */
  restart(): void {
    ({ engine: this.#engine, watched: this.#watched, running: this.#running } = this.#start());
  }

  /** Lets the process end after so many requests and writes of what is done, and starts it again. */
  async dyingAfter(steps: number, work: () => Promise<void>): Promise<void> {
    this.#process.stepsLeft = steps;
    await work();
    this.restart();
  }

  /** Submits as many transactions at once. Whoever submits tries again later where that fails. */
  async submit(count: number, isPoison = false): Promise<void> {
    const some = Array.from({ length: count }, (_, offset) => ({
      label: this.intended.length + 1 + offset,
      isAccepted: false,
    }));
    this.intended.push(...some);
    const gasLimit = isPoison ? MAX_TRANSACTION_GAS + 1n : 100_000n;
    const submissions = some.map(({ label }) => {
      return { purpose: `${label}`, to: NOTHING.address, data: toBeHex(label, 4), gasLimit, messages: 1 };
    });
    try {
      await this.#engine.submit(submissions);
      for (const each of some) each.isAccepted = true;
    } catch {
      // What was stored all the same is looked after.
    }
  }

  async advance(): Promise<void> {
    try {
      const context = { store: this.#running, logger: pino({ level: 'silent' }), signals: newSignals() };
      for (let moved = 1, passes = 0; moved > 0 && passes < 50; passes++) moved = await watch(this.#watched, context);
      for (let moved = 1, passes = 0; moved > 0 && passes < 5; passes++) moved = await this.#engine.advance();
      this.#hasSeen ||= !this.troubles.deniesReceipts;
    } catch {
      // The next pass tries again.
    }
  }

  elapse(milliseconds: number): void {
    this.#passed += milliseconds;
    // Who has no receipt of what is final for so long is no node.
    this.troubles.deniesReceipts = false;
  }

  /** Lets the node deny that it knows receipts, until time passes; not again before the engine has seen that it no longer does. */
  denyReceipts(): void {
    if (!this.#hasSeen) return;
    this.troubles.deniesReceipts = true;
    this.#hasSeen = false;
  }

  heal(): void {
    Object.assign(this.troubles, NO_TROUBLES);
  }

  /** Lets everything be as it should, until nothing is left to do, and looks after each round; returns whether that came to be. */
  async settle(look: () => Promise<void>): Promise<boolean> {
    this.heal();
    this.chain.baseFee = GWEI;
    this.chain.leastTip = 0n;
    this.chain.setBalance(10n ** 21n);
    for (let rounds = 0; rounds < 60; rounds++) {
      // In the end also the next days come, with what may be spent on them.
      this.elapse(rounds > 20 ? 43_200_000 : 61_000);
      await this.advance();
      this.chain.mine(3);
      await this.advance();
      await look();
      if ((await this.#open()) === 0) return true;
    }
    return false;
  }

  async #open(): Promise<number> {
    const open = this.store.db.selectFrom('transactions').select('id').where('stage', 'in', ['pending', 'mined']);
    return (await open.execute()).length;
  }
}

/** The label of what was signed; 0 of what only uses a nonce up. */
export function labelOf({ data }: Pick<Transaction, 'data'>): number {
  return Number(data === '0x' ? 0 : data);
}
