import type { JsonRpcProvider } from 'ethers';

import type { LaneClient } from '../chain/client.ts';
import { l1MessengerOf, queueOf, stateCommitmentChainOf } from '../chain/contracts.ts';
import type { LaneMessage } from '../chain/messages.ts';
import { toXdmError } from '../chain/rpcErrors.ts';
import { getStateBatch } from '../chain/stateBatches.ts';
import { decodeNonce } from '../core/message.ts';

/** How far a chain is. */
interface ChainClock {
  readonly head: number;
  /** Of the head, seconds. */
  readonly timestamp: number;
  /** Last block that cannot be dropped, by the node's own word; undefined where it has none. */
  readonly final: number | undefined;
}

/** The state batch that covers a message from L2. */
interface BatchClock {
  readonly index: bigint;
  /** L2 blocks whose state roots it holds, ends included. */
  readonly firstBlock: bigint;
  readonly lastBlock: bigint;
  /** L1's timestamp, seconds. */
  readonly committedAt: bigint;
}

/** What both chains say that a message waits for. */
export interface MessageClocks {
  /** The chain that it was sent from. */
  readonly source: ChainClock;
  readonly l1: ChainClock;
  /** Whether the guardian has paused relaying on L1: of a message from L1 nothing waits for that. */
  readonly isPaused: boolean;
  /** From L2: the batch, or while there is none the first L2 block that no batch covers. */
  readonly batch?: BatchClock | undefined;
  readonly nextBlock?: bigint | undefined;
  /** From L1: position in the queue from 0, and elements in it. */
  readonly queueIndex?: bigint | undefined;
  readonly queueLength?: bigint | undefined;
}

/**
 * Reads every clock that a message's delivery depends on.
 * @throws {XdmError} what the endpoints throw
 */
export async function getClocks(client: LaneClient, sent: LaneMessage): Promise<MessageClocks> {
  const { lane, l1 } = client;
  try {
    const [source, onL1, isPaused, own] = await Promise.all([
      readClock(client[sent.fromChain]),
      readClock(l1),
      l1MessengerOf(lane, l1).paused(),
      sent.fromChain === 'l2' ? batchClock(client, sent) : queueClock(client, sent),
    ]);
    return { source, l1: onL1, isPaused, ...own };
  } catch (error) {
    throw toXdmError(error);
  }
}

async function readClock(provider: JsonRpcProvider): Promise<ChainClock> {
  const [head, final] = await Promise.all([
    provider.getBlock('latest'),
    // Not every chain has such a block.
    provider.getBlock('finalized').catch(() => null),
  ]);
  return { head: head?.number ?? 0, timestamp: head?.timestamp ?? 0, final: final?.number };
}

async function batchClock(
  client: LaneClient,
  { blockNumber }: LaneMessage,
): Promise<Pick<MessageClocks, 'batch' | 'nextBlock'>> {
  const { startBlock } = client.lane;
  const [batch, total] = await Promise.all([
    getStateBatch(client, BigInt(blockNumber)),
    stateCommitmentChainOf(client.lane, client.l1).getTotalElements(),
  ]);
  if (batch === undefined) return { nextBlock: startBlock + total };
  const firstBlock = startBlock + batch.prevTotalElements;
  const lastBlock = firstBlock + batch.batchSize - 1n;
  return { batch: { index: batch.batchIndex, firstBlock, lastBlock, committedAt: batch.timestamp } };
}

async function queueClock(
  { lane, l1 }: LaneClient,
  { message }: LaneMessage,
): Promise<Pick<MessageClocks, 'queueIndex' | 'queueLength'>> {
  // A message's nonce counts as the queue does.
  return {
    queueIndex: decodeNonce(message.nonce).counter,
    queueLength: await queueOf(lane, l1).getQueueLength(),
  };
}
