import { concat, dataLength, dataSlice, sha256, toBeHex, zeroPadBytes, ZeroHash } from 'ethers';

/** A Merkle tree of SSZ: chunks of 32 bytes, filled up with zeros to a power of two. */
export interface SszTree {
  readonly root: string;
  /** How many levels the chunks are below the root. */
  readonly height: number;
  /** A node by its level above the chunks and its place there. */
  readonly nodeAt: (level: number, place: number) => string;
}

/** Hash of two nodes. */
export function hashPair(left: string, right: string): string {
  return sha256(concat([left, right]));
}

/** The chunk of a number: its lowest byte first. */
export function numberChunk(value: bigint): string {
  const bytes = toBeHex(value, 32).slice(2).match(/../gu)!;
  return `0x${bytes.toReversed().join('')}`;
}

/**
 * The tree of some chunks.
 * @param chunks one at least, hex
 */
export function sszTree(chunks: readonly string[]): SszTree {
  const levels: string[][] = [[...chunks]];
  let empty = ZeroHash;
  for (let level = levels[0]!; level.length > 1; level = levels.at(-1)!) {
    const filler = empty;
    const parents = Array.from({ length: Math.ceil(level.length / 2) }, (_, i) =>
      hashPair(level[2 * i]!, level[2 * i + 1] ?? filler),
    );
    if (level.length % 2 === 1) level.push(filler);
    levels.push(parents);
    empty = hashPair(empty, empty);
  }
  return {
    root: levels.at(-1)![0]!,
    height: levels.length - 1,
    nodeAt: (level, place) => levels[level]![place]!,
  };
}

/** Siblings of a chunk, from below upwards. */
export function branchOf(tree: SszTree, index: number): string[] {
  return Array.from({ length: tree.height }, (_, level) => tree.nodeAt(level, (index >> level) ^ 1));
}

/** Siblings of two chunks, from below upwards: of each in turn until their ways meet, and then of both. */
export function branchOfTwo(tree: SszTree, first: number, second: number): string[] {
  const siblings: string[] = [];
  for (let level = 0; level < tree.height; level++) {
    const [a, b] = [first >> level, second >> level];
    // Where they are each other's siblings, neither is given.
    if ((a ^ b) === 1) continue;
    siblings.push(tree.nodeAt(level, a ^ 1));
    if (a !== b) siblings.push(tree.nodeAt(level, b ^ 1));
  }
  return siblings;
}

/** Root over a node and its siblings. */
export function rootOf(node: string, index: number, siblings: readonly string[]): string {
  return siblings.reduce(
    (below, sibling, level) => ((index >> level) & 1 ? hashPair(sibling, below) : hashPair(below, sibling)),
    node,
  );
}

/** Root of bytes of a fixed length. */
export function bytesRoot(bytes: string): string {
  const chunks: string[] = [];
  for (let start = 0; start < dataLength(bytes); start += 32) {
    chunks.push(zeroPadBytes(dataSlice(bytes, start, Math.min(start + 32, dataLength(bytes))), 32));
  }
  return sszTree(chunks).root;
}

/** Root of at most 32 bytes, whose number varies. */
export function shortListRoot(bytes: string): string {
  return hashPair(zeroPadBytes(bytes, 32), numberChunk(BigInt(dataLength(bytes))));
}
