import { concat, hexlify, keccak256 } from 'ethers';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { hashOf, keccak } from '../../../sdk/core/keccak.ts';

const bytes = fc.uint8Array({ maxLength: 600 });

test('hashes are those of ethers', () => {
  const property = fc.property(bytes, bytes, (one, other) => {
    const parts = [hexlify(one), hexlify(other)];
    expect(hashOf(...parts)).toBe(keccak256(concat(parts)));
    expect(hexlify(keccak(one))).toBe(keccak256(one));
  });
  fc.assert(property, { numRuns: 300 });
});

test('what is no hex is not hashed', () => {
  expect(() => hashOf('0x12', '0xz1')).toThrow(TypeError);
});
