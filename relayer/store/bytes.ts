import { getAddress, getBytes, hexlify } from 'ethers';

/** Hex as the store keeps it. */
export function toBytes(hex: string): Uint8Array {
  return getBytes(hex);
}

/** Bytes of the store as hex. */
export function toHex(bytes: Uint8Array): string {
  return hexlify(bytes);
}

/** Bytes of the store as a checksummed address. */
export function toAddress(bytes: Uint8Array): string {
  return getAddress(hexlify(bytes));
}
