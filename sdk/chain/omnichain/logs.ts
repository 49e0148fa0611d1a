import { AbiCoder, dataLength, getAddress, Interface } from 'ethers';

import { omnichainService } from '../../abi/OmnichainService.ts';
import { decodeEnvelope, orderIdOf, type Envelope } from '../../core/omnichain/envelope.ts';
import { decodeMessageData, type MessageData } from '../../core/omnichain/messageData.ts';
import type { LogPosition, RawLog } from '../logs.ts';

const coder = AbiCoder.defaultAbiCoder();
const events = new Interface(omnichainService.abi);

/** Topics of the events that say where a message is. */
export const OMNICHAIN_TOPICS = {
  messageOut: events.getEvent('mapMessageOut')!.topicHash,
  messageIn: events.getEvent('mapMessageIn')!.topicHash,
} as const;

/** A message's route, sender and content, as every event of it tells them. */
export interface OrderEvent extends LogPosition {
  /** Where it was sent first. */
  readonly fromChain: bigint;
  readonly toChain: bigint;
  readonly orderId: string;
  /** Who sent it, on `fromChain`. */
  readonly sender: string;
  /** The envelope as it was logged, hex. */
  readonly callData: string;
  readonly envelope: Envelope;
  readonly message: MessageData;
}

/** A message was attempted. */
export interface OrderAttempt extends OrderEvent {
  readonly outcome: 'relayed' | 'failed';
  /** First bytes of the target's revert data, hex; of a failure. */
  readonly reason?: string;
}

/** A log of a service that no service of ours can have made. */
interface MalformedOrder extends LogPosition {
  readonly problem: string;
}

/** What logs of a service tell. */
export interface ParsedOrders<T> {
  readonly orders: readonly T[];
  readonly malformed: readonly MalformedOrder[];
}

/**
 * Messages that left a chain, as its service's logs tell. One whose content does not give its order id is reported apart: no
 * other service would take it.
 * @param service the service's address; logs of others are passed over
 * @param serviceOf the service of a chain, by its id; undefined for chains that are not of the lane
 */
export function parseMessagesOut(
  logs: readonly RawLog[],
  service: string,
  serviceOf: (chainId: bigint) => string | undefined,
): ParsedOrders<OrderEvent> {
  return parse(logs, { service, topic: OMNICHAIN_TOPICS.messageOut }, (log) => {
    const [orderId, fromAddress, callData] = coder.decode(
      ['bytes32', 'bytes', 'bytes'],
      log.data,
    ) as unknown as string[];
    const order = orderFrom(log, { orderId: orderId!, fromAddress: fromAddress!, callData: callData! });
    const sourceService = serviceOf(order.fromChain);
    if (sourceService === undefined) throw new RangeError(`chain ${order.fromChain} is none of the lane`);
    const expected = orderIdOf({ ...order, sourceService }, order.envelope);
    if (expected !== orderId) throw new RangeError(`its content has the order id ${expected}, not ${orderId}`);
    return order;
  });
}

/** Attempts at messages, as a service's logs tell. */
export function parseMessagesIn(logs: readonly RawLog[], service: string): ParsedOrders<OrderAttempt> {
  return parse(logs, { service, topic: OMNICHAIN_TOPICS.messageIn }, (log): OrderAttempt => {
    const [orderId, fromAddress, callData, result, reason] = coder.decode(
      ['bytes32', 'bytes', 'bytes', 'bool', 'bytes'],
      log.data,
    ) as unknown as [string, string, string, boolean, string];
    const order = orderFrom(log, { orderId, fromAddress, callData });
    return result ? { ...order, outcome: 'relayed' } : { ...order, outcome: 'failed', reason };
  });
}

interface Logged {
  readonly orderId: string;
  readonly fromAddress: string;
  readonly callData: string;
}

function orderFrom(log: RawLog, { orderId, fromAddress, callData }: Logged): OrderEvent {
  if (dataLength(fromAddress) !== 20) throw new RangeError(`its sender ${fromAddress} is no address`);
  const envelope = decodeEnvelope(callData);
  return {
    ...positionOf(log),
    fromChain: BigInt(log.topics[1]!),
    toChain: BigInt(log.topics[2]!),
    orderId,
    sender: getAddress(fromAddress),
    callData,
    envelope,
    message: decodeMessageData(envelope.messageData),
  };
}

function parse<T>(
  logs: readonly RawLog[],
  { service, topic }: { readonly service: string; readonly topic: string },
  read: (log: RawLog) => T,
): ParsedOrders<T> {
  const orders: T[] = [];
  const malformed: MalformedOrder[] = [];
  for (const log of logs) {
    if (log.address.toLowerCase() !== service.toLowerCase() || log.topics[0] !== topic) continue;
    try {
      orders.push(read(log));
    } catch (error) {
      malformed.push({ ...positionOf(log), problem: error instanceof Error ? error.message : String(error) });
    }
  }
  return { orders, malformed };
}

function positionOf({ blockNumber, blockHash, transactionHash, index }: RawLog): LogPosition {
  return { blockNumber, blockHash, transactionHash, logIndex: index };
}
