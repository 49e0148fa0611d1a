import fc from 'fast-check';
import { concat, getBytes, hexlify, keccak256, toBeHex } from 'ethers';
import { MerkleTree } from 'merkletreejs';
import { describe, expect, test } from 'vitest';

import { MessageTree, rootOfPeaks, treeCommitment, treeCommitmentSlot } from '../../../sdk/core/messageTree.ts';

/** Hashed once: one of the trees takes 65,537 of them twice. */
const hashed: string[] = [];
const key = (index: number): string => (hashed[index] ??= keccak256(toBeHex(index, 32)));
const keys = (count: number): string[] => Array.from({ length: count }, (_, index) => key(index));
const parent = (left: string, right: string): string => keccak256(concat([left, right]));

/** Where trees change their shape. */
const EDGES = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 255, 256, 257];

/** The same tree by a library, which knows nothing of growing. */
function libraryTree(count: number): MerkleTree {
  const hash = (data: Buffer): Buffer => Buffer.from(getBytes(keccak256(data)));
  return new MerkleTree(keys(count), hash, { hashLeaves: true });
}

function levelsOf(tree: MerkleTree): string[][] {
  return tree.getLayers().map((level) => level.map((node) => hexlify(node)));
}

/** Siblings that the leaves do not give, by the library's levels: by level upwards, each from the left. */
function librarySiblings(levels: readonly (readonly string[])[], indices: readonly number[]): string[] {
  return levels.flatMap((nodes, level) => {
    const known = new Set(indices.map((index) => index >> level));
    return [...known].map((index) => index ^ 1).flatMap((index) => (known.has(index) ? [] : (nodes[index] ?? [])));
  });
}

/** The root that leaves and siblings lead to, by the rule of the contract. */
function rootByMultiproof(indices: readonly number[], count: number, siblings: readonly string[]): string {
  const rest = [...siblings];
  let nodes = new Map(indices.map((index) => [index, keccak256(key(index))]));
  for (let last = count - 1; last > 0; last >>= 1) {
    const parents = new Map<number, string>();
    for (const [index, node] of nodes) {
      if (parents.has(index >> 1)) continue;
      if (index % 2 === 1) parents.set(index >> 1, parent(rest.shift()!, node));
      else if (index === last) parents.set(index >> 1, node);
      else parents.set(index >> 1, parent(node, nodes.get(index + 1) ?? rest.shift()!));
    }
    nodes = parents;
  }
  expect(rest).toEqual([]);
  return nodes.get(0)!;
}

/** A tree, one of the sizes it had, and some of the leaves it had then. */
const leavesOfATree = fc
  .tuple(fc.oneof(fc.constantFrom(...EDGES), fc.integer({ min: 1, max: 300 })), fc.integer({ min: 0, max: 40 }))
  .chain(([count, more]) =>
    fc.record({
      count: fc.constant(count),
      more: fc.constant(more),
      indices: fc
        .uniqueArray(fc.nat(count - 1), { minLength: 1, maxLength: 30 })
        .map((indices) => indices.toSorted((a, b) => a - b)),
    }),
  );

