import { getAddress } from 'ethers';

/** Addresses that are remembered: the same ones come again and again, and a checksum takes a hash. */
const REMEMBERED = 10_000;

const checksummed = new Map<string, string>();

/**
 * An address with its checksum.
 * @param address 0x and 40 hex digits in lower case, of a node or of the store
 * @throws {TypeError} when it is none
 */
export function toChecksum(address: string): string {
  const known = checksummed.get(address);
  if (known !== undefined) return known;
  const result = getAddress(address);
  if (checksummed.size === REMEMBERED) checksummed.clear();
  checksummed.set(address, result);
  return result;
}
