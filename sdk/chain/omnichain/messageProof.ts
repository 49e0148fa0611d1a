import { XdmError } from '../../core/errors.ts';
import { packReceiptProof, readReceiptProof } from '../../core/omnichain/receiptProof.ts';
import type { LogPosition } from '../logs.ts';
import { byAnyNode } from './anyNode.ts';
import { headerEncoder, type ConnectedChain } from './client.ts';
import { OMNICHAIN_TOPICS } from './logs.ts';
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
  const encode = headerEncoder(chain.headers);
  return await byAnyNode(chain, async ({ provider }) => await getProvableBlock(provider, blockHash, encode));
}

/** A message by the log that is proven. */
interface LoggedOrder extends LogPosition {
  readonly orderId: string;
}

/**
 * Proves a message's log, and reads the proof by the rules of the contract before it is given away: it must show that this chain's
 * service has logged the message in this block.
 * @throws {XdmError} `proof-invalid` where the block has no such transaction, that has no such log, or the log is another one
 */
export async function proveMessage(
  { service }: ConnectedChain,
  block: ProvableBlock,
  order: LoggedOrder,
): Promise<MessageProof> {
  const { transactionIndex, logIndex } = positionIn(block, order);
  const nodes = await block.receipts.prove(transactionIndex);
  const proof = packReceiptProof({ header: block.header, transactionIndex, nodes });
  const { blockHash, blockNumber, logs } = readReceiptProof(proof);
  const log = logs[logIndex];
  const isOfBlock = blockHash === order.blockHash && blockNumber === BigInt(order.blockNumber);
  const isOut = log?.address === service.toLowerCase() && log.topics[0] === OMNICHAIN_TOPICS.messageOut;
  // The order id is the first word, and binds all the rest.
  if (isOfBlock && isOut && log.data.startsWith(order.orderId)) {
    return { blockNumber: block.number, blockHash, proof, logIndex };
  }
  throw invalid(`its log ${order.logIndex} does not show message ${order.orderId}`, block);
}

/** The receipt's place in the block, and the log's in the receipt. */
function positionIn(
  block: ProvableBlock,
  log: LogPosition,
): { readonly transactionIndex: number; readonly logIndex: number } {
  const transactionIndex = block.transactions.indexOf(log.transactionHash);
  const before = block.logCounts.slice(0, Math.max(0, transactionIndex)).reduce((sum, count) => sum + count, 0);
  const logIndex = log.logIndex - before;
  const count = block.logCounts[transactionIndex] ?? 0;
  const isThere = transactionIndex !== -1 && logIndex >= 0 && logIndex < count;
  if (isThere) return { transactionIndex, logIndex };
  throw invalid(`its log ${log.logIndex} is none of transaction ${log.transactionHash}`, block);
}

function invalid(problem: string, { hash }: ProvableBlock): XdmError {
  return new XdmError('proof-invalid', `nothing is proven from block ${hash}: ${problem}`, {
    hint: 'read the message again: its block may have been dropped',
  });
}
