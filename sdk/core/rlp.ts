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

/**
 * The items of a list, each as it is encoded; undefined where the bytes are not one list, or a header is not the
 * shortest. As in a contract, what lists among the items hold is not looked at.
 */
export function itemsOf(bytes: Uint8Array): readonly Uint8Array[] | undefined {
  const list = headerOf(bytes);
  if (list?.isList !== true || list.end !== bytes.length) return undefined;
  const items: Uint8Array[] = [];
  for (let start = list.start; start < list.end;) {
    const rest = bytes.subarray(start);
    const item = headerOf(rest);
    if (item === undefined) return undefined;
    items.push(rest.subarray(0, item.end));
    start += item.end;
  }
  return items;
}

/** How many bytes the item takes that the bytes start with; undefined where they start with none. */
export function lengthOfItem(bytes: Uint8Array): number | undefined {
  return headerOf(bytes)?.end;
}

interface Header {
  readonly isList: boolean;
  /** Where the content starts and ends. */
  readonly start: number;
  readonly end: number;
}

const LONGEST_SHORT = 55;

/** Of the item that the bytes start with. */
function headerOf(bytes: Uint8Array): Header | undefined {
  const [prefix, first = 0] = bytes;
  if (prefix === undefined) return undefined;
  if (prefix < 0x80) return { isList: false, start: 0, end: 1 };
  const isList = prefix >= 0xc0;
  const short = prefix - (isList ? 0xc0 : 0x80);
  const isLong = short > LONGEST_SHORT;
  const start = isLong ? 1 + short - LONGEST_SHORT : 1;
  const length = isLong ? bytes.subarray(1, start).reduce((sum, byte) => sum * 256 + byte, 0) : short;
  const isShortest = isLong ? first !== 0 && length > LONGEST_SHORT : isList || length !== 1 || first >= 0x80;
  return isShortest && start + length <= bytes.length ? { isList, start, end: start + length } : undefined;
}
