import { id, type HDNodeWallet, type JsonRpcProvider } from 'ethers';

import { rollupLane, type RollupLane } from '../../relayer/lanes/rollup/rollupLane.ts';
import { withWatchtower } from '../../relayer/lanes/rollup/watchtowerSources.ts';
import type { Finality, WatchedChain } from '../../relayer/route.ts';
import { confirm } from '../../relayer/stages/confirm.ts';
import { prove } from '../../relayer/stages/prove.ts';
import { submit } from '../../relayer/stages/submit.ts';
import { newSignals } from '../../relayer/signals.ts';
import { watch } from '../../relayer/stages/watch.ts';
import { TransactionEngine } from '../../relayer/tx/engine.ts';
import { Signers } from '../../relayer/tx/signers.ts';
import { connectLane, disconnect, type LaneClient } from '../../sdk/chain/client.ts';
import { l1MessengerOf, l2MessengerOf } from '../../sdk/chain/contracts.ts';
import { parseSentMessages, type SentMessage } from '../../sdk/chain/logs.ts';
import { waitForReceipt } from '../../sdk/chain/receipts.ts';
import { sleep } from '../../sdk/chain/sleep.ts';
import type { StateBatch } from '../../sdk/chain/stateBatches.ts';
import { mineAt } from './clock.ts';
import { commitBlocks } from './commitBlocks.ts';
import { startLane, type LaneChains } from './lane.ts';
import { listeningLogger, type LogLine } from './logger.ts';
import { startRpcProxy, type RpcProxy } from './rpcProxy.ts';
import { newStore, type TestStore } from './store.ts';

/** A message in the store. */
interface StoredMessage {
  readonly stage: string;
  readonly parkedReason: string | null;
  readonly tries: number;
  readonly nextTryAt: number;
  readonly failureReason: Uint8Array | null;
}

/** A node on a lane, stage by stage: nothing moves unless a test says so. Both chains are behind proxies. */
export interface LaneNode {
  readonly chains: LaneChains;
  /** What the node reads and sends through. */
  readonly client: LaneClient;
  readonly proxies: { readonly l1: RpcProxy; readonly l2: RpcProxy };
  readonly store: TestStore;
  readonly lane: RollupLane;
  /** Relay, as account 5 and what other accounts were asked for. */
  readonly engines: readonly TransactionEngine[];
  /** The first of them. */
  readonly engine: TransactionEngine;
  /** Commits state batches, as account 0. */
  readonly proposer: TransactionEngine;
  readonly lines: LogLine[];
  /** Undoes what happened on both chains, and takes a new store. */
  reset(finality?: Finality): Promise<void>;
  /** As when the node ends and starts. */
  restart(): Promise<void>;
  /** As when it starts with another store. */
  forget(): Promise<void>;
  stop(): Promise<void>;
  /** Reads both chains. */
  read(): Promise<void>;
  prove(): Promise<number>;
  submit(): Promise<number>;
  /** Looks after transactions, reads both chains, settles. */
  confirm(): Promise<void>;
  /** Sends from L2 to L1, and mines a block for each. */
  sendUp(target: string, ...data: string[]): Promise<SentMessage[]>;
  /** Sends from L1 to L2. */
  sendDown(target: string, data: string, value?: bigint): Promise<SentMessage>;
  /** Commits all L2 blocks. */
  commit(): Promise<StateBatch>;
  /** Lets the fraud-proof window of a batch pass. */
  passWindow(batch: StateBatch): Promise<void>;
  /** Looks at all messages now that were set aside. */
  retry(): Promise<void>;
  /** Stage of each message, with the reason where it is set aside; those from L2 first. */
  stages(): Promise<string>;
  message(messageHash: string): Promise<StoredMessage>;
}

const GAS_LIMIT = 200_000n;

/** What a node does. */
export interface LaneNodeOptions {
  /** Whether it reads what the watchtower needs, too. */
  readonly watchtower?: boolean;
  /** Accounts that relay; 5 where none are given. */
  readonly relayers?: readonly number[];
}

