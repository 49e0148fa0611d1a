import { id, toBeHex, zeroPadValue } from 'ethers';

import type { DeliveryEvent, LogPosition, SentMessage, StateBatchAppended } from '../../sdk/chain/logs.ts';
import { encodeNonce } from '../../sdk/core/message.ts';
import { hashMessage } from '../../sdk/core/optimism.ts';
import type { Cursor } from '../../relayer/store/blocks.ts';
import type { Execution } from '../../relayer/store/queueElements.ts';
import { routeId } from '../../relayer/store/routes.ts';
import type { Database } from '../../relayer/store/schema.ts';

/** Chain ids of the route that these events are of: messages go from L2 to L1. */
export const L1 = 900;
export const L2 = 901;

const SENDER = account(1);
const TARGET = account(2);

/** An address made of a number. */
export function account(number: number): string {
  return zeroPadValue(toBeHex(number), 20);
}

/** Creates the route from L2 to L1. */
export async function newRoute(db: Database): Promise<number> {
  return await routeId(db, {
    sourceChainId: L2,
    sourceMessenger: account(11),
    destinationChainId: L1,
    destinationMessenger: account(12),
  });
}

/** Hash of a block; one that a reorganisation puts into its place is of another fork. */
export function blockHash(number: number, fork = 'a'): string {
  return id(`${fork} ${number}`);
}

/** Where an event stands. */
export function at(blockNumber: number, logIndex = 0, fork = 'a'): LogPosition {
  const hash = blockHash(blockNumber, fork);
  return { blockNumber, blockHash: hash, transactionHash: id(`${hash} ${logIndex}`), logIndex };
}

/** How far a chain was read. */
export function cursorAt(number: number, finalNumber = number): Cursor {
  return { sources: id('sources'), number, hash: blockHash(number), timestamp: 1_700_000_000 + number, finalNumber };
}

/** A message of 132 bytes of calldata. */
export function sentMessage(counter: number, position: LogPosition): SentMessage {
  const message = {
    nonce: encodeNonce(BigInt(counter)),
    sender: SENDER,
    target: TARGET,
    value: 0n,
    gasLimit: 200_000n,
    data: `${id('record(bytes32,bytes32,bytes32,bytes32)').slice(0, 10)}${id(`${counter}`).slice(2).repeat(4)}`,
  };
  return { message, messageHash: hashMessage(message), ...position };
}

/** Hash of a message of `sentMessage`. */
export function hashOf(counter: number): string {
  return sentMessage(counter, at(0)).messageHash;
}

/** The messenger's word that a message was delivered, or tried. */
export function delivery(counter: number, position: LogPosition, reason?: string): DeliveryEvent {
  const messageHash = hashOf(counter);
  return reason === undefined
    ? { messageHash, outcome: 'relayed', ...position }
    : { messageHash, outcome: 'failed', reason, ...position };
}

/** A state batch over elements `from` to `to`, ends included. */
export function batch(index: number, [from, to]: readonly [number, number], position: LogPosition): StateBatchAppended {
  return {
    batchIndex: BigInt(index),
    batchRoot: id(`root ${index} ${position.blockHash}`),
    batchSize: BigInt(to - from + 1),
    prevTotalElements: BigInt(from),
    timestamp: BigInt(1_700_000_000 + position.blockNumber),
    ...position,
  };
}

/** Elements of the queue that L2 has executed, each in a block of its own. */
export function executed(...indices: readonly number[]): Execution[] {
  return indices.map((index) => ({ index, block: { number: 50 + index, hash: blockHash(50 + index) } }));
}

/** Where no block can be dropped. */
export const ALL_FINAL = { l1: Number.MAX_SAFE_INTEGER, l2: Number.MAX_SAFE_INTEGER };
