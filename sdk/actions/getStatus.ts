import type { LaneClient } from '../chain/client.ts';
import { otherSide } from '../chain/client.ts';
import { l1MessengerOf, l2MessengerOf } from '../chain/contracts.ts';
import { parseDeliveries, TOPICS, type DeliveryEvent } from '../chain/logs.ts';
import { messengerAddress, type LaneMessage } from '../chain/messages.ts';
import { describeRevert } from '../chain/reverts.ts';
import { sleep } from '../chain/sleep.ts';
import { toXdmError } from '../chain/rpcErrors.ts';
import { getStateBatch } from '../chain/stateBatches.ts';
import { readyAt, statusOf, type DeliveryStatus, type MessageStatus } from '../core/status.ts';

/** Where a message stands. */
export interface MessageState {
  readonly status: MessageStatus;
  /** Timestamp of the block it was sent in, seconds. */
  readonly sentAt: bigint;
  /** From L2: first L1 timestamp, seconds, at which it can be relayed; undefined while no batch covers it. */
  readonly readyAt: bigint | undefined;
  /** L1's timestamp, seconds, that the status is of. */
  readonly l1Timestamp: bigint;
  /** Who made the latest attempt to deliver it. */
  readonly relayer: string | undefined;
  /** Transaction of the latest attempt to deliver it. */
  readonly relayTransactionHash: string | undefined;
  /** Why the latest attempt failed. */
  readonly failureReason: string | undefined;
}

/** How often an attempt's event is looked for: a node can know a block's state a moment before its logs. */
const LOOKS = 3;
const LOOK_INTERVAL_MS = 50;

const DELIVERY_STATUSES: readonly DeliveryStatus[] = ['unattempted', 'failed', 'relayed'];

/**
 * Reads from both chains where a message stands.
 * @throws {XdmError} what the endpoints throw
 */
export async function getStatus(client: LaneClient, sent: LaneMessage): Promise<MessageState> {
  const { lane } = client;
  try {
    const [block, record, batch, l1Timestamp] = await Promise.all([
      client[sent.fromChain].getBlock(sent.blockHash),
      readDelivery(client, sent),
      sent.fromChain === 'l2' ? getStateBatch(client, BigInt(sent.blockNumber)) : undefined,
      timestampOfNow(client),
    ]);
    const facts = { batchTimestamp: batch?.timestamp, fraudProofWindow: lane.fraudProofWindow };
    const { fromChain } = sent;
    const attempt = record.delivery === 'unattempted' ? undefined : await findAttempt(client, sent, record.blockNumber);
    return {
      status: statusOf({ fromChain, isSent: block !== null, delivery: record.delivery, l1Timestamp, ...facts }),
      sentAt: BigInt(block?.timestamp ?? 0),
      readyAt: fromChain === 'l2' ? readyAt(facts) : undefined,
      l1Timestamp,
      relayer: record.delivery === 'unattempted' ? undefined : record.relayer,
      relayTransactionHash: attempt?.transactionHash,
      failureReason:
        record.delivery === 'failed' && attempt?.reason !== undefined ? describeRevert(attempt.reason) : undefined,
    };
  } catch (error) {
    throw toXdmError(error);
  }
}

interface DeliveryRecord {
  readonly delivery: DeliveryStatus;
  readonly relayer: string;
  readonly blockNumber: number;
}

async function readDelivery({ lane, l1, l2 }: LaneClient, sent: LaneMessage): Promise<DeliveryRecord> {
  const messenger = sent.fromChain === 'l1' ? l2MessengerOf(lane, l2) : l1MessengerOf(lane, l1);
  const { status, relayer, blockNumber } = await messenger.delivery(sent.messageHash);
  return { delivery: DELIVERY_STATUSES[Number(status)] ?? 'unattempted', relayer, blockNumber: Number(blockNumber) };
}

/** The latest attempt's event: the messenger recorded the block it stands in. */
async function findAttempt(client: LaneClient, sent: LaneMessage, block: number): Promise<DeliveryEvent | undefined> {
  const side = otherSide(sent.fromChain);
  const address = messengerAddress(client, side);
  const topics = [[TOPICS.relayedMessage, TOPICS.failedRelayedMessage, TOPICS.failureReason], sent.messageHash];
  for (let look = 0; look < LOOKS; look++) {
    const logs = await client[side].getLogs({ address, topics, fromBlock: block, toBlock: block });
    const latest = parseDeliveries(logs, address).at(-1);
    if (latest !== undefined) return latest;
    await sleep(LOOK_INTERVAL_MS);
  }
  return undefined;
}

/** The timestamp that a transaction sent now would see, as the node expects it. */
async function timestampOfNow({ l1 }: LaneClient): Promise<bigint> {
  const block = (await l1.getBlock('pending')) ?? (await l1.getBlock('latest'));
  return BigInt(block?.timestamp ?? 0);
}