describe('a message tree', () => {
  test.each(EDGES)("of %d messages has merkletreejs's root and paths, however much it has grown since", (count) => {
    const library = libraryTree(count);
    const tree = new MessageTree(keys(count + 9));
    expect(tree.root(count)).toBe(library.getHexRoot());
    for (let index = 0; index < count; index += Math.ceil(count / 40)) {
      const path = library.getProof(keccak256(key(index)), index).map(({ data }) => hexlify(data));
      expect(tree.path(index, count)).toEqual(path);
    }
  });

  test('knows which key is which leaf', () => {
    const tree = new MessageTree(keys(5));
    expect([0, 4].map((index) => tree.holds(key(index), index))).toEqual([true, true]);
    expect([tree.holds(key(1), 2), tree.holds(key(5), 5), tree.holds(key(0), -1)]).toEqual([false, false, false]);
  });

  test("of 65,536 messages and of one more has merkletreejs's root and paths", () => {
    const tree = new MessageTree(keys(65_537));
    const levels = levelsOf(libraryTree(65_537));
    expect([tree.root(65_536), tree.root()]).toEqual([levels[16]?.[0], levels[17]?.[0]]);
    for (const index of [0, 1, 32_767, 32_768, 65_535, 65_536]) {
      expect(tree.path(index)).toEqual(librarySiblings(levels, [index]));
    }
  });

  test("has multiproofs that lead to its root, with merkletreejs's siblings", () => {
    const property = fc.property(leavesOfATree, ({ count, more, indices }) => {
      const tree = new MessageTree(keys(count + more));
      const library = libraryTree(count);
      const siblings = tree.multiproof(indices, count);
      expect(siblings).toEqual(librarySiblings(levelsOf(library), indices));
      expect(rootByMultiproof(indices, count, siblings)).toBe(library.getHexRoot());
    });
    fc.assert(property, { numRuns: 100 });
  });

  test('grows by subtrees whose nodes are known as it does by their leaves', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 5 }), (count, height) => {
        const whole = new MessageTree(keys(count));
        const width = 2 ** height;
        const tree = new MessageTree();
        for (let index = 0; (index + 1) * width <= count; index++) tree.appendSubtree(whole.subtree(height, index));
        for (const each of keys(count).slice(tree.count)) tree.append(each);
        const counts = Array.from({ length: count }, (_, before) => before + 1);
        expect(counts.map((each) => tree.root(each))).toEqual(counts.map((each) => whole.root(each)));
      }),
      { numRuns: 30 },
    );
    const tree = new MessageTree(keys(3));
    expect(() => tree.subtree(1, 1)).toThrow('subtree 1 of height 1 is not complete with 3 messages');
    expect(() => tree.appendSubtree(tree.subtree(1, 0))).toThrow('no subtree of height 1 begins after 3 messages');
  });

  test('has as many peaks as its count has set bits, and they give its root', () => {
    const tree = new MessageTree(keys(70));
    for (let count = 1; count <= 70; count++) {
      const peaks = tree.peaks(count);
      expect(peaks).toHaveLength(count.toString(2).replaceAll('0', '').length);
      expect(rootOfPeaks(peaks)).toBe(tree.root(count));
    }
  });

  test('of one leaf is that leaf, and its path is empty', () => {
    const tree = new MessageTree(keys(1));
    expect(tree.root()).toBe(keccak256(key(0)));
    expect(tree.path(0)).toEqual([]);
  });

  test.each([0, 4, -1, 1.5])('of three never had %d', (count) => {
    const tree = new MessageTree(keys(3));
    expect(() => tree.root(count)).toThrow(RangeError);
    expect(() => tree.peaks(count)).toThrow(RangeError);
    expect(() => tree.multiproof([0], count)).toThrow(RangeError);
  });

  test.each([[[]], [[3]], [[-1]], [[0.5]], [[1, 1]], [[2, 1]]])('of three has no leaves at %j', (indices) => {
    expect(() => new MessageTree(keys(3)).multiproof(indices)).toThrow(RangeError);
  });
});

describe("the passer's commitment", () => {
  test('chains the peaks, each with the number of leaves up to it', () => {
    const tree = new MessageTree(keys(7));
    const link = (count: number, previous: string, peak: string): string =>
      keccak256(concat([toBeHex(count, 32), previous, peak]));
    const [first = '', second = '', third = ''] = tree.peaks(7);
    const expected = link(7, link(6, link(4, toBeHex(0, 32), first), second), third);
    expect(treeCommitment(7, tree.peaks(7))).toBe(expected);
  });

  test.each([
    [1, 2],
    [2, 3],
    [3, 2],
    [64, 8],
    [96, 7],
    [2 ** 40, 42],
  ])('of %d messages stands in slot %d', (count, slot) => {
    expect(treeCommitmentSlot(count)).toBe(toBeHex(slot, 32));
  });

  test.each([0, -1, 0.5, 2 ** 53])('of %d messages is refused', (count) => {
    expect(() => treeCommitmentSlot(count)).toThrow(RangeError);
    expect(() => treeCommitment(count, [])).toThrow(RangeError);
  });

  test('takes one peak for each set bit', () => {
    expect(() => treeCommitment(3, [key(0)])).toThrow('2 peaks, not 1');
  });
});
