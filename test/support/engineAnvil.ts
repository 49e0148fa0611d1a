import { Transaction, toBeHex } from 'ethers';
import { expect, vi } from 'vitest';

import type { LogSource, WatchedChain } from '../../relayer/route.ts';
import { newSignals, type Signals } from '../../relayer/signals.ts';
import { watch } from '../../relayer/stages/watch.ts';
import { TransactionEngine, type Submission } from '../../relayer/tx/engine.ts';
import { connect } from '../../sdk/chain/rpc.ts';
import { MAX_TRANSACTION_GAS } from '../../sdk/core/gas.ts';
import { startChain, type Chain } from './chain.ts';
import { listeningLogger, type LogLine } from './logger.ts';
import { startRpcProxy, type RpcProxy } from './rpcProxy.ts';
import { newStore, type TestStore } from './store.ts';

const CHAIN_ID = 900;
const GWEI = 10n ** 9n;

/** Where a call reverts. */
const REVERTING = '0x00000000000000000000000000000000000000f0';

/** An engine on a chain that mines when it is told to, behind a proxy; final is 16 blocks behind the newest. */
export interface EngineAnvil {
  readonly chain: Chain;
  readonly proxy: RpcProxy;
  readonly store: TestStore;
  readonly engine: TransactionEngine;
  readonly signals: Signals;
  /** What was said since the last reset. */
  readonly lines: LogLine[];
  /** Most wei for a unit of gas. */
  readonly cap: bigint;
  /** Undoes what happened on the chain, and takes a new store and engine. */
  reset(): Promise<void>;
  /** As when the node ends and starts. */
  restart(): Promise<void>;
  /** As when it starts with a limit, wei, of what it may spend in a day. */
  restartWithLimit(wei: bigint): Promise<void>;
  /** As when it starts with another store. */
  forget(): Promise<void>;
  stop(): Promise<void>;
  submission(purpose: string): Submission;
  submit(...purposes: string[]): Promise<void>;
  submitReverting(purpose: string): Promise<void>;
  /** Submits a transaction with more gas than one can have. */
  submitTooLarge(purpose: string, onStored?: Submission['onStored']): Promise<void>;
  /** Reads the chain. */
  read(): Promise<void>;
  /** Reads the chain, then passes until nothing moves. */
  advance(): Promise<void>;
  mine(blocks: number): Promise<void>;
  send(method: string, ...params: unknown[]): Promise<unknown>;
  /** Lets time pass for the engine; the chain has its own. */
  elapse(milliseconds: number): void;
  /** Sets the machine's clock forward or back. */
  setClock(milliseconds: number): void;
  /** Of the blocks to come, gwei. */
  setBaseFee(gwei: bigint): Promise<void>;
  setBalance(wei: bigint): Promise<void>;
  /** Sends a transaction with the same key from somewhere else, which pays so many gwei. */
  foreign(nonce: number, gwei?: bigint): Promise<void>;
  /** Purpose, nonce and stage of each transaction in the store, and whether it was given up. */
  stages(): Promise<string>;
  /** Kinds of the alarms that last. */
  alarms(): Promise<string[]>;
  /** Every attempt that the store has, in the order they were signed. */
  attempts(): Promise<Transaction[]>;
  hashes(): Promise<string[]>;
  /** Nonces that the node could mine. */
  pool(): Promise<number[]>;
  /** The account's next nonce on the chain. */
  nonce(): Promise<number>;
}

