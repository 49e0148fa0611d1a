import { getBytes } from 'ethers';
import sha3 from 'js-sha3';

/**
 * Keccak-256 of bytes, as ethers' `keccak256` has it, in a quarter of the time: for what is hashed by the hundred thousand.
 * @param parts hex, one after the other
 * @throws {TypeError} when one is not hex
 */
export function hashOf(...parts: readonly string[]): string {
  return `0x${sha3.keccak256(getBytes(`0x${parts.map((part) => part.slice(2)).join('')}`))}`;
}

/** Keccak-256 of bytes, for `keccak256.register` of ethers. */
export function keccak(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(sha3.keccak256.arrayBuffer(bytes));
}
