import { AbiCoder, dataLength, getAddress, Interface } from 'ethers';

import { omnichainService } from '../../abi/OmnichainService.ts';
import { decodeEnvelope, orderIdOf, type Envelope } from '../../core/omnichain/envelope.ts';
import { decodeMessageData, type MessageData } from '../../core/omnichain/messageData.ts';
import type { LogPosition, RawLog } from '../logs.ts';

const coder = AbiCoder.defaultAbiCoder();

/** What events hold beside their topics. */
const OUT_FORM = ['bytes32', 'bytes', 'bytes'];
const IN_FORM = [...OUT_FORM, 'bool', 'bytes'];

/** Bytes of an address. */
const SENDER_LENGTH = 20;

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
    const [orderId, fromAddress, callData] = decode(OUT_FORM, log) as [string, string, string];
    return orderFrom(log, { orderId, fromAddress, callData }, serviceOf);
  });
}

/**
 * Attempts at messages, as a service's logs tell. One whose content does not give its order id is reported apart.
 * @param service the service's address; logs of others are passed over
 * @param serviceOf the service of a chain, by its id; undefined for chains that are not of the lane
 */
export function parseMessagesIn(
  logs: readonly RawLog[],
  service: string,
  serviceOf: (chainId: bigint) => string | undefined,
): ParsedOrders<OrderAttempt> {
  return parse(logs, { service, topic: OMNICHAIN_TOPICS.messageIn }, (log): OrderAttempt => {
    const [orderId, fromAddress, callData, result, reason] = decode(IN_FORM, log) as [
      string,
      string,
      string,
      boolean,
      string,
    ];
    const order = orderFrom(log, { orderId, fromAddress, callData }, serviceOf);
    return result ? { ...order, outcome: 'relayed' } : { ...order, outcome: 'failed', reason };
  });
}

interface Logged {
  readonly orderId: string;
  readonly fromAddress: string;
  readonly callData: string;
}

function orderFrom(
  log: RawLog,
  { orderId, fromAddress, callData }: Logged,
  serviceOf: (chainId: bigint) => string | undefined,
): OrderEvent {
  const [, fromTopic, toTopic, ...more] = log.topics;
  if (fromTopic === undefined || toTopic === undefined || more.length > 0) {
    throw new RangeError(`it has ${log.topics.length} topics, not 3`);
  }
  if (dataLength(fromAddress) !== SENDER_LENGTH) throw new RangeError(`its sender ${fromAddress} is no address`);
  const envelope = decodeEnvelope(callData);
  const message = decodeMessageData(envelope.messageData);
  const [fromChain, toChain, sender] = [BigInt(fromTopic), BigInt(toTopic), getAddress(fromAddress)];
  const sourceService = serviceOf(fromChain);
  if (sourceService === undefined) throw new RangeError(`chain ${fromChain} is none of the lane`);
  const expected = orderIdOf({ fromChain, toChain, sender, sourceService }, envelope);
  if (expected !== orderId) throw new RangeError(`its content has the order id ${expected}, not ${orderId}`);
  return { ...positionOf(log), fromChain, toChain, orderId, sender, callData, envelope, message };
}

/** @throws {RangeError} for anything but the one encoding: no service takes another one */
function decode(form: readonly string[], { data }: RawLog): unknown {
  const values = [...coder.decode(form, data)];
  if (coder.encode(form, values) !== data.toLowerCase()) throw new RangeError('its data is not encoded as it must be');
  return values;
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
