import { bls12_381 } from '@noble/curves/bls12-381';
import { toBeHex } from 'ethers';

import { XdmError } from '../../errors.ts';

/** A point of the first group as contracts take it: each coordinate in two words, the upper of 16 bytes. */
export interface G1Words {
  readonly xHigh: bigint;
  readonly xLow: bigint;
  readonly yHigh: bigint;
  readonly yLow: bigint;
}

const LOW_BITS = 256n;
const LOW = (1n << LOW_BITS) - 1n;

/**
 * A public key.
 * @param compressed 48 bytes, hex
 * @throws {XdmError} `update-invalid` when it is no point of the group
 */
export function keyWords(compressed: string): G1Words {
  const { x, y } = decompress('key', () => bls12_381.G1.ProjectivePoint.fromHex(compressed.slice(2)).toAffine());
  return { xHigh: x >> LOW_BITS, xLow: x & LOW, yHigh: y >> LOW_BITS, yLow: y & LOW };
}

/**
 * A signature, as eight words: two coordinates of two parts of two words.
 * @param compressed 96 bytes, hex
 * @throws {XdmError} `update-invalid` when it is no point of the group
 */
export function signatureWords(compressed: string): string[] {
  const { x, y } = decompress('signature', () => bls12_381.Signature.fromHex(compressed.slice(2)).toAffine());
  return [x.c0, x.c1, y.c0, y.c1].flatMap((part) => [toBeHex(part >> LOW_BITS, 32), toBeHex(part & LOW, 32)]);
}

function decompress<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new XdmError('update-invalid', `a ${what} of the update is no point of its group`, { cause });
  }
}
