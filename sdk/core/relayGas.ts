// What relaying on L1 costs, by the sizes of what is relayed, before anything is built. The constants are measured with the
// contracts as they are; a test holds them against receipts.
import { dataLength } from 'ethers';

import { leafIndex, type Message } from './message.ts';
import { multiproofPlaces } from './messageTree.ts';

/** A message that is relayed by a tree, as far as its cost goes. */
export interface MessageSize {
  /** Its leaf's index in the message tree: the counter of its nonce. */
  readonly index: number;
  /** Bytes of its data. */
  readonly dataBytes: number;
  /** Gas its target is promised. */
  readonly gasLimit: number;
}

/** A message that can be relayed now, by a tree or alone, as far as its cost goes. */
export interface RelayableMessage extends MessageSize {
  /** Bytes of its own proof, encoded for the call: what `encodeRelay` has beside the message. Undefined where it has none. */
  readonly proofBytes: number | undefined;
}

/** A tree whose root can be proven on L1 now. */
export interface ProvableTree {
  /** Number of leaves. */
  readonly count: number;
  /** Bytes of the proof of its root, encoded for the call. */
  readonly proofBytes: number;
}

/** What the cost of relaying a message by a tree follows from. */
export function sizeOf({ nonce, gasLimit, data }: Message): MessageSize {
  return { index: leafIndex({ nonce }), dataBytes: dataLength(data), gasLimit: Number(gasLimit) };
}

/** What a transaction takes. */
export interface Cost {
  readonly gas: number;
  /** Of calldata. */
  readonly bytes: number;
}

/** Gas of any transaction. */
const TRANSACTION = 21_000;

/** Gas of a byte of calldata that is not zero (EIP-2028), and least gas of it (EIP-7623); less for one that is. */
const BYTE = 16;
const FLOOR_BYTE = 40;
const LESS_FOR_ZERO = { gas: 12, floor: 30 };

/** A message's fields beside its data: seven words, most of whose bytes are zero, and the place of the message. */
const FIELDS = { bytes: 256, gas: 1750, floor: 4300 };

/** Bytes of an encoded proof that are zero: most of those of its fields beside nodes and siblings, eleven words. */
const PROOF_ZEROS = 400;

/** A node of a path: its calldata, and hashing it. */
const SIBLING = { bytes: 32, gas: 32 * BYTE + 180, floor: 32 * FLOOR_BYTE };

/** Gas of verifying a storage proof and its state root, whatever their length, and for each byte of them. */
const VERIFICATION = 24_000;
const VERIFIED_BYTE = 1.7;

/** Gas of a delivery without its target: marking the message (22,100), the target's code, the event. */
const DELIVERY = 34_700;

/** The same in a batch, which shares guard, pause and clean-up. */
const BATCH_DELIVERY = 29_000;

/** Gas of a batch whatever it holds. */
const BATCH = 14_000;

/** Gas of storing a root, with its event; of a peak that it follows from. */
const STORE_ROOT = 32_000;
const PEAK = 600;

/** Gas that a target takes, where all that is known is that it may take its limit. */
const TYPICAL_TARGET = 10_000;

/** The same in a batch, whose targets are often the same: what they read is warm then. */
const REPEATED_TARGET = 4000;

/** Cost of relaying a message alone with a proof of its own; what has none goes by a tree at any cost. */
export function directCost({ dataBytes, proofBytes }: RelayableMessage): Cost {
  if (proofBytes === undefined) return { gas: Infinity, bytes: 0 };
  const proof = proofCost(proofBytes);
  return {
    bytes: FIELDS.bytes + padded(dataBytes) + proofBytes,
    gas: Math.max(
      TRANSACTION + FIELDS.floor + dataBytes * FLOOR_BYTE + proof.floor,
      TRANSACTION + FIELDS.gas + dataBytes * BYTE + proof.gas + DELIVERY + TYPICAL_TARGET,
    ),
  };
}

/** Cost of proving a root of the message tree. */
export function rootCost({ count, proofBytes }: ProvableTree): Cost {
  const peaks = count.toString(2).replaceAll('0', '').length;
  const proof = proofCost(proofBytes);
  return {
    bytes: 32 * peaks + proofBytes,
    gas: Math.max(
      TRANSACTION + 32 * peaks * FLOOR_BYTE + proof.floor,
      TRANSACTION + peaks * (32 * BYTE + PEAK) + proof.gas + STORE_ROOT,
    ),
  };
}

/** Calldata of a storage proof with its state root's, at the least and with its verification. */
function proofCost(bytes: number): { readonly floor: number; readonly gas: number } {
  return {
    floor: bytes * FLOOR_BYTE - PROOF_ZEROS * LESS_FOR_ZERO.floor,
    gas: bytes * (BYTE + VERIFIED_BYTE) - PROOF_ZEROS * LESS_FOR_ZERO.gas + VERIFICATION,
  };
}

/**
 * Cost of relaying messages in one transaction by a tree whose root is proven: a single one by its path, several as a batch.
 * @param messages in the order of their indices, at least one
 */
export function treeCost(messages: readonly MessageSize[], count: number): Cost {
  const indices = messages.map(({ index }) => index);
  const siblings = multiproofPlaces(indices, count).length;
  const dataBytes = messages.reduce((sum, message) => sum + message.dataBytes, 0);
  const bytes =
    messages.reduce((sum, message) => sum + FIELDS.bytes + padded(message.dataBytes), 0) + siblings * SIBLING.bytes;
  const floor = messages.length * FIELDS.floor + dataBytes * FLOOR_BYTE + siblings * SIBLING.floor;
  const calldata = messages.length * FIELDS.gas + dataBytes * BYTE + siblings * SIBLING.gas;
  const delivery =
    messages.length === 1
      ? DELIVERY + TYPICAL_TARGET
      : BATCH + TYPICAL_TARGET - REPEATED_TARGET + messages.length * (BATCH_DELIVERY + REPEATED_TARGET);
  const gas = TRANSACTION + calldata + delivery;
  return { bytes, gas: Math.max(TRANSACTION + floor, gas) };
}

/** Bytes that data takes in calldata, which goes by words. */
function padded(dataBytes: number): number {
  return Math.ceil(dataBytes / 32) * 32;
}

/**
 * Gas limit of a batch with which each of its messages can start, if the targets before it take as much as targets do, with
 * a margin of a tenth. The messenger starts a message only with its whole promise in reserve.
 * @param messages in the order of their indices, at least one
 */
export function batchGasLimit(messages: readonly MessageSize[], count: number): number {
  const { gas } = treeCost(messages, count);
  const promised = Math.max(...messages.map(({ gasLimit }) => gasLimit));
  // 1/64 of what is left stays with the messenger (EIP-150).
  return Math.ceil((gas + promised + Math.ceil(promised / 63)) * 1.1);
}
