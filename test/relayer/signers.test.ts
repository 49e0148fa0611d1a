import { Wallet } from 'ethers';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { newSignals } from '../../relayer/signals.ts';
import { watch } from '../../relayer/stages/watch.ts';
import { TransactionEngine } from '../../relayer/tx/engine.ts';
import { Signers } from '../../relayer/tx/signers.ts';
import { SimulatedChain } from '../support/simulatedChain.ts';
import { NO_TROUBLES, SimulatedProvider } from '../support/simulatedProvider.ts';
import { newStore, type TestStore } from '../support/store.ts';

const CHAIN_ID = 900;
const GWEI = 10n ** 9n;
const TARGET = `0x${'f0'.repeat(20)}`;

/** An account with an engine; each sees a chain of its own, so that what befalls one does not befall the other. */
interface Signer {
  readonly chain: SimulatedChain;
  readonly engine: TransactionEngine;
  advance(): Promise<void>;
}

let store: TestStore;
let first: Signer;
let second: Signer;
let signers: Signers;

beforeEach(async () => {
  store = await newStore();
  [first, second] = [newSigner('11'), newSigner('22')];
  signers = new Signers([first.engine, second.engine]);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await store.remove();
});

function newSigner(byte: string): Signer {
  const wallet = new Wallet(`0x${byte.repeat(32)}`);
  const chain = new SimulatedChain(CHAIN_ID, wallet.address, 0n);
  const quiet = { process: { stepsLeft: Number.POSITIVE_INFINITY }, onSend: async () => await Promise.resolve() };
  const provider = new SimulatedProvider(chain, { troubles: { ...NO_TROUBLES }, ...quiet });
  const context = { store, logger: pino({ level: 'silent' }), signals: newSignals() };
  const limits = { maxFeePerGas: 500n * GWEI, rebroadcastAfter: 15_000, bumpAfter: 60_000 };
  const engine = new TransactionEngine({ ...context, ...limits, provider, wallet, chainId: CHAIN_ID });
  const source = { address: TARGET, topics: [], record: async () => await Promise.resolve() };
  const watched = { chainId: CHAIN_ID, provider, finality: 'latest' as const, deployedAt: 0, sources: [source] };
  return {
    chain,
    engine,
    async advance() {
      for (let moved = 1; moved > 0;) moved = await watch(watched, context);
      await engine.advance();
    },
  };
}

/** Lets whoever is chosen send so many; returns who that was. */
async function send(count: number, purpose = 'relay'): Promise<TransactionEngine | undefined> {
  const engine = await signers.choose();
  const submission = { purpose, to: TARGET, data: '0x', gasLimit: 100_000n };
  await engine?.submit(Array.from({ length: count }, () => submission));
  return engine;
}

test('take turns, and none is given more than nodes keep of an account', async () => {
  const senders = [await send(10), await send(20), await send(30), await send(44), await send(24)];
  expect(senders).toEqual([first.engine, second.engine, first.engine, second.engine, first.engine]);
  expect(await signers.hasCapacity()).toBe(false);
  expect(await send(1)).toBeUndefined();
  expect(await signers.pending('relay')).toBe(128);
});

test('count what is on its way together, so that nothing is done by two of them', async () => {
  await send(1, 'prove message root');
  await send(2);
  expect(await signers.pending('prove message root')).toBe(1);
  expect(await second.engine.pending('prove message root')).toBe(0);
});

test('leave out one that lacks funds, unless all do: then whoever has most says what is lacking', async () => {
  first.chain.setBalance(10n ** 14n);
  expect(await send(10)).toBe(second.engine);
  expect(await send(10)).toBe(second.engine);
  second.chain.setBalance(0n);
  expect(await signers.choose()).toBe(first.engine);
});

test('leave out one whose transactions are stuck, until they are mined', async () => {
  await send(1);
  await send(5);
  const [date, monotonic] = [Date.now.bind(Date), performance.now.bind(performance)];
  let passed = 0;
  vi.spyOn(Date, 'now').mockImplementation(() => date() + passed);
  vi.spyOn(performance, 'now').mockImplementation(() => monotonic() + passed);
  passed = 61_000;
  await first.advance();
  // It has more room than the other.
  expect(await signers.choose()).toBe(second.engine);
  first.chain.mine(1);
  await first.advance();
  await first.advance();
  expect(await signers.choose()).toBe(first.engine);
});