export async function startEngineAnvil(): Promise<EngineAnvil> {
  const chain = await startChain(CHAIN_ID, ['--no-mining', '--slots-in-an-epoch', '8', '--enable-tx-gas-limit']);
  const wallet = chain.account(5);
  const send = async (method: string, ...params: unknown[]): Promise<unknown> =>
    (await chain.provider.send(method, params)) as unknown;
  await send('anvil_setCode', REVERTING, '0x5f5ffd');
  // There is nothing to read in a chain without a block.
  await send('evm_mine');
  let fresh = await send('evm_snapshot');
  const proxy = await startRpcProxy(chain.url);
  const provider = await connect(proxy.url, { name: 'L1' });
  const cap = 500n * GWEI;
  const source: LogSource = { address: REVERTING, topics: [], record: async () => await Promise.resolve() };
  const watched: WatchedChain = {
    chainId: CHAIN_ID,
    provider,
    finality: 'finalized',
    deployedAt: 0,
    sources: [source],
  };
  const signals = newSignals();
  let { logger, lines } = listeningLogger();
  let store = await newStore();
  let maxSpendPerDay: bigint | undefined;
  const newEngine = (): TransactionEngine =>
    new TransactionEngine({
      provider,
      wallet,
      chainId: CHAIN_ID,
      store,
      logger,
      signals,
      maxFeePerGas: cap,
      maxSpendPerDay,
      rebroadcastAfter: 15_000,
      bumpAfter: 60_000,
    });
  let engine = newEngine();
  const realDate = Date.now.bind(Date);
  const realMonotonic = performance.now.bind(performance);
  let passed = 0;
  let setBy = 0;
  const mockClocks = (): void => {
    vi.spyOn(Date, 'now').mockImplementation(() => realDate() + passed + setBy);
    vi.spyOn(performance, 'now').mockImplementation(() => realMonotonic() + passed);
  };

  const submission = (purpose: string): Submission => ({ purpose, to: wallet.address, data: '0x', gasLimit: 30_000n });
  const read = async (): Promise<void> => {
    for (let moved = 1; moved > 0;) moved = await watch(watched, { store, logger, signals });
  };
  const restart = async (): Promise<void> => {
    store = await store.reopen();
    engine = newEngine();
  };
  const attempts = async (): Promise<Transaction[]> => {
    const rows = await store.db
      .selectFrom('attempts')
      .select('raw')
      .orderBy('rowid' as 'raw')
      .execute();
    return rows.map(({ raw }) => Transaction.from(toBeHex(BigInt(`0x${Buffer.from(raw).toString('hex')}`))));
  };
  return {
    chain,
    proxy,
    cap,
    signals,
    submission,
    read,
    send,
    attempts,
    get store() {
      return store;
    },
    get engine() {
      return engine;
    },
    get lines() {
      return lines;
    },
    async reset() {
      proxy.fault = () => undefined;
      vi.restoreAllMocks();
      signals.removeAllListeners();
      passed = 0;
      setBy = 0;
      maxSpendPerDay = undefined;
      await store.remove();
      await send('anvil_dropAllTransactions');
      await send('evm_revert', fresh);
      fresh = await send('evm_snapshot');
      await send('anvil_setNextBlockBaseFeePerGas', toBeHex(GWEI));
      store = await newStore();
      ({ logger, lines } = listeningLogger());
      engine = newEngine();
    },
    restart,
    async restartWithLimit(wei) {
      maxSpendPerDay = wei;
      await restart();
    },
    async forget() {
      await store.remove();
      store = await newStore();
      engine = newEngine();
    },
    async stop() {
      provider.destroy();
      await store.remove();
      await proxy.stop();
      await chain.stop();
    },
    async submit(...purposes) {
      await engine.submit(purposes.map((purpose) => submission(purpose)));
    },
    async submitReverting(purpose) {
      await engine.submit([{ ...submission(purpose), to: REVERTING }]);
    },
    async submitTooLarge(purpose, onStored) {
      const tooLarge = { ...submission(purpose), gasLimit: MAX_TRANSACTION_GAS + 1n };
      await engine.submit([onStored === undefined ? tooLarge : { ...tooLarge, onStored }]);
    },
    async advance() {
      await read();
      for (let moved = 1; moved > 0;) moved = await engine.advance();
    },
    async mine(blocks) {
      await send('anvil_mine', toBeHex(blocks));
    },
    elapse(milliseconds) {
      passed += milliseconds;
      mockClocks();
    },
    setClock(milliseconds) {
      setBy += milliseconds;
      mockClocks();
    },
    async setBaseFee(gwei) {
      await send('anvil_setNextBlockBaseFeePerGas', toBeHex(gwei * GWEI));
      await send('anvil_mine', '0x1');
      await send('anvil_setNextBlockBaseFeePerGas', toBeHex(gwei * GWEI));
    },
    async setBalance(wei) {
      await send('anvil_setBalance', wallet.address, toBeHex(wei));
    },
    async foreign(nonce, gwei = 100n) {
      const fees = { maxFeePerGas: gwei * GWEI, maxPriorityFeePerGas: 1n };
      const transaction = { to: REVERTING.replace('f0', 'f1'), nonce, value: 1n, gasLimit: 30_000n, ...fees };
      await send(
        'eth_sendRawTransaction',
        await wallet.signTransaction({ ...transaction, chainId: CHAIN_ID, type: 2 }),
      );
    },
    async stages() {
      const rows = await store.db.selectFrom('transactions').selectAll().orderBy('nonce').execute();
      const outcome = (givenUp: 0 | 1): string => (givenUp === 1 ? ' (given up)' : '');
      return rows.map((row) => `${row.purpose}${row.nonce} ${row.stage}${outcome(row.givenUp)}`).join(' ');
    },
    async alarms() {
      const rows = await store.db.selectFrom('alarms').selectAll().orderBy('kind').execute();
      expect(rows.map(({ subject, halts }) => ({ subject, halts }))).toEqual(
        rows.map(() => ({ subject: `${CHAIN_ID} ${wallet.address}`, halts: 0 })),
      );
      return rows.map(({ kind }) => kind);
    },
    hashes: async () => (await attempts()).map(({ hash }) => hash ?? ''),
    async pool() {
      const { pending } = (await send('txpool_content')) as { pending: Record<string, Record<string, unknown>> };
      return Object.values(pending)
        .flatMap((byNonce) => Object.keys(byNonce).map(Number))
        .toSorted((a, b) => a - b);
    },
    nonce: async () => await chain.provider.getTransactionCount(wallet.address),
  };
}
