import { AbiCoder, isHexString, keccak256 } from 'ethers';

import { XdmError } from '../errors.ts';

/** What a service's log carries of a message beside its route: the `callData` of the events. */
export interface Envelope {
  /** Service that the message is for, on the destination chain. */
  readonly destinationService: string;
  /** Counts the messages of the service where it was sent, from 0. */
  readonly nonce: bigint;
  /** See `decodeMessageData`. */
  readonly messageData: string;
  /**
   * Of a message that was relayed, keccak256 of the `messageData` that it was sent with: what a target on the relay chain has
   * made of it is `messageData` now, and the order id stays.
   */
  readonly originalHash?: string | undefined;
}

/** As it was sent. */
const SENT_VERSION = 1n;
const SENT_FORM = ['uint256', 'address', 'uint256', 'bytes'];

/** After a target on the relay chain has answered it. */
const RELAYED_VERSION = 2n;
const RELAYED_FORM = [...SENT_FORM, 'bytes32'];

const coder = AbiCoder.defaultAbiCoder();

/** The `callData` of a message's log, hex. */
export function encodeEnvelope({ destinationService, nonce, messageData, originalHash }: Envelope): string {
  return originalHash === undefined
    ? coder.encode(SENT_FORM, [SENT_VERSION, destinationService, nonce, messageData])
    : coder.encode(RELAYED_FORM, [RELAYED_VERSION, destinationService, nonce, messageData, originalHash]);
}

/**
 * Reads the `callData` of a message's log.
 * @param bytes hex
 * @throws {XdmError} `invalid-argument` for anything but the one encoding of an envelope
 */
export function decodeEnvelope(bytes: string): Envelope {
  const envelope = isHexString(bytes, true) ? decodeFields(bytes) : undefined;
  if (envelope === undefined || encodeEnvelope(envelope) !== bytes.toLowerCase()) {
    throw new XdmError('invalid-argument', 'the envelope is malformed: it is not what a service encodes a message as', {
      hint: "take the callData of a service's mapMessageOut or mapMessageIn event as it is",
    });
  }
  return envelope;
}

function decodeFields(bytes: string): Envelope | undefined {
  try {
    const version = BigInt(bytes.slice(0, 66));
    const isRelayed = version === RELAYED_VERSION;
    const [, destinationService, nonce, messageData, originalHash] = coder.decode(
      isRelayed ? RELAYED_FORM : SENT_FORM,
      bytes,
    ) as unknown as [bigint, string, bigint, string, string];
    // That a version is none of these, the encoding shows.
    return { destinationService, nonce, messageData, ...(isRelayed && { originalHash }) };
  } catch {
    return undefined;
  }
}

/** A message's route and sender: all that its order id binds beside its envelope. */
export interface OrderRoute {
  /** Where it was sent first. */
  readonly fromChain: bigint;
  readonly sourceService: string;
  readonly toChain: bigint;
  /** Who sent it, 20 bytes hex. */
  readonly sender: string;
}

/** The order id of a message: it is the same on every chain that the message passes. */
export function orderIdOf(route: OrderRoute, envelope: Envelope): string {
  const { fromChain, sourceService, toChain, sender } = route;
  const { destinationService, nonce, messageData, originalHash = keccak256(messageData) } = envelope;
  return keccak256(
    coder.encode(
      ['uint256', 'uint256', 'address', 'uint256', 'address', 'uint256', 'bytes', 'bytes32'],
      [SENT_VERSION, fromChain, sourceService, toChain, destinationService, nonce, sender, originalHash],
    ),
  );
}
