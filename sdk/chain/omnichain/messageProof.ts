import { concat } from 'ethers';

import { XdmError } from '../../core/errors.ts';
import { receiptKey } from '../../core/omnichain/receipt.ts';
import type { LogPosition } from '../logs.ts';
import { headerEncoder, type ConnectedChain } from './client.ts';
import { getProvableBlock, type ProvableBlock } from './provableBlock.ts';

/** What a service takes to see a log of another chain's service. */
export interface MessageProof {
  /** Block that the destination's light client must know. */
  readonly blockNumber: number;
  readonly blockHash: string;
  /** Header, index and nodes of the receipt, packed as `ReceiptProof` reads them; hex. */
  readonly proof: string;
  /** Position of the log in its receipt, from 0. */
  readonly logIndex: number;
}

/**
 * The block of a log, with all that is proven of it.
 * @throws {XdmError} `rpc-error`, `proof-invalid`, and what the endpoint throws
 */
export async function getBlockOf(chain: ConnectedChain, { blockHash }: LogPosition): Promise<ProvableBlock> {
  return await getProvableBlock(chain.provider, blockHash, headerEncoder(chain.headers));
}

/**
 * Proves a log of a block. What comes out was verified against the block's hash.
 * @throws {XdmError} `proof-invalid` where the block has no such transaction, or that has no such log
 */
export async function proveLog(block: ProvableBlock, log: LogPosition): Promise<MessageProof> {
  const transactionIndex = block.transactions.indexOf(log.transactionHash);
  const before = block.logCounts.slice(0, Math.max(0, transactionIndex)).reduce((sum, count) => sum + count, 0);
  const logIndex = log.logIndex - before;
  const count = block.logCounts[transactionIndex] ?? 0;
  if (transactionIndex === -1 || logIndex < 0 || logIndex >= count) {
    throw new XdmError(
      'proof-invalid',
      `log ${log.logIndex} of block ${block.hash} is none of transaction ${log.transactionHash}`,
      { hint: 'read the log again: its block may have been dropped' },
    );
  }
  const nodes = await block.receipts.prove(transactionIndex);
  const proof = concat([block.header, receiptKey(transactionIndex), nodes]);
  return { blockNumber: block.number, blockHash: block.hash, proof, logIndex };
}