/** Starts a lane and a node on it; final is the block two before the newest. */
export async function startLaneNode({ watchtower = false, relayers = [5] }: LaneNodeOptions = {}): Promise<LaneNode> {
  const chains = await startLane(['--slots-in-an-epoch', '1', '--enable-tx-gas-limit']);
  const both = [chains.l1, chains.l2];
  const snapshot = async (): Promise<unknown[]> =>
    await Promise.all(both.map(async ({ provider }) => (await provider.send('evm_snapshot', [])) as unknown));
  let snapshots = await snapshot();
  const [l1, l2] = await Promise.all(both.map(async ({ url }) => await startRpcProxy(url)));
  const proxies = { l1: l1!, l2: l2! };
  const client = await connectLane(chains.lane, { l1RpcUrl: proxies.l1.url, l2RpcUrl: proxies.l2.url });
  let finality: Finality = 'latest';
  let store = await newStore();
  const signals = newSignals();
  let { logger, lines } = listeningLogger();

  const newEngine = (account: number): TransactionEngine =>
    new TransactionEngine({
      provider: client.l1,
      wallet: chains.l1.account(account),
      chainId: 900,
      store,
      logger,
      signals,
      maxFeePerGas: 10n ** 12n,
      rebroadcastAfter: 15_000,
      bumpAfter: 60_000,
    });
  let engines = relayers.map(newEngine);
  let proposer = newEngine(0);
  const newLane = async (): Promise<RollupLane> => {
    const relaying = { signers: new Signers(engines), dataFeePerByte: 0n };
    const plain = await rollupLane(store.db, client, { relaying, isSequencing: true });
    return watchtower ? withWatchtower(client, plain) : plain;
  };
  let lane = await newLane();
  const start = async (): Promise<void> => {
    engines = relayers.map(newEngine);
    proposer = newEngine(0);
    lane = await newLane();
  };
  const watched = (): WatchedChain[] => [
    {
      chainId: 900,
      provider: client.l1,
      finality,
      deployedAt: Number(chains.lane.l1DeployedAt),
      sources: lane.l1Sources,
    },
    {
      chainId: 901,
      provider: client.l2,
      finality,
      deployedAt: Number(chains.lane.l2DeployedAt),
      sources: lane.l2Sources,
    },
  ];
  const read = async (): Promise<void> => {
    for (const chain of watched()) {
      for (let moved = 1; moved > 0;) moved = await watch(chain, { store, logger, signals });
    }
  };
  const user = (side: 'l1' | 'l2'): HDNodeWallet => chains[side].account(4);

  return {
    chains,
    client,
    proxies,
    read,
    get store() {
      return store;
    },
    get lane() {
      return lane;
    },
    get engines() {
      return engines;
    },
    get engine() {
      return engines[0]!;
    },
    get proposer() {
      return proposer;
    },
    get lines() {
      return lines;
    },
    async reset(next = 'latest') {
      finality = next;
      for (const proxy of Object.values(proxies)) proxy.fault = () => undefined;
      await store.remove();
      await Promise.all(both.map(async ({ provider }, side) => await provider.send('evm_revert', [snapshots[side]])));
      snapshots = await snapshot();
      store = await newStore();
      ({ logger, lines } = listeningLogger());
      await start();
    },
    async restart() {
      store = await store.reopen();
      await start();
    },
    async forget() {
      await store.remove();
      store = await newStore();
      await start();
    },
    async stop() {
      disconnect(client);
      await store.remove();
      await Promise.all([proxies.l1.stop(), proxies.l2.stop()]);
      await chains.stop();
    },
    prove: async () => await prove(lane.l2ToL1, { store, logger, signals }),
    submit: async () => await submit(lane.l2ToL1, { store, logger, signals }),
    async confirm() {
      await mined(chains.l1.provider);
      await read();
      for (const engine of engines) await engine.advance();
      await confirm(lane.l2ToL1, { store, logger, signals });
      await confirm(lane.l1ToL2, { store, logger, signals });
    },
    async sendUp(target, ...data) {
      const messenger = l2MessengerOf(chains.lane, user('l2'));
      const sent: SentMessage[] = [];
      for (const each of data) {
        const { hash } = await messenger.sendMessage(target, each, GAS_LIMIT);
        const { logs } = await waitForReceipt(chains.l2.provider, hash);
        sent.push(...parseSentMessages(logs, chains.lane.l2Messenger));
      }
      return sent;
    },
    async sendDown(target, data, value = 0n) {
      const messenger = l1MessengerOf(chains.lane, user('l1'));
      const { hash } = await messenger.sendMessage(target, data, GAS_LIMIT, { value });
      const { logs } = await waitForReceipt(chains.l1.provider, hash);
      return parseSentMessages(logs, chains.lane.l1Messenger)[0]!;
    },
    commit: async () => await commitBlocks(chains.client, chains.l1.account(0)),
    async passWindow(batch) {
      const latest = await chains.l1.provider.getBlock('latest');
      const end = batch.timestamp + chains.lane.fraudProofWindow;
      await mineAt(chains.l1.provider, BigInt(latest!.timestamp) < end ? end : BigInt(latest!.timestamp + 1));
    },
    async retry() {
      await store.db.updateTable('messages').set({ nextTryAt: 0 }).execute();
    },
    async stages() {
      const rows = await store.db
        .selectFrom('messages')
        .selectAll()
        .orderBy('routeId', 'desc')
        .orderBy('counter')
        .execute();
      return rows
        .map(({ stage, parkedReason }) => (parkedReason === null ? stage : `${stage} (${parkedReason})`))
        .join(' ');
    },
    async message(messageHash) {
      const rows = await store.db.selectFrom('messages').selectAll().execute();
      return rows.find((row) => `0x${Buffer.from(row.messageHash).toString('hex')}` === messageHash)!;
    },
  };
}

/** Waits until a chain that mines by itself has mined what it was sent: anvil answers before it has. */
export async function mined(provider: JsonRpcProvider): Promise<void> {
  if (!((await provider.send('anvil_getAutomine', [])) as boolean)) return;
  for (let looks = 0; looks < 100; looks++) {
    const { pending } = (await provider.send('txpool_status', [])) as { pending: string };
    if (Number(pending) === 0) return;
    await sleep(20);
  }
}

/** Calldata of a Recorder. */
export function recordCall(label: number): string {
  return id('record(bytes32,bytes32,bytes32,bytes32)').slice(0, 10) + id(`${label}`).slice(2).repeat(4);
}
