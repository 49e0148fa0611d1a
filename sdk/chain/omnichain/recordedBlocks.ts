import type { JsonRpcProvider } from 'ethers';

import { getLogPage } from '../scanLogs.ts';
import { LIGHT_CLIENT_CALLS } from './contracts.ts';

/** Topic of the log by which a light client says that it knows a block. */
export const RECORDED = LIGHT_CLIENT_CALLS.getEvent('BlockRecorded')!.topicHash;

/** A block by its height. */
export interface BlockOfHeight {
  readonly number: number;
  readonly hash: string;
}

/**
 * The blocks that a light client has recorded meanwhile, by whomever.
 * @param fromBlock of the chain that it is on, the first one that is looked at
 * @throws {XdmError} what the endpoint throws
 */
export async function getRecordedBlocks(
  provider: JsonRpcProvider,
  address: string,
  { fromBlock, toBlock }: { readonly fromBlock: number; readonly toBlock: number },
): Promise<BlockOfHeight[]> {
  const found: BlockOfHeight[] = [];
  for (let next = fromBlock; next <= toBlock;) {
    const { logs, last } = await getLogPage(provider, { address, topics: [RECORDED] }, next, toBlock);
    found.push(...logs.map(({ topics, data }) => ({ number: Number(topics[1]), hash: data })));
    next = last.number + 1;
  }
  return found;
}
