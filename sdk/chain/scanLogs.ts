import { toQuantity, type JsonRpcProvider } from 'ethers';
import { z } from 'zod';

import { XdmError } from '../core/errors.ts';
import type { RawLog } from './logs.ts';
import { hash, hex, request } from './request.ts';
import { toXdmError } from './rpcErrors.ts';

export interface LogFilter {
  readonly address: string | string[];
  /** As `eth_getLogs` takes them: by position, each one topic or any of several. */
  readonly topics: (string | string[] | null)[];
}

const quantity = z
  .string()
  .regex(/^0x[\da-f]{1,13}$/iu, 'no number')
  .transform(Number);

/** What is read of a log. A pending one has no block, and is in none that is asked for. */
const logsAnswer = z.array(
  z
    .object({
      address: z.string().regex(/^0x[\da-f]{40}$/iu, 'no address'),
      topics: z.array(hash),
      data: hex,
      blockNumber: quantity,
      blockHash: hash,
      transactionHash: hash,
      logIndex: quantity,
    })
    .transform(({ logIndex, ...log }): RawLog => ({ ...log, index: logIndex })),
);

/** Logs of one block, whose hash says which. */
export async function getBlockLogs(provider: JsonRpcProvider, filter: LogFilter, blockHash: string): Promise<RawLog[]> {
  return await request(provider, 'eth_getLogs', { parameters: [{ ...filter, blockHash }], schema: logsAnswer });
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
): Promise<RawLog[]> {
  if (fromBlock > toBlock) return [];
  try {
    const range = { fromBlock: toQuantity(fromBlock), toBlock: toQuantity(toBlock) };
    return await request(provider, 'eth_getLogs', { parameters: [{ ...filter, ...range }], schema: logsAnswer });
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
): AsyncGenerator<RawLog[]> {
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
