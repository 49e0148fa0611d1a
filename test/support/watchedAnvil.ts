import { toBeHex, type JsonRpcProvider } from 'ethers';

import type { LogSource, WatchedChain } from '../../relayer/route.ts';
import { newSignals, type Signals } from '../../relayer/signals.ts';
import { watch } from '../../relayer/stages/watch.ts';
import { readCursor } from '../../relayer/store/blocks.ts';
import { recordSent } from '../../relayer/store/messages.ts';
import { l2MessengerOf } from '../../sdk/chain/contracts.ts';
import { parseSentMessages, TOPICS } from '../../sdk/chain/logs.ts';
import { connect } from '../../sdk/chain/rpc.ts';
import type { Chain } from './chain.ts';
import { newRoute } from './events.ts';
import { startLane } from './lane.ts';
import { listeningLogger, type LogLine } from './logger.ts';
import { startRpcProxy, type RpcProxy } from './rpcProxy.ts';
import { newStore, type TestStore } from './store.ts';

/** Chain id of the chain that is watched: a lane's L2, whose messages are read. */
export const CHAIN_ID = 901;

/** Blocks that the chain's final block lags behind its newest. */
export const FINALITY_LAG = 16;

/** A chain that mines when it is told to, a proxy in front of it, and what `watch` needs. */
export interface WatchedAnvil {
  readonly chain: Chain;
  readonly proxy: RpcProxy;
  /** What was said since the last reset. */
  readonly lines: LogLine[];
  readonly watched: WatchedChain;
  /** What happens in the passes. */
  readonly signals: Signals;
  readonly store: TestStore;
  /** Undoes what happened on the chain, and takes a new store. */
  reset(): Promise<void>;
  /** Closes the store and opens it again, as when the node ends and starts. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  /** Mines a block with messages, each of which carries its label. */
  send(...labels: number[]): Promise<void>;
  mine(blocks: number): Promise<void>;
  /** Drops the newest blocks; what was in them is gone. */
  drop(blocks: number): Promise<void>;
  /** One pass. */
  pass(chain?: WatchedChain): Promise<number>;
  /** Passes until nothing is left to read. */
  read(chain?: WatchedChain): Promise<void>;
  /** Labels of the messages that the store has, with their blocks after the start; dropped ones in brackets. */
  stored(): Promise<string>;
  /** The same of what the chain has now. */
  onChain(): Promise<string>;
  /** Where reading has got to, and what of it is final, in blocks after the start. */
  cursor(): Promise<{ at: number; final: number } | undefined>;
  /** The signed transactions of the newest blocks, in order. */
  rawTransactions(blocks: number): Promise<string[]>;
  /** Number of a block after the start, as nodes take it. */
  block(number: number): string;
}

export async function startWatchedAnvil(): Promise<WatchedAnvil> {
  const chains = await startLane(['--slots-in-an-epoch', `${FINALITY_LAG / 2}`]);
  const chain = chains.l2;
  const address = chains.lane.l2Messenger;
  const mine = async (blocks: number): Promise<void> => {
    await chain.provider.send('anvil_mine', [toBeHex(blocks)]);
  };
  await chain.provider.send('evm_setAutomine', [false]);
  await mine(30);
  let fresh: unknown = await chain.provider.send('evm_snapshot', []);
  const proxy = await startRpcProxy(chain.url);
  const provider = await connect(proxy.url, { name: 'L2' });
  const deployedAt = await chain.provider.getBlockNumber();
  let store = await newStore();
  const signals = newSignals();
  let { logger, lines } = listeningLogger();
  let watched = watchedChain(provider, { address, deployedAt, route: await newRoute(store.db) });

  const pass = async (other = watched): Promise<number> => await watch(other, { store, logger, signals });
  return {
    chain,
    proxy,
    mine,
    pass,
    signals,
    get lines() {
      return lines;
    },
    get watched() {
      return watched;
    },
    get store() {
      return store;
    },
    async reset() {
      proxy.fault = () => undefined;
      await store.remove();
      await chain.provider.send('evm_revert', [fresh]);
      fresh = await chain.provider.send('evm_snapshot', []);
      store = await newStore();
      ({ logger, lines } = listeningLogger());
      watched = watchedChain(provider, { address, deployedAt, route: await newRoute(store.db) });
    },
    async restart() {
      store = await store.reopen();
    },
    async stop() {
      provider.destroy();
      await store.remove();
      await proxy.stop();
      await chains.stop();
    },
    async send(...labels) {
      const messenger = l2MessengerOf(chains.lane, chain.account(1));
      const gas = { gasLimit: 300_000 };
      for (const label of labels) await messenger.sendMessage(chain.account(2).address, toBeHex(label), 100_000n, gas);
      await mine(1);
    },
    async drop(blocks) {
      await chain.provider.send('anvil_rollback', [blocks]);
    },
    async read(other) {
      for (let moved = 1; moved > 0;) moved = await pass(other);
    },
    stored: async () => await storedMessages(store, deployedAt),
    async onChain() {
      const logs = await chain.provider.getLogs({ address, fromBlock: deployedAt + 1, toBlock: 'latest' });
      const sent = parseSentMessages(logs, address);
      return sent.map(({ message, blockNumber }) => `${Number(message.data)}@${blockNumber - deployedAt}`).join(' ');
    },
    async cursor() {
      const found = await readCursor(store.db, CHAIN_ID);
      if (found === undefined) return undefined;
      return { at: found.number - deployedAt, final: found.finalNumber - deployedAt };
    },
    async rawTransactions(blocks) {
      const head = await chain.provider.getBlockNumber();
      const numbers = Array.from({ length: blocks }, (_, index) => toBeHex(head - blocks + 1 + index));
      const found = await Promise.all(
        numbers.map(
          async (number) =>
            (await chain.provider.send('eth_getRawTransactionByBlockNumberAndIndex', [number, '0x0'])) as string,
        ),
      );
      return found;
    },
    block: (number) => `0x${(deployedAt + number).toString(16)}`,
  };
}

function watchedChain(
  provider: JsonRpcProvider,
  { address, deployedAt, route }: { readonly address: string; readonly deployedAt: number; readonly route: number },
): WatchedChain {
  const source: LogSource = {
    address,
    topics: [TOPICS.sentMessage, TOPICS.sentMessageExtension1],
    async record(db, logs) {
      await recordSent(db, { routeId: route, chainId: CHAIN_ID }, parseSentMessages(logs, address));
    },
  };
  return { chainId: CHAIN_ID, provider, finality: 'finalized', deployedAt, sources: [source] };
}

async function storedMessages({ db }: TestStore, deployedAt: number): Promise<string> {
  const rows = await db.selectFrom('messages').select(['data', 'blockNumber', 'orphaned']).orderBy('id').execute();
  const texts = rows.map(({ data, blockNumber, orphaned }) => {
    const place = `${data[0] ?? ''}@${blockNumber - deployedAt}`;
    return orphaned === 1 ? `(${place})` : place;
  });
  return texts.join(' ');
}
