import { AbiCoder, concat, isHexString, keccak256 } from 'ethers';

import { hashOf } from './keccak.ts';

/** A call that crosses from one chain to the other. */
export interface Message {
  /** Version in the top 16 bits, counter below. */
  readonly nonce: bigint;
  /** Account that sent the message on the source chain. */
  readonly sender: string;
  /** Account called on the destination chain. */
  readonly target: string;
  /** Wei that go with the call. */
  readonly value: bigint;
  /** Gas the target is promised at least; what is sent has less than 2^32. */
  readonly gasLimit: bigint;
  /** Calldata of the call, hex. */
  readonly data: string;
}

/** The two ends of a lane, as far as a message's key binds them. */
export interface LaneIdentity {
  readonly l1ChainId: bigint;
  readonly l2ChainId: bigint;
  readonly l1Messenger: string;
  readonly l2Messenger: string;
}

/** Version of the message hash that xdm uses. */
export const MESSAGE_VERSION = 1n;

/** `relayMessage(uint256,address,address,uint256,uint256,bytes)`, by which version 1 of the hash is defined. */
const RELAY_MESSAGE_SELECTOR = '0xd764ad0b';

/** Storage slot of `sentMessages` in the passer. */
const SENT_MESSAGES_SLOT = 0n;

const COUNTER_BITS = 240n;
const coder = AbiCoder.defaultAbiCoder();

/**
 * A nonce from its counter.
 * @throws {RangeError} when the counter is negative or does not fit in 240 bits
 */
export function encodeNonce(counter: bigint): bigint {
  if (counter < 0n || counter >> COUNTER_BITS !== 0n) {
    throw new RangeError(`nonce counter ${counter} is not in 0 to 2^240 - 1`);
  }
  return (MESSAGE_VERSION << COUNTER_BITS) | counter;
}

/** Index of a message's leaf in the message tree: the counter of its nonce. */
export function leafIndex({ nonce }: Pick<Message, 'nonce'>): number {
  return Number(decodeNonce(nonce).counter);
}

/** Version and counter of a nonce. */
export function decodeNonce(nonce: bigint): { version: bigint; counter: bigint } {
  return { version: nonce >> COUNTER_BITS, counter: BigInt.asUintN(Number(COUNTER_BITS), nonce) };
}

/**
 * The version-1 encoding of a message, which is also the calldata that delivers it on L2.
 * @throws {TypeError} when an address is none, a number does not fit in 256 bits, or the data is not hex
 */
export function encodeMessage(message: Message): string {
  const { nonce, sender, target, value, gasLimit, data } = message;
  const parameters = coder.encode(
    ['uint256', 'address', 'address', 'uint256', 'uint256', 'bytes'],
    [nonce, sender, target, value, gasLimit, data],
  );
  return concat([RELAY_MESSAGE_SELECTOR, parameters]);
}

/**
 * What the passer records of an L2-to-L1 message.
 * @param messageHash 32 bytes, hex
 * @throws {TypeError} when it is not
 */
export function messageKey(messageHash: string, lane: LaneIdentity): string {
  return messageKeysOf(lane)(messageHash);
}

/** `messageKey` for many messages of a lane, whose part of the key is encoded once. */
export function messageKeysOf(lane: LaneIdentity): (messageHash: string) => string {
  const values = [lane.l2Messenger, lane.l2ChainId, lane.l1ChainId, lane.l1Messenger];
  const ofLane = coder.encode(['address', 'uint256', 'uint256', 'address'], values);
  return (messageHash) => {
    if (!isHexString(messageHash, 32)) throw new TypeError(`"${messageHash}" is no message hash: 0x and 64 hex digits`);
    return hashOf(messageHash, ofLane);
  };
}

/** The passer's storage slot that holds whether a key was recorded. */
export function sentMessageSlot(key: string): string {
  return keccak256(coder.encode(['bytes32', 'uint256'], [key, SENT_MESSAGES_SLOT]));
}
