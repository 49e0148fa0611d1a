import { toQuantity, type JsonRpcProvider } from 'ethers';
import { z } from 'zod';

import { XdmError } from '../core/errors.ts';
import { parseBlockHeader, type BlockHeader } from './blockHeader.ts';
import { EndpointError } from './endpoints/answers.ts';
import { LogRange } from './logRange.ts';
import type { RawLog } from './logs.ts';
import { sendTogether } from './pooledProvider.ts';
import { hash, hex, parseAnswer, request } from './request.ts';
import { toXdmError } from './rpcErrors.ts';

export interface LogFilter {
  readonly address: string | string[];
  /** As `eth_getLogs` takes them: by position, each one topic or any of several. */
  readonly topics: (string | string[] | null)[];
}

/** Logs of blocks, in the order of the chain, and the last of these blocks. */
export interface LogPage {
  readonly logs: readonly RawLog[];
  readonly last: BlockHeader;
}

/** Blocks asked for first where one looks backwards: what is looked for is recent most often. */
const FIRST_RANGE = 1000;
const LARGEST_RANGE = 50_000;

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

/** What each provider's endpoints take. */
const ranges = new WeakMap<JsonRpcProvider, LogRange>();

/**
 * Logs from a block on, as far as the endpoint gives them at once, `toBlock` at most. The last block comes with them from the
 * same node: one that is behind has no logs there, and no such block.
 * @throws {XdmError} `rpc-error` where a single block's logs are refused, or there is no such block; what the endpoint throws
 */
export async function getLogPage(
  provider: JsonRpcProvider,
  filter: LogFilter,
  fromBlock: number,
  toBlock: number,
): Promise<LogPage> {
  const range = ranges.get(provider) ?? new LogRange();
  ranges.set(provider, range);
  const before = range.size;
  for (;;) {
    const blocks = Math.min(range.size, toBlock - fromBlock + 1);
    const last = fromBlock + blocks - 1;
    try {
      const page = await askForPage(provider, filter, { fromBlock, toBlock: last });
      range.noteGiven(blocks, page.logs.length);
      return page;
    } catch (error) {
      if (!(error instanceof Refused) || blocks === 1) {
        // No number of blocks would have been few enough.
        range.restore(before);
        throw error instanceof Refused ? error.error : error;
      }
      range.noteRefused(blocks);
      // Silence takes long: it is asked for less the next time.
      if (error.isSilence) throw error.error;
    }
  }
}

/** The endpoint does not give the logs of a range: it can be too large. */
class Refused extends Error {
  readonly error: XdmError;
  readonly isSilence: boolean;

  constructor(error: XdmError) {
    super(error.message, { cause: error });
    this.error = error;
    this.isSilence = error instanceof EndpointError && error.isSilence;
  }
}

async function askForPage(
  provider: JsonRpcProvider,
  filter: LogFilter,
  { fromBlock, toBlock }: { readonly fromBlock: number; readonly toBlock: number },
): Promise<LogPage> {
  const asked = { ...filter, fromBlock: toQuantity(fromBlock), toBlock: toQuantity(toBlock) };
  let answers: unknown[];
  try {
    answers = await sendTogether(provider, [
      { method: 'eth_getLogs', params: [asked] },
      { method: 'eth_getBlockByNumber', params: [toQuantity(toBlock), false] },
    ]);
  } catch (cause) {
    const error = toXdmError(cause);
    throw isOfRange(error) ? new Refused(error) : error;
  }
  const [logs, block] = answers;
  return {
    logs: parseAnswer('eth_getLogs', logs, logsAnswer),
    last: parseBlockHeader(block, (await provider.getNetwork()).chainId, toBlock),
  };
}

/** Whether it can be for the number of blocks or logs: a node's refusal, an answer that is cut, or none in time. */
function isOfRange(error: XdmError): boolean {
  if (error instanceof EndpointError) return error.isSilence || error.outcome === 'malformed';
  return error.code === 'rpc-error';
}

/**
 * Logs of one block, whose hash says which: a node that does not know it refuses.
 * @throws {XdmError} what the endpoint throws
 */
export async function getBlockLogs(provider: JsonRpcProvider, filter: LogFilter, blockHash: string): Promise<RawLog[]> {
  return await request(provider, 'eth_getLogs', { parameters: [{ ...filter, blockHash }], schema: logsAnswer });
}

/** Logs of a range of blocks, ends included, page after page. */
export async function getLogs(
  provider: JsonRpcProvider,
  filter: LogFilter,
  fromBlock: number,
  toBlock: number,
): Promise<RawLog[]> {
  const logs: RawLog[] = [];
  for (let next = fromBlock; next <= toBlock;) {
    const page = await getLogPage(provider, filter, next, toBlock);
    logs.push(...page.logs);
    next = page.last.number + 1;
  }
  return logs;
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
