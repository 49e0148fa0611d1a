import { toChecksum } from '../../sdk/core/address.ts';

/** Hex as the store keeps it. */
export function toBytes(hex: string): Uint8Array {
  if (!/^0x(?:[\da-f]{2})*$/iu.test(hex)) throw new TypeError(`"${hex.slice(0, 80)}" is not hex`);
  return Uint8Array.from(Buffer.from(hex.slice(2), 'hex'));
}

/** Bytes of the store as hex. */
export function toHex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`;
}

/** Bytes of the store as a checksummed address. */
export function toAddress(bytes: Uint8Array): string {
  return toChecksum(toHex(bytes));
}
