import { toQuantity, type JsonRpcProvider } from 'ethers';
import { z } from 'zod';

import { XdmError } from '../core/errors.ts';
import { hash } from './request.ts';
import { toXdmError } from './rpcErrors.ts';

const quantity = z
  .string()
  .regex(/^0x[\da-f]+$/iu, 'not a number')
  .transform(Number);

const schema = z.object({ number: quantity, hash, parentHash: hash, timestamp: quantity });

/** A block's header, as far as it is read here; its timestamp in seconds. */
export type BlockHeader = z.output<typeof schema>;

/** A block that a node names itself, or one by its number. */
export type BlockTag = 'latest' | 'safe' | 'finalized' | number;

/**
 * A block's header, by the word of one node.
 * @throws {XdmError} `rpc-error` where the node has no such block; what the endpoint throws
 */
export async function getBlockHeader(provider: JsonRpcProvider, tag: BlockTag): Promise<BlockHeader> {
  let answer: unknown;
  let chainId: bigint;
  try {
    answer = await provider.send('eth_getBlockByNumber', headerParameters(tag));
    ({ chainId } = await provider.getNetwork());
  } catch (error) {
    throw toXdmError(error);
  }
  return parseBlockHeader(answer, chainId, tag);
}

/** What `eth_getBlockByNumber` takes. */
export function headerParameters(tag: BlockTag): [tag: string, withTransactions: boolean] {
  return [typeof tag === 'number' ? toQuantity(tag) : tag, false];
}

/**
 * A node's answer, which is null where it has no such block.
 * @throws {XdmError} `rpc-error`
 */
export function parseBlockHeader(answer: unknown, chainId: bigint, tag: BlockTag): BlockHeader {
  if (answer === null) {
    throw new XdmError('rpc-error', `the node of chain ${chainId} has no block ${tag}`, {
      hint: 'wait until it is in sync, or ask another node',
    });
  }
  const block = schema.safeParse(answer);
  if (block.success && (typeof tag !== 'number' || block.data.number === tag)) return block.data;
  const problem = block.error?.issues[0]?.message ?? 'it has another number';
  throw new XdmError('rpc-error', `block ${tag} of a node of chain ${chainId} is malformed: ${problem}`, {
    hint: 'ask another node',
  });
}
