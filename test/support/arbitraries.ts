import fc from 'fast-check';
import { getAddress, hexlify } from 'ethers';

import { encodeNonce, type Message } from '../../sdk/core/message.ts';

const MAX_UINT256 = 2n ** 256n - 1n;

/** A uint256, often at its edges. */
export const uint256 = fc.oneof(fc.bigInt(0n, MAX_UINT256), fc.constantFrom(0n, 1n, 2n ** 255n, MAX_UINT256));

/** A checksummed address. */
export const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => getAddress(hexlify(bytes)));

/** A word, hex. */
export const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => hexlify(bytes));

/** Calldata, often none. */
export const data = fc.oneof(
  { weight: 8, arbitrary: fc.uint8Array({ maxLength: 1000 }).map((bytes) => hexlify(bytes)) },
  { weight: 1, arbitrary: fc.constant('0x') },
);

/** A nonce of a counter in range, or any word: the hash takes both. */
const nonce = fc.oneof(
  fc.bigInt(0n, 2n ** 240n - 1n).map((counter) => encodeNonce(counter)),
  uint256,
);

/** A message; its nonce is not always of a version we know. */
export const message: fc.Arbitrary<Message> = fc.record({
  nonce,
  sender: address,
  target: address,
  value: uint256,
  gasLimit: uint256,
  data,
});
