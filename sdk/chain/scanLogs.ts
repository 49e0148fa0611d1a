import type { JsonRpcProvider, Log } from 'ethers';

import { XdmError } from '../core/errors.ts';
import { toXdmError } from './rpcErrors.ts';

export interface LogFilter {
  readonly address: string | string[];
  /** As `eth_getLogs` takes them: by position, each one topic or any of several. */
  readonly topics: (string | string[] | null)[];
}

/** Blocks asked for first, and at most; what is looked for is recent most often. */
const FIRST_RANGE = 1000;
const LARGEST_RANGE = 50_000;

/** Logs of a range of blocks, ends included; a range that is refused is asked for in halves. */
export async function getLogs(
  provider: JsonRpcProvider,
  filter: LogFilter,
  fromBlock: number,
  toBlock: number,
): Promise<Log[]> {
  if (fromBlock > toBlock) return [];
  try {
    return await provider.getLogs({ ...filter, fromBlock, toBlock });
  } catch (cause) {
    const error = toXdmError(cause);
    if (error.code !== 'rpc-error' || fromBlock === toBlock) throw error;
    const middle = Math.floor((fromBlock + toBlock) / 2);
    const before = await getLogs(provider, filter, fromBlock, middle);
    return [...before, ...(await getLogs(provider, filter, middle + 1, toBlock))];
  }
}

/**
 * Reads logs from the newest block back to `fromBlock`, so that who looks for something recent need not read all. Each
 * step yields the logs of one range, in the order of the chain.
 * @throws {XdmError} `rpc-unreachable`, `rpc-error`
 */
export async function* scanLogsBackwards(
  provider: JsonRpcProvider,
  filter: LogFilter,
  fromBlock: number,
): AsyncGenerator<Log[]> {
  let toBlock: number;
  try {
    toBlock = await provider.getBlockNumber();
  } catch (cause) {
    throw toXdmError(cause);
  }
  if (toBlock < fromBlock) {
    throw new XdmError('wrong-chain', `the chain ends with block ${toBlock}, the lane was deployed at ${fromBlock}`, {
      hint: 'check that the deployment file belongs to this chain',
    });
  }
  let range = FIRST_RANGE;
  for (let end = toBlock; end >= fromBlock;) {
    const start = Math.max(fromBlock, end - range + 1);
    yield await getLogs(provider, filter, start, end);
    end = start - 1;
    range = Math.min(2 * range, LARGEST_RANGE);
  }
}
