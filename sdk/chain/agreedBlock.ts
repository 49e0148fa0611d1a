import type { JsonRpcProvider } from 'ethers';

import { XdmError } from '../core/errors.ts';
import { getBlockHeader, headerParameters, parseBlockHeader, type BlockHeader, type BlockTag } from './blockHeader.ts';
import type { RpcAnswer } from './endpoints/answers.ts';
import type { Endpoint } from './endpoints/endpoint.ts';
import type { EndpointPool } from './endpoints/pool.ts';
import type { RpcCall } from './endpoints/requests.ts';
import { PooledProvider } from './pooledProvider.ts';

/**
 * A block that may be acted on for good. Where several endpoints are given, no single one is trusted for that: two must have
 * it. Of the blocks that two call final the older one counts, and both must have the same there.
 * @throws {XdmError} `rpc-error` where nodes have no such block or differ, `rpc-unreachable` where fewer than two answer
 */
export async function getAgreedBlock(provider: JsonRpcProvider, tag: BlockTag): Promise<BlockHeader> {
  if (!(provider instanceof PooledProvider) || provider.pool.endpoints.length === 1) {
    return await getBlockHeader(provider, tag);
  }
  const { pool } = provider;
  const [first, second] = await askTwo(pool, tag);
  const [older, newer] = first.block.number <= second.block.number ? [first, second] : [second, first];
  const other =
    older.block.number === newer.block.number
      ? newer.block
      : blockOf(pool, await pool.askOne(newer.endpoint, headerRequest(older.block.number)), older.block.number);
  if (other.hash === older.block.hash) return older.block;
  const { number } = older.block;
  const hashes = { [older.endpoint.name]: older.block.hash, [newer.endpoint.name]: other.hash };
  pool.observer.onDispute?.({ chainId: Number(pool.chainId), block: number, hashes });
  throw new XdmError('rpc-error', `endpoints of chain ${pool.chainId} disagree on block ${number}, which is ${tag}`, {
    hint: 'find out which one is wrong, and take it out',
  });
}

interface Word {
  readonly endpoint: Endpoint;
  readonly block: BlockHeader;
}

async function askTwo(pool: EndpointPool, tag: BlockTag): Promise<readonly [Word, Word]> {
  const answers = await pool.askEach(2, headerRequest(tag));
  const [first, second] = answers.map(({ endpoint, answer }) => ({ endpoint, block: blockOf(pool, answer, tag) }));
  if (first !== undefined && second !== undefined) return [first, second];
  const silent = pool.endpoints.filter((known) => answers.every(({ endpoint }) => endpoint !== known));
  const names = silent.map(({ name }) => name).join(', ');
  const what = `no answer from ${names} of chain ${pool.chainId}`;
  throw new XdmError('rpc-unreachable', `${what}: two endpoints must agree on what is ${tag}`, {
    hint: 'give one more that answers, or only one',
  });
}

function headerRequest(tag: BlockTag): RpcCall {
  return { method: 'eth_getBlockByNumber', params: headerParameters(tag) };
}

function blockOf({ chainId }: EndpointPool, answer: RpcAnswer, tag: BlockTag): BlockHeader {
  return parseBlockHeader('result' in answer ? answer.result : null, chainId, tag);
}
