import { Interface, type LogDescription } from 'ethers';

import { canonicalTransactionChain } from '../abi/CanonicalTransactionChain.ts';
import { l1CrossDomainMessenger } from '../abi/L1CrossDomainMessenger.ts';
import { stateCommitmentChain } from '../abi/StateCommitmentChain.ts';
import type { Message } from '../core/message.ts';
import { hashMessage, parseDeposit, type Deposit } from '../core/optimism.ts';
import { EventData } from './eventData.ts';

/** A log as a node gives it, as far as it is read here. */
export interface RawLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly transactionHash: string;
  /** Position of the log in its block. */
  readonly index: number;
}

/** Where an event stands. */
export interface LogPosition {
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly transactionHash: string;
  /** Position of the log in its block. */
  readonly logIndex: number;
}

/** A message as its events tell it. */
export interface SentMessage extends LogPosition {
  readonly message: Message;
  readonly messageHash: string;
}

/** A transaction that waits to be executed on L2. */
export interface QueueElement extends LogPosition {
  /** Position in the queue, from 0. */
  readonly index: bigint;
  /** As an OP-stack node derives it; a sequencer of ours gives it a source hash of its own. */
  readonly deposit: Deposit;
}

/** The outcome of one attempt to deliver a message. */
export interface DeliveryEvent extends LogPosition {
  readonly messageHash: string;
  readonly outcome: 'relayed' | 'failed';
  /** First bytes of the target's revert data, hex, for `describeRevert`; of a failure. */
  readonly reason?: string;
}

export interface StateBatchAppended extends LogPosition {
  readonly batchIndex: bigint;
  readonly batchRoot: string;
  readonly batchSize: bigint;
  readonly prevTotalElements: bigint;
  readonly timestamp: bigint;
}

export interface StateBatchDeleted extends LogPosition {
  readonly batchIndex: bigint;
}

/** A root of the message tree that was proven on L1. */
export interface MessageRootProven extends LogPosition {
  /** Number of leaves of the tree. */
  readonly count: number;
  /** Its root, 32 bytes. */
  readonly root: string;
}

// Both messengers emit the same events, and L1's one more.
const messenger = new Interface(l1CrossDomainMessenger.abi);
const queue = new Interface(canonicalTransactionChain.abi);
const commitments = new Interface(stateCommitmentChain.abi);

/** First topics of the events that are read here. */
export const TOPICS = {
  sentMessage: topic(messenger, 'SentMessage'),
  sentMessageExtension1: topic(messenger, 'SentMessageExtension1'),
  relayedMessage: topic(messenger, 'RelayedMessage'),
  failedRelayedMessage: topic(messenger, 'FailedRelayedMessage'),
  failureReason: topic(messenger, 'FailureReason'),
  messageRootProven: topic(messenger, 'MessageRootProven'),
  transactionDeposited: topic(queue, 'TransactionDeposited'),
  queueElement: topic(queue, 'QueueElement'),
  stateBatchAppended: topic(commitments, 'StateBatchAppended'),
  stateBatchDeleted: topic(commitments, 'StateBatchDeleted'),
} as const;

/**
 * The messages that a messenger sent. Each has two events, one right after the other among the messenger's own.
 * @param logs of any contracts, in the order of the chain
 * @param address of the messenger
 */
export function parseSentMessages(logs: readonly RawLog[], address: string): SentMessage[] {
  const own = logs.filter((log) => isOf(log, address, [TOPICS.sentMessage, TOPICS.sentMessageExtension1]));
  return own.flatMap((log, position) => {
    const extension = own[position + 1];
    if (log.topics[0] !== TOPICS.sentMessage || extension?.topics[0] !== TOPICS.sentMessageExtension1) return [];
    // SentMessage(address indexed target, address sender, bytes message, uint256 messageNonce, uint256 gasLimit)
    // SentMessageExtension1(address indexed sender, uint256 value)
    const sent = new EventData(log.data);
    const message: Message = {
      nonce: sent.uint(2),
      sender: sent.address(0),
      target: new EventData(log.topics[1] ?? '').address(0),
      value: new EventData(extension.data).uint(0),
      gasLimit: sent.uint(3),
      data: sent.bytes(1),
    };
    return [{ message, messageHash: hashMessage(message), ...positionOf(log) }];
  });
}

