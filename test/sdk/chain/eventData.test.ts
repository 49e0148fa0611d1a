import { AbiCoder, getAddress, hexlify, toBeHex } from 'ethers';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { EventData } from '../../../sdk/chain/eventData.ts';

const TYPES = ['address', 'bytes', 'uint256', 'uint256'];

const bytes = fc.uint8Array({ maxLength: 200 }).map((value) => hexlify(value));
const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((value) => getAddress(hexlify(value)));
const uint = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });

function encode(values: readonly unknown[]): string {
  return AbiCoder.defaultAbiCoder().encode(TYPES, values);
}

test('an event is read as the coder has written it', () => {
  const property = fc.property(address, bytes, uint, uint, (from, data, first, second) => {
    const event = new EventData(encode([from, data, first, second]));
    expect([event.address(0), event.bytes(1), event.uint(2), event.uint(3)]).toEqual([from, data, first, second]);
  });
  fc.assert(property);
});

test('what is cut short is not read', () => {
  const whole = encode([toBeHex(1, 20), `0x${'ab'.repeat(40)}`, 1n, 2n]);
  expect(() => new EventData(whole.slice(0, -64)).bytes(1)).toThrow(RangeError);
  expect(() => new EventData(whole.slice(0, 2 + 3 * 64)).uint(3)).toThrow(RangeError);
  expect(() => new EventData(whole.slice(0, -2))).toThrow(RangeError);
});

test('bytes that stand beyond the end, or are longer than all there is, are not read', () => {
  for (const words of [[2n ** 255n], [32n, 2n ** 200n]]) {
    const data = AbiCoder.defaultAbiCoder().encode(
      words.map(() => 'uint256'),
      words,
    );
    expect(() => new EventData(data).bytes(0)).toThrow(RangeError);
  }
});

test('a word that is larger than an address is none, and what is no hex is no data', () => {
  expect(() => new EventData(toBeHex(2n ** 160n, 32)).address(0)).toThrow(RangeError);
  expect(() => new EventData(`0x${'zz'.repeat(32)}`)).toThrow(RangeError);
});
