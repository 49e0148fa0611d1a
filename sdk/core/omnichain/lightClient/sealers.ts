import {
  concat,
  dataLength,
  dataSlice,
  decodeRlp,
  encodeRlp,
  keccak256,
  recoverAddress,
  toBeArray,
  toBeHex,
} from 'ethers';
import type { RlpStructuredData } from 'ethers';

import { XdmError } from '../../errors.ts';
import type { SealedHeader, SealScheme } from './sealedHeader.ts';

/** Position of the extra data in a header. */
const EXTRA_DATA = 12;

/** Bytes of a seal, and of IBFT 2.0's round. */
const SEAL = 65;
const ROUND = 4;

/** What stands after a block's hash where validators of Istanbul have signed it. */
const COMMIT = '0x02';

/**
 * Who has sealed a header, in the order of the seals; addresses in lower case, as `validatorsOf`.
 * @throws {XdmError} `update-invalid` for a seal that is none
 */
export function sealersOf(sealed: SealedHeader, scheme: SealScheme): string[] {
  const digest = sealedHash(sealed, scheme);
  const count = dataLength(sealed.seals) / SEAL;
  try {
    return Array.from({ length: count }, (_, index) => {
      const seal = dataSlice(sealed.seals, SEAL * index, SEAL * (index + 1));
      const v = 27 + Number(dataSlice(seal, SEAL - 1));
      return recoverAddress(digest, { r: dataSlice(seal, 0, 32), s: dataSlice(seal, 32, 64), v }).toLowerCase();
    });
  } catch (cause) {
    throw new XdmError('update-invalid', 'a seal of the header is no signature', { cause, hint: 'ask another node' });
  }
}

/** The validators of a list as headers have it. */
export function validatorsOf({ validators }: Pick<SealedHeader, 'validators'>): string[] {
  return (decodeRlp(validators) as string[]).map((address) => address.toLowerCase());
}

/** Whether two thirds of the validators, rounded up, are among the sealers. */
export function isQuorum(sealers: readonly string[], validators: readonly string[]): boolean {
  const found = new Set(sealers.filter((sealer) => validators.includes(sealer)));
  return validators.length > 0 && 3 * found.size >= 2 * validators.length;
}

/** What seals cover: with the round, and without the seals themselves. */
export function sealedHash({ header, round }: SealedHeader, scheme: SealScheme): string {
  if (scheme === 'istanbul') return keccak256(concat([keccak256(header), COMMIT]));
  const fields = decodeRlp(header) as RlpStructuredData[];
  const items = decodeRlp(fields[EXTRA_DATA] as string) as RlpStructuredData[];
  const tail = scheme === 'ibft2' ? [toBeHex(round, ROUND)] : [toBeArray(round), []];
  return keccak256(encodeRlp(fields.toSpliced(EXTRA_DATA, 1, encodeRlp([...items.slice(0, 3), ...tail]))));
}