/**
 * The elements enqueued. Each has two events, one right after the other among the queue's own.
 * @param address of the queue
 * @throws {RangeError} when a deposit is not of the queue's making
 */
export function parseQueueElements(logs: readonly RawLog[], address: string): QueueElement[] {
  const own = logs.filter((log) => isOf(log, address, [TOPICS.transactionDeposited, TOPICS.queueElement]));
  return own.flatMap((log, position) => {
    const element = own[position + 1];
    if (log.topics[0] !== TOPICS.transactionDeposited || element?.topics[0] !== TOPICS.queueElement) return [];
    const { from, to, version, opaqueData } = parse(queue, log).args as unknown as {
      from: string;
      to: string;
      version: bigint;
      opaqueData: string;
    };
    const deposit = parseDeposit({ from, to, version, opaqueData, blockHash: log.blockHash, logIndex: log.index });
    return [{ index: parse(queue, element).args['index'] as bigint, deposit, ...positionOf(log) }];
  });
}

/**
 * The deliveries that a messenger attempted. A failure is followed by its reason.
 * @param address of the messenger
 */
export function parseDeliveries(logs: readonly RawLog[], address: string): DeliveryEvent[] {
  const topics = [TOPICS.relayedMessage, TOPICS.failedRelayedMessage, TOPICS.failureReason];
  const own = logs.filter((log) => isOf(log, address, topics));
  return own.flatMap((log, position): DeliveryEvent[] => {
    const messageHash = log.topics[1] ?? '0x';
    if (log.topics[0] === TOPICS.relayedMessage) return [{ messageHash, outcome: 'relayed', ...positionOf(log) }];
    if (log.topics[0] !== TOPICS.failedRelayedMessage) return [];
    const next = own[position + 1];
    const isReason = next?.topics[0] === TOPICS.failureReason;
    const reason = isReason ? (parse(messenger, next).args['reason'] as string) : '0x';
    return [{ messageHash, outcome: 'failed', reason, ...positionOf(log) }];
  });
}

/**
 * The roots of the message tree that were proven.
 * @param address of the L1 messenger
 */
export function parseMessageRoots(logs: readonly RawLog[], address: string): MessageRootProven[] {
  return logs
    .filter((log) => isOf(log, address, [TOPICS.messageRootProven]))
    .map((log) => {
      const { args } = parse(messenger, log);
      return { count: Number(args['count']), root: args['root'] as string, ...positionOf(log) };
    });
}

/** The state batches committed. */
export function parseStateBatches(logs: readonly RawLog[], address: string): StateBatchAppended[] {
  return logs
    .filter((log) => isOf(log, address, [TOPICS.stateBatchAppended]))
    .map((log) => {
      const { args } = parse(commitments, log);
      return {
        batchIndex: args['batchIndex'] as bigint,
        batchRoot: args['batchRoot'] as string,
        batchSize: args['batchSize'] as bigint,
        prevTotalElements: args['prevTotalElements'] as bigint,
        timestamp: args['timestamp'] as bigint,
        ...positionOf(log),
      };
    });
}

/** The state batches deleted; all later ones went with each. */
export function parseDeletedStateBatches(logs: readonly RawLog[], address: string): StateBatchDeleted[] {
  return logs
    .filter((log) => isOf(log, address, [TOPICS.stateBatchDeleted]))
    .map((log) => ({ batchIndex: parse(commitments, log).args['batchIndex'] as bigint, ...positionOf(log) }));
}

function topic(abi: Interface, name: string): string {
  const event = abi.getEvent(name);
  if (event === null) throw new Error(`the ABI has no event ${name}`);
  return event.topicHash;
}

function isOf(log: RawLog, address: string, topics: readonly string[]): boolean {
  return log.address.toLowerCase() === address.toLowerCase() && topics.includes(log.topics[0] ?? '');
}

function parse(abi: Interface, log: RawLog): LogDescription {
  const description = abi.parseLog(log);
  if (description === null) throw new Error(`log ${log.index} of block ${log.blockNumber} is not of this ABI`);
  return description;
}

function positionOf({ blockNumber, blockHash, transactionHash, index }: RawLog): LogPosition {
  return { blockNumber, blockHash, transactionHash, logIndex: index };
}
