import { AbiCoder, dataSlice, decodeRlp, keccak256, zeroPadValue } from 'ethers';
import { describe, expect, test } from 'vitest';

import { XdmError } from '../../../../sdk/core/errors.ts';
import { decodeEnvelope, encodeEnvelope, orderIdOf } from '../../../../sdk/core/omnichain/envelope.ts';
import { decodeMessageData, encodeMessageData, type MessageData } from '../../../../sdk/core/omnichain/messageData.ts';
import { describeVectors, readVectors } from '../../../support/vectors.ts';

const REFUSED = expect.objectContaining({ code: 'invalid-argument' }) as Error;
const coder = AbiCoder.defaultAbiCoder();
const SERVICE = '0x1111111111111111111111111111111111111111';
const DATA: MessageData = {
  relay: true,
  msgType: 'message',
  target: '0x2222222222222222222222222222222222222222',
  payload: '0x333333',
  gasLimit: 100_000n,
  value: 0n,
};
const ENVELOPE = { destinationService: SERVICE, nonce: 7n, messageData: encodeMessageData(DATA) };

describe('message data', () => {
  test('is read as it was written', () => {
    expect(decodeMessageData(encodeMessageData(DATA))).toEqual(DATA);
    expect(decodeMessageData(encodeMessageData({ ...DATA, relay: false, msgType: 'calldata' })).msgType).toBe(
      'calldata',
    );
  });

  test('of any other form is refused', () => {
    const fields = [true, 1, DATA.target, DATA.payload, DATA.gasLimit, 0n];
    const flat = coder.encode(['bool', 'uint8', 'bytes', 'bytes', 'uint256', 'uint256'], fields);
    const canonical = encodeMessageData(DATA);
    const unknownType = coder.encode(
      ['tuple(bool, uint8, bytes, bytes, uint256, uint256)'],
      [[true, 2, DATA.target, DATA.payload, DATA.gasLimit, 0n]],
    );
    for (const bytes of [flat, `${canonical}00`, canonical.slice(0, -2), unknownType, '0x', 'no hex']) {
      expect(() => decodeMessageData(bytes)).toThrow(REFUSED);
    }
  });
});

describe('an envelope', () => {
  test('is read as it was written, relayed or not', () => {
    const relayed = { ...ENVELOPE, originalHash: keccak256('0x01') };
    expect(decodeEnvelope(encodeEnvelope(ENVELOPE))).toEqual(ENVELOPE);
    expect(decodeEnvelope(encodeEnvelope(relayed))).toEqual(relayed);
  });

  test('of any other form is refused', () => {
    const bytes = encodeEnvelope(ENVELOPE);
    const version3 = `0x${zeroPadValue('0x03', 32).slice(2)}${bytes.slice(66)}`;
    const version2 = `0x${zeroPadValue('0x02', 32).slice(2)}${bytes.slice(66)}`;
    for (const other of [`${bytes}00`, bytes.slice(0, -64), version3, version2, '0x', 'no hex']) {
      expect(() => decodeEnvelope(other)).toThrow(REFUSED);
    }
  });
});

describe('an order id', () => {
  const route = { fromChain: 1n, sourceService: SERVICE, toChain: 2n, sender: DATA.target };

  test('binds every field', () => {
    const ids = [
      orderIdOf(route, ENVELOPE),
      orderIdOf({ ...route, fromChain: 3n }, ENVELOPE),
      orderIdOf({ ...route, toChain: 3n }, ENVELOPE),
      orderIdOf({ ...route, sourceService: DATA.target }, ENVELOPE),
      orderIdOf({ ...route, sender: SERVICE }, ENVELOPE),
      orderIdOf(route, { ...ENVELOPE, destinationService: DATA.target }),
      orderIdOf(route, { ...ENVELOPE, nonce: 8n }),
      orderIdOf(route, { ...ENVELOPE, messageData: '0x' }),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('stays when a target on the relay chain has answered', () => {
    const answered = { ...ENVELOPE, messageData: '0x1234', originalHash: keccak256(ENVELOPE.messageData) };
    expect(orderIdOf(route, answered)).toBe(orderIdOf(route, ENVELOPE));
  });
});

/** What message data is written as once it was read; undefined where it is refused. */
function rewritten(messageData: string): string | undefined {
  try {
    return encodeMessageData(decodeMessageData(messageData));
  } catch (error) {
    if (error instanceof XdmError && error.code === 'invalid-argument') return undefined;
    throw error;
  }
}

interface LoggedCase {
  readonly rlpLogs: string;
  readonly logs: readonly { readonly messageData: string; readonly decoded: { readonly struct?: unknown } }[];
}

describeVectors('message data of logs', () => {
  const { cases } = readVectors('omnichain/message-logs.json') as { readonly cases: Record<string, LoggedCase> };

  test.each(Object.entries(cases))('%s: the canonical form alone is read', (_name, { rlpLogs, logs }) => {
    const [[, , eventData]] = decodeRlp(rlpLogs) as [[string, string[], string]];
    const [, , logged] = coder.decode(['bytes32', 'bytes', 'bytes'], eventData) as unknown as string[];
    const [{ messageData } = { messageData: '' }] = logs;
    expect(logged).toBe(messageData);
    // The struct stands behind its offset; written flat, its first field, a flag, is there.
    const isCanonical = BigInt(dataSlice(messageData, 0, 32)) === 0x20n;
    expect(rewritten(messageData)).toBe(isCanonical ? messageData : undefined);
  });
});
