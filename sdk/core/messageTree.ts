import { AbiCoder, keccak256, toBeHex, ZeroHash } from 'ethers';

import { hashOf } from './keccak.ts';

/** Storage slot, in the passer, of the commitment of level 0; the other levels' follow. */
const COMMITMENTS_SLOT = 2;

const coder = AbiCoder.defaultAbiCoder();

/**
 * Append-only Merkle tree over the keys of the messages from L2, as `contracts/libraries/MessageTree.sol` defines it: the shape is
 * RFC 6962's. It answers for every number of leaves it ever had.
 */
export class MessageTree {
  /** By level, the roots of complete subtrees, from the left: these stay as they are when the tree grows. */
  readonly #levels: string[][] = [[]];

  constructor(keys: Iterable<string> = []) {
    for (const key of keys) this.append(key);
  }

  /** Number of leaves. */
  get count(): number {
    return this.#levels[0]?.length ?? 0;
  }

  /**
   * Appends a message's key as the next leaf.
   * @param key as `messageKey` gives it, 32 bytes
   */
  append(key: string): void {
    this.#add(hashOf(key), 0);
  }

  /**
   * Appends the leaves of a complete subtree whose nodes are known. They are taken as they are: the root tells whether they are right.
   * @param levels by level from its leaves up, as `subtree` gives them
   * @throws {RangeError} when the tree does not end where such a subtree begins
   */
  appendSubtree(levels: readonly (readonly string[])[]): void {
    const height = levels.length - 1;
    if (this.count % 2 ** height !== 0) {
      throw new RangeError(`no subtree of height ${height} begins after ${this.count} messages`);
    }
    for (const [level, nodes] of levels.slice(0, height).entries()) {
      const all = (this.#levels[level] ??= []);
      for (const node of nodes) all.push(node);
    }
    this.#add(levels[height]?.[0] ?? '', height);
  }

  /**
   * The nodes of a complete subtree, by level from its leaves up.
   * @param height 0 for a leaf alone
   * @param index from the left, among those of its height
   * @throws {RangeError} when it is not complete
   */
  subtree(height: number, index: number): string[][] {
    if ((index + 1) * 2 ** height > this.count) {
      throw new RangeError(`subtree ${index} of height ${height} is not complete with ${this.count} messages`);
    }
    return Array.from({ length: height + 1 }, (_, level) => {
      const width = 2 ** (height - level);
      return this.#levels[level]?.slice(index * width, (index + 1) * width) ?? [];
    });
  }

  /** Adds the root of a complete subtree, and the parents that it completes. */
  #add(root: string, height: number): void {
    let node = root;
    for (let level = height; ; level++) {
      const nodes = (this.#levels[level] ??= []);
      nodes.push(node);
      if (nodes.length % 2 === 1) return;
      node = parentOf(nodes.at(-2) ?? '', node);
    }
  }

  /** Whether a message's key is the leaf with this index. */
  holds(key: string, index: number): boolean {
    return this.#levels[0]?.[index] === hashOf(key);
  }

  /**
   * Roots of the complete subtrees of the tree as it was with `count` leaves, from the left: what `proveMessageRoot` takes.
   * @throws {RangeError} when there never were so many leaves
   */
  peaks(count: number = this.count): string[] {
    this.#checkCount(count);
    return subtreesOf(count).map(({ level, start }) => this.#node(level, start / 2 ** level, count));
  }

  /**
   * The root of the tree as it was with `count` leaves.
   * @throws {RangeError} when there never were so many leaves
   */
  root(count: number = this.count): string {
    return rootOfPeaks(this.peaks(count));
  }

  /**
   * Siblings on a leaf's way to the root of the tree as it was with `count` leaves, from the leaf upwards.
   * @throws {RangeError} when there is no such leaf, or never were so many
   */
  path(index: number, count: number = this.count): string[] {
    return this.multiproof([index], count);
  }

  /**
   * Siblings on the leaves' ways to the root of the tree as it was with `count` leaves that do not follow from the leaves: level by
   * level upwards, each level from the left.
   * @param indices strictly ascending, at least one
   * @throws {RangeError} when there is no such leaf, or never were so many, or the indices do not ascend
   */
  multiproof(indices: readonly number[], count: number = this.count): string[] {
    this.#checkCount(count);
    return multiproofPlaces(indices, count).map(({ level, index }) => this.#node(level, index, count));
  }

  /** A node of the tree as it was with `count` leaves, whether its subtree is complete or not. */
  #node(level: number, index: number, count: number): string {
    const width = 2 ** level;
    if ((index + 1) * width <= count) return this.#levels[level]?.[index] ?? '';
    const left = this.#node(level - 1, 2 * index, count);
    const hasRight = (2 * index + 1) * (width / 2) < count;
    return hasRight ? parentOf(left, this.#node(level - 1, 2 * index + 1, count)) : left;
  }

  #checkCount(count: number): void {
    if (!Number.isInteger(count) || count < 1 || count > this.count) {
      throw new RangeError(`a tree of ${this.count} messages never had ${count}, or has no root with so many`);
    }
  }
}

/** A node's place in a tree. */
interface Place {
  /** 0 at the leaves. */
  readonly level: number;
  /** From the left. */
  readonly index: number;
}

/**
 * Where the siblings of a multiproof stand.
 * @param indices of the leaves, strictly ascending, at least one
 * @param count number of leaves of the tree
 * @throws {RangeError} when there is no such leaf, or the indices do not ascend
 */
export function multiproofPlaces(indices: readonly number[], count: number): Place[] {
  checkIndices(indices, count);
  const places: Place[] = [];
  let known = new Set(indices);
  for (let [level, last] = [0, count - 1]; last > 0; level++) {
    for (const index of known) {
      const sibling = index % 2 === 0 ? index + 1 : index - 1;
      if (sibling <= last && !known.has(sibling)) places.push({ level, index: sibling });
    }
    known = new Set([...known].map((index) => Math.floor(index / 2)));
    last = Math.floor(last / 2);
  }
  return places;
}

/** The root of a tree that has these peaks, at least one. */
export function rootOfPeaks(peaks: readonly string[]): string {
  return peaks.reduceRight((right, left) => parentOf(left, right));
}

/**
 * What the passer's storage holds of a tree.
 * @param count number of leaves
 * @param peaks from the left, one for each set bit of the count
 * @throws {RangeError} when there are more or fewer, or the count is no positive integer
 */
export function treeCommitment(count: number, peaks: readonly string[]): string {
  const subtrees = subtreesOf(count);
  if (peaks.length !== subtrees.length) {
    throw new RangeError(`a tree of ${count} messages has ${subtrees.length} peaks, not ${peaks.length}`);
  }
  return subtrees.reduce((previous, { level, start }, place) => {
    const values = [start + 2 ** level, previous, peaks[place]];
    return keccak256(coder.encode(['uint256', 'bytes32', 'bytes32'], values));
  }, ZeroHash);
}

/**
 * The passer's storage slot that holds the commitment to a tree of `count` leaves.
 * @throws {RangeError} when the count is no positive integer
 */
export function treeCommitmentSlot(count: number): string {
  const lowest = subtreesOf(count).at(-1)?.level ?? 0;
  return toBeHex(COMMITMENTS_SLOT + lowest, 32);
}

/** The complete subtrees that a tree is made of, from the left, one for each set bit of the count. */
function subtreesOf(count: number): { readonly level: number; readonly start: number }[] {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new RangeError(`a message tree has 1 message or more, not ${count}`);
  }
  const subtrees = [];
  for (let [level, rest] = [0, count]; rest > 0; level++) {
    const start = (rest - 1) * 2 ** level;
    if (rest % 2 === 1) subtrees.push({ level, start });
    rest = Math.floor(rest / 2);
  }
  return subtrees.toReversed();
}

function parentOf(left: string, right: string): string {
  return hashOf(left, right);
}

function checkIndices(indices: readonly number[], count: number): void {
  for (const [place, index] of indices.entries()) {
    const previous = indices[place - 1] ?? -1;
    if (!Number.isInteger(index) || index <= previous) {
      throw new RangeError(`index ${index} does not follow ${previous}`);
    }
  }
  const last = indices.at(-1);
  if (last === undefined || last >= count) throw new RangeError(`index ${last} is not in a tree of ${count} messages`);
}
