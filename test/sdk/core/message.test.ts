import fc from 'fast-check';
import { Contract, hexlify, keccak256 } from 'ethers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { l1CrossDomainMessenger } from '../../../sdk/abi/L1CrossDomainMessenger.ts';
import { l2CrossDomainMessenger } from '../../../sdk/abi/L2CrossDomainMessenger.ts';
import type { Lane } from '../../../sdk/core/lane.ts';
import { decodeNonce, encodeMessage, encodeNonce, MESSAGE_VERSION, messageKey } from '../../../sdk/core/message.ts';
import { hashMessage } from '../../../sdk/core/optimism.ts';
import * as arbitrary from '../../support/arbitraries.ts';
import { deployArtifact } from '../../support/chain.ts';
import { startLane, type LaneChains } from '../../support/lane.ts';

describe('a message on chain and off', () => {
  let chains: LaneChains;
  let lane: Lane;
  let harness: Contract;

  beforeAll(async () => {
    chains = await startLane();
    lane = chains.lane;
    harness = await deployArtifact('MessageHarness', chains.l1.account(0));
  });
  afterAll(async () => await chains.stop());

  test('has one encoding', async () => {
    const encode = harness.getFunction('encode');
    const property = fc.asyncProperty(arbitrary.message, async (message) => {
      expect(await encode.staticCall(message)).toBe(encodeMessage(message));
    });
    await fc.assert(property, { numRuns: 150 });
  });

  test('has one hash, which is that of its encoding', async () => {
    const hash = harness.getFunction('hash');
    const property = fc.asyncProperty(arbitrary.message, async (message) => {
      expect(hashMessage(message)).toBe(keccak256(encodeMessage(message)));
      expect(await hash.staticCall(message)).toBe(hashMessage(message));
    });
    await fc.assert(property, { numRuns: 300 });
  });

  test('has one hash with as much data as a message may have', async () => {
    const [message] = fc.sample(arbitrary.message, 1);
    const largest = { ...message!, data: hexlify(new Uint8Array(100_000).fill(0xa5)) };
    expect(await harness.getFunction('hash').staticCall(largest)).toBe(hashMessage(largest));
  });

  test('has one key, at both ends of the lane', async () => {
    const ends = [
      new Contract(lane.l1Messenger, l1CrossDomainMessenger.abi, chains.l1.provider),
      new Contract(lane.l2Messenger, l2CrossDomainMessenger.abi, chains.l2.provider),
    ].map((messenger) => messenger.getFunction('messageKey'));
    const property = fc.asyncProperty(arbitrary.bytes32, async (messageHash) => {
      for (const key of ends) expect(await key.staticCall(messageHash)).toBe(messageKey(messageHash, lane));
    });
    await fc.assert(property, { numRuns: 50 });
  });
});

describe('a nonce', () => {
  test('gives back the counter it was made from', () => {
    const property = fc.property(fc.bigInt(0n, 2n ** 240n - 1n), (counter) => {
      expect(decodeNonce(encodeNonce(counter))).toEqual({ version: MESSAGE_VERSION, counter });
    });
    fc.assert(property);
  });

  test.each([-1n, 2n ** 240n, 2n ** 256n])('has no counter %s', (counter) => {
    expect(() => encodeNonce(counter)).toThrow(RangeError);
  });
});
