import { JsonRpcProvider } from 'ethers';

import { sleep } from '../sdk/chain/sleep.ts';

/** Mines the blocks of a chain. */
export interface Miner {
  /** Does something to the chain while no block is mined. Anvil loses blocks that are mined while it drops others. */
  betweenBlocks<Result>(work: () => Promise<Result>): Promise<Result>;
  stop(): void;
}

/** How often a miner looks for what waits to be mined, in milliseconds. */
interface MinerPace {
  readonly idle: number;
  /** While one transaction follows the other. */
  readonly busy: number;
}

const PACE: MinerPace = { idle: 10, busy: 1 };

/** Milliseconds after a transaction in which another one is likely to follow. */
const BUSY_MS = 200;

/**
 * Mines a block whenever transactions wait, and when there was none for a while, so that the chain's time goes on. Anvil's own ways
 * to do so, automatic and mixed mining, can take a transaction into two blocks, if another one arrives while it is mined: it is
 * still in the pool then. A deposit has no nonce that would prevent it, and the logs of its first execution are lost. Here one block
 * is finished before the next one begins.
 * @param url of a chain that does not mine by itself
 * @param seconds without a transaction after which there is a block without one
 */
export function startMiner(url: string, seconds: number, pace = PACE): Miner {
  // Without batches, ethers asks at once.
  const provider = new JsonRpcProvider(url, undefined, { batchMaxCount: 1, cacheTimeout: -1, staticNetwork: true });
  const stopping = new AbortController();
  let minedAt = performance.now();
  let busyUntil = 0;
  /** Transactions in the pool that no block takes now, such as those that pay too little. */
  let left = 0;
  const look = async (): Promise<void> => {
    const { pending } = (await provider.send('txpool_status', [])) as { readonly pending: string };
    const waiting = Number(pending);
    const isIdle = performance.now() - minedAt >= seconds * 1000;
    if ((waiting === 0 || waiting === left) && !isIdle) return;
    await provider.send('evm_mine', []);
    const taken = (await provider.send('eth_getBlockTransactionCountByNumber', ['latest'])) as string;
    left = Number(taken) === 0 ? waiting : 0;
    if (Number(taken) > 0) busyUntil = performance.now() + BUSY_MS;
    minedAt = performance.now();
  };
  /** Ends when what is done to the chain does. */
  let turn: Promise<unknown> = Promise.resolve();
  const betweenBlocks = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return await done;
  };
  const mine = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      // A chain that has ended is noticed by whoever started it.
      await betweenBlocks(look).catch(() => undefined);
      await sleep(performance.now() < busyUntil ? pace.busy : pace.idle);
    }
  };
  void mine();
  return {
    betweenBlocks,
    stop() {
      stopping.abort();
      provider.destroy();
    },
  };
}
