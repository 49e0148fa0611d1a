import { concat, dataLength, dataSlice, decodeRlp, encodeRlp, isError, toBigInt, type RlpStructuredData } from 'ethers';

import { XdmError } from '../../errors.ts';

/** How a chain's validators seal its headers; in the order of the contract's `SealScheme`. */
export const SEAL_SCHEMES = ['qbft', 'ibft2', 'istanbul'] as const;

/** See `SEAL_SCHEMES`. */
export type SealScheme = (typeof SEAL_SCHEMES)[number];

/** A header and the seals over it, as the light client takes them. */
export interface SealedHeader {
  /** RLP, hex, as it hashes to the block's hash: without seals. */
  readonly header: string;
  /** Round in which it was sealed; 0 with Istanbul. */
  readonly round: number;
  /** 65 bytes each, hex, one after the other. */
  readonly seals: string;
  /** RLP list of the validators, hex. */
  readonly validators: string;
}

/** Position of the extra data in a header. */
const EXTRA_DATA = 12;

/** Istanbul's extra data starts with so many bytes of anything. */
const VANITY = 32;

/** Bytes of a seal. */
const SEAL = 65;

/**
 * Takes the seals out of a header.
 * @param raw the header's RLP with its seals, hex
 * @param position of the extra data among the header's fields, from 0
 * @throws {XdmError} `invalid-argument` where the extra data is not what the scheme says
 */
export function unseal(raw: string, scheme: SealScheme, position = EXTRA_DATA): SealedHeader {
  const fields = listOf(decode(raw), 'the header');
  const extraData = stringOf(fields[position], 'the extra data');
  const isIstanbul = scheme === 'istanbul';
  if (isIstanbul && dataLength(extraData) < VANITY) {
    throw malformed(`the extra data has ${dataLength(extraData)} bytes`);
  }
  const prefix = isIstanbul ? dataSlice(extraData, 0, VANITY) : '0x';
  const items = listOf(decode(dataSlice(extraData, dataLength(prefix))), 'the extra data');
  const expected = isIstanbul ? ISTANBUL_ITEMS : BESU_ITEMS;
  if (items.length !== expected) throw malformed(`the extra data has ${items.length} items, not ${expected}`);
  const validators = listOf(items[isIstanbul ? 0 : 1], 'the list of validators');
  const round = isIstanbul ? 0 : Number(toBigInt(padded(stringOf(items[3], 'the round'))));
  const seals = listOf(items.at(-1), 'the list of seals').map((seal) => withParity(stringOf(seal, 'a seal')));
  const kept = concat([prefix, encodeRlp(withoutSeals(items, scheme))]);
  return {
    header: encodeRlp(fields.toSpliced(position, 1, kept)),
    round,
    seals: concat(seals),
    validators: encodeRlp([...validators]),
  };
}

const ISTANBUL_ITEMS = 3;
const BESU_ITEMS = 5;

/** What the block's hash covers of the extra data. */
function withoutSeals(items: readonly RlpStructuredData[], scheme: SealScheme): RlpStructuredData[] {
  if (scheme === 'istanbul') return [...items.slice(0, 2), []];
  return scheme === 'qbft' ? [...items.slice(0, 3), '0x', []] : items.slice(0, 3);
}

/** The parity of some clients' seals is 27 or 28. */
function withParity(seal: string): string {
  if (dataLength(seal) !== SEAL) throw malformed(`a seal has ${dataLength(seal)} bytes, not ${SEAL}`);
  const parity = Number(dataSlice(seal, SEAL - 1));
  return parity < 27 ? seal : concat([dataSlice(seal, 0, SEAL - 1), Uint8Array.of(parity - 27)]);
}

function padded(hex: string): string {
  return hex === '0x' ? '0x00' : hex;
}

function decode(bytes: string): RlpStructuredData {
  try {
    return decodeRlp(bytes);
  } catch (cause) {
    throw malformed(`it is no RLP: ${reasonOf(cause)}`);
  }
}

/** Without the values that ethers appends. */
function reasonOf(cause: unknown): string {
  if (isError(cause, 'BUFFER_OVERRUN') || isError(cause, 'INVALID_ARGUMENT')) return cause.shortMessage;
  return cause instanceof Error ? cause.message : String(cause);
}

function listOf(item: RlpStructuredData | undefined, what: string): readonly RlpStructuredData[] {
  if (item !== undefined && typeof item !== 'string') return item;
  throw malformed(`${what} is no list`);
}

function stringOf(item: RlpStructuredData | undefined, what: string): string {
  if (typeof item === 'string') return item;
  throw malformed(`${what} is no string of bytes`);
}

function malformed(problem: string): XdmError {
  return new XdmError('invalid-argument', `the sealed header is malformed: ${problem}`, {
    hint: "give the header with its seals as the chain's nodes have it, and the scheme by which they seal",
  });
}
