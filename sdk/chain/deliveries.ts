import type { Side } from '../core/deployment.ts';
import type { DeliveryStatus } from '../core/status.ts';
import { otherSide, type LaneClient } from './client.ts';
import { l1MessengerOf, l2MessengerOf } from './contracts.ts';
import { parseDeliveries, TOPICS, type DeliveryEvent } from './logs.ts';
import { messengerAddress, type LaneMessage } from './messages.ts';
import { getLogs } from './scanLogs.ts';
import { sleep } from './sleep.ts';

/** What a messenger has recorded of a message from the other chain. */
export interface DeliveryRecord {
  readonly delivery: DeliveryStatus;
  /** Who made the latest attempt. */
  readonly relayer: string;
  /** Block of the latest attempt. */
  readonly blockNumber: number;
}

/** An attempt to deliver a message. */
export interface DeliveryAttempt extends DeliveryEvent {
  /** Messages that its transaction attempted to deliver. */
  readonly batchSize: number;
}

/** A message that was attempted, and the block of the latest attempt. */
export interface Attempted {
  readonly messageHash: string;
  readonly blockNumber: number;
}

/** How often an attempt's event is looked for: a node can know a block's state a moment before its logs. */
const LOOKS = 3;
const LOOK_INTERVAL_MS = 50;

/** Blocks that are read together: what lies between attempts costs less than another request. */
const RANGE = 10_000;

const DELIVERY_STATUSES: readonly DeliveryStatus[] = ['unattempted', 'failed', 'relayed'];

/** What the destination's messenger records of a message now. */
export async function readDelivery({ lane, l1, l2 }: LaneClient, sent: LaneMessage): Promise<DeliveryRecord> {
  const messenger = sent.fromChain === 'l1' ? l2MessengerOf(lane, l2) : l1MessengerOf(lane, l1);
  const { status, relayer, blockNumber } = await messenger.delivery(sent.messageHash);
  return { delivery: DELIVERY_STATUSES[Number(status)] ?? 'unattempted', relayer, blockNumber: Number(blockNumber) };
}

/**
 * The latest attempts to deliver messages from one chain, found in as few readings as their blocks allow.
 * @returns by message hash; none where the node has no event of it
 */
export async function findAttempts(
  client: LaneClient,
  fromChain: Side,
  attempted: readonly Attempted[],
): Promise<Map<string, DeliveryAttempt>> {
  const found = new Map<string, DeliveryAttempt>();
  let missing = attempted;
  for (let look = 0; missing.length > 0 && look < LOOKS; look++) {
    if (look > 0) await sleep(LOOK_INTERVAL_MS);
    const attempts = await readAttempts(client, otherSide(fromChain), missing);
    const blocks = new Map(missing.map(({ messageHash, blockNumber }) => [messageHash, blockNumber]));
    for (const attempt of attempts) {
      if (blocks.get(attempt.messageHash) === attempt.blockNumber) found.set(attempt.messageHash, attempt);
    }
    missing = missing.filter(({ messageHash }) => !found.has(messageHash));
  }
  return found;
}

/** All attempts made on a chain around the blocks of those looked for, in the order of the chain. */
async function readAttempts(
  client: LaneClient,
  side: Side,
  attempted: readonly Attempted[],
): Promise<DeliveryAttempt[]> {
  const address = messengerAddress(client, side);
  const topics = [[TOPICS.relayedMessage, TOPICS.failedRelayedMessage, TOPICS.failureReason]];
  const ranges = rangesOf(attempted.map(({ blockNumber }) => blockNumber));
  const logs = await Promise.all(
    ranges.map(async ({ first, last }) => await getLogs(client[side], { address, topics }, first, last)),
  );
  return withBatchSizes(parseDeliveries(logs.flat(), address));
}

/** Adds to deliveries how many messages their transactions attempted; each transaction must be there as a whole. */
export function withBatchSizes(deliveries: readonly DeliveryEvent[]): DeliveryAttempt[] {
  const byTransaction = new Map<string, Set<string>>();
  for (const { transactionHash, messageHash } of deliveries) {
    const messages = byTransaction.get(transactionHash) ?? new Set();
    byTransaction.set(transactionHash, messages.add(messageHash));
  }
  return deliveries.map((delivery) => {
    return { ...delivery, batchSize: byTransaction.get(delivery.transactionHash)?.size ?? 1 };
  });
}

/** Blocks from the first to the last, both included. */
interface BlockRange {
  readonly first: number;
  readonly last: number;
}

/** Ranges that hold all of the blocks and little else, ascending. */
function rangesOf(blocks: readonly number[]): BlockRange[] {
  const ranges: BlockRange[] = [];
  for (const block of blocks.toSorted((a, b) => a - b)) {
    const open = ranges.at(-1);
    const isNear = open !== undefined && block - open.first < RANGE;
    if (isNear) ranges.pop();
    ranges.push({ first: isNear ? open.first : block, last: block });
  }
  return ranges;
}
