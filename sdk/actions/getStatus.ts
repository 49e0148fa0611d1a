import type { LaneClient } from '../chain/client.ts';
import { findAttempts, readDelivery, type DeliveryAttempt, type DeliveryRecord } from '../chain/deliveries.ts';
import type { LaneMessage } from '../chain/messages.ts';
import { describeRevert } from '../chain/reverts.ts';
import { l1MessengerOf } from '../chain/contracts.ts';
import { toXdmError } from '../chain/rpcErrors.ts';
import { getStateBatches } from '../chain/stateBatches.ts';
import type { Side } from '../core/deployment.ts';
import { readyAt, statusOf, type MessageStatus } from '../core/status.ts';

/** Where a message stands. */
export interface MessageState {
  readonly status: MessageStatus;
  /** Timestamp of the block it was sent in, seconds. */
  readonly sentAt: bigint;
  /** From L2: first L1 timestamp, seconds, at which it can be relayed; undefined while no batch covers it. */
  readonly readyAt: bigint | undefined;
  /** L1's timestamp, seconds, that the status is of. */
  readonly l1Timestamp: bigint;
  /** Whether it waits for the end of a pause, too: from L2, not delivered yet, and the guardian has paused relaying on L1. */
  readonly isPaused: boolean;
  /** Who made the latest attempt to deliver it. */
  readonly relayer: string | undefined;
  /** Transaction of the latest attempt to deliver it. */
  readonly relayTransactionHash: string | undefined;
  /** Messages that this transaction delivered, or tried to: 1, or more in a batch. */
  readonly batchSize: number | undefined;
  /** Why the latest attempt failed. */
  readonly failureReason: string | undefined;
  /** The target's revert data in it, hex: its first 256 bytes. */
  readonly failureData: string | undefined;
}

/**
 * Reads from both chains where a message stands.
 * @throws {XdmError} what the endpoints throw
 */
export async function getStatus(client: LaneClient, sent: LaneMessage): Promise<MessageState> {
  const [state] = await getStatuses(client, [sent]);
  return state as MessageState;
}

/**
 * Reads from both chains where messages stand, and what they share once: a thousand take little longer than one.
 * @returns in the order of the messages
 * @throws {XdmError} what the endpoints throw
 */
export async function getStatuses(client: LaneClient, messages: readonly LaneMessage[]): Promise<MessageState[]> {
  try {
    const fromL2 = messages.filter(({ fromChain }) => fromChain === 'l2');
    const [timestamps, records, batches, l1Timestamp, isPaused] = await Promise.all([
      readTimestamps(client, messages),
      Promise.all(messages.map(async (sent) => await readDelivery(client, sent))),
      getStateBatches(
        client,
        fromL2.map(({ blockNumber }) => BigInt(blockNumber)),
      ),
      timestampOfNow(client),
      fromL2.length > 0 && l1MessengerOf(client.lane, client.l1).paused(),
    ]);
    const attempted = messages.map((sent, position) => ({ sent, record: records[position] as DeliveryRecord }));
    const attempts = {
      l1: await readAttempts(client, 'l1', attempted),
      l2: await readAttempts(client, 'l2', attempted),
    };
    return attempted.map(({ sent, record }) => {
      const batchTimestamp = batches.get(BigInt(sent.blockNumber))?.timestamp;
      return stateOf(sent, {
        sentAt: timestamps.get(sent.blockHash),
        record,
        attempt: attempts[sent.fromChain].get(sent.messageHash),
        isPaused,
        facts: { batchTimestamp, fraudProofWindow: client.lane.fraudProofWindow, l1Timestamp },
      });
    });
  } catch (error) {
    throw toXdmError(error);
  }
}

/** What both chains say of a message. */
interface Answers {
  /** Seconds; undefined where the block is gone that it was sent in. */
  readonly sentAt: bigint | undefined;
  readonly record: DeliveryRecord;
  readonly attempt: DeliveryAttempt | undefined;
  /** Relaying on L1. */
  readonly isPaused: boolean;
  readonly facts: {
    readonly batchTimestamp: bigint | undefined;
    readonly fraudProofWindow: bigint;
    readonly l1Timestamp: bigint;
  };
}

function stateOf({ fromChain }: LaneMessage, { sentAt, record, attempt, isPaused, facts }: Answers): MessageState {
  const { delivery, relayer } = record;
  const reason = delivery === 'failed' ? attempt?.reason : undefined;
  return {
    status: statusOf({ fromChain, isSent: sentAt !== undefined, delivery, ...facts }),
    sentAt: sentAt ?? 0n,
    readyAt: fromChain === 'l2' ? readyAt(facts) : undefined,
    l1Timestamp: facts.l1Timestamp,
    isPaused: isPaused && fromChain === 'l2' && delivery !== 'relayed',
    relayer: delivery === 'unattempted' ? undefined : relayer,
    relayTransactionHash: attempt?.transactionHash,
    batchSize: attempt?.batchSize,
    failureReason: reason === undefined ? undefined : describeRevert(reason),
    failureData: reason,
  };
}

/** Timestamps, seconds, of the blocks that messages were sent in, by hash; none of those that the chain has dropped. */
async function readTimestamps(client: LaneClient, messages: readonly LaneMessage[]): Promise<Map<string, bigint>> {
  const sides = new Map(messages.map(({ blockHash, fromChain }) => [blockHash, fromChain]));
  const read = [...sides].map(async ([hash, side]) => ({ hash, block: await client[side].getBlock(hash) }));
  const blocks = await Promise.all(read);
  return new Map(blocks.flatMap(({ hash, block }) => (block === null ? [] : [[hash, BigInt(block.timestamp)]])));
}

/** The latest attempts to deliver the messages from one chain, by message hash. */
async function readAttempts(
  client: LaneClient,
  fromChain: Side,
  messages: readonly { readonly sent: LaneMessage; readonly record: DeliveryRecord }[],
): Promise<Map<string, DeliveryAttempt>> {
  const attempted = messages
    .filter(({ sent, record }) => sent.fromChain === fromChain && record.delivery !== 'unattempted')
    .map(({ sent, record }) => ({ messageHash: sent.messageHash, blockNumber: record.blockNumber }));
  return await findAttempts(client, fromChain, attempted);
}

/** The timestamp that a transaction sent now would see, as the node expects it. */
async function timestampOfNow({ l1 }: LaneClient): Promise<bigint> {
  const block = (await l1.getBlock('pending')) ?? (await l1.getBlock('latest'));
  return BigInt(block?.timestamp ?? 0);
}
