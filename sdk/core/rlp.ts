import { decodeRlp, encodeRlp, hexlify, type RlpStructuredData } from 'ethers';

/** Decodes RLP; undefined where the bytes are not the one encoding of what they stand for, as a contract demands it. */
export function decodeStrictly(bytes: Uint8Array): RlpStructuredData | undefined {
  try {
    const decoded = decodeRlp(bytes);
    return encodeRlp(decoded) === hexlify(bytes) ? decoded : undefined;
  } catch {
    return undefined;
  }
}
