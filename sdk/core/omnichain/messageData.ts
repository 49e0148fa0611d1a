import { AbiCoder, dataLength, isHexString } from 'ethers';

import { XdmError } from '../errors.ts';

/** How a message reaches its target: as the data of a call, or through `mapoExecute`. In the order of their numbers. */
const MESSAGE_TYPES = ['calldata', 'message'] as const;

/** See `MESSAGE_TYPES`. */
type MessageType = (typeof MESSAGE_TYPES)[number];

/** What an application asks the service for. */
export interface MessageData {
  /** Whether the target is on the relay chain, and what it returns goes on to the destination. */
  readonly relay: boolean;
  readonly msgType: MessageType;
  /** The target's address, 20 bytes hex. */
  readonly target: string;
  /** Hex. */
  readonly payload: string;
  /** Gas the target is promised at least. */
  readonly gasLimit: bigint;
  /** Zero: no value crosses. */
  readonly value: bigint;
}

/** A tuple: the same fields one by one, without the offset in front, are another message or none. */
const FORM = ['tuple(bool relay, uint8 msgType, bytes target, bytes payload, uint256 gasLimit, uint256 value)'];

const coder = AbiCoder.defaultAbiCoder();

/** The `messageData` of a message, hex: `abi.encode` of the struct. */
export function encodeMessageData({ msgType, ...fields }: MessageData): string {
  return coder.encode(FORM, [{ ...fields, msgType: MESSAGE_TYPES.indexOf(msgType) }]);
}

/**
 * Reads a `messageData`.
 * @param bytes hex
 * @throws {XdmError} `invalid-argument` for anything but the one encoding of a message
 */
export function decodeMessageData(bytes: string): MessageData {
  const fields = isHexString(bytes, true) ? decodeFields(bytes) : undefined;
  const msgType = MESSAGE_TYPES[Number(fields?.msgType)];
  if (fields === undefined || msgType === undefined) throw malformed(bytes);
  const { relay, target, payload, gasLimit, value } = fields;
  const data = { relay, msgType, target, payload, gasLimit, value };
  if (encodeMessageData(data) !== bytes.toLowerCase()) throw malformed(bytes);
  return data;
}

type Fields = Omit<MessageData, 'msgType'> & { readonly msgType: bigint };

function decodeFields(bytes: string): Fields | undefined {
  try {
    return coder.decode(FORM, bytes)[0] as Fields;
  } catch {
    return undefined;
  }
}

function malformed(bytes: string): XdmError {
  const size = isHexString(bytes, true) ? `its ${dataLength(bytes)} bytes are` : 'it is';
  return new XdmError('invalid-argument', `the message data is malformed: ${size} not what a message is encoded as`, {
    hint: 'encode it with abi.encode of the struct MessageData, or with encodeMessageData',
  });
}
