import { concat, sha256, toBeHex, ZeroHash } from 'ethers';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import {
  branchOf,
  branchOfTwo,
  bytesRoot,
  hashPair,
  numberChunk,
  rootOf,
  shortListRoot,
  sszTree,
} from '../../../../../sdk/core/omnichain/lightClient/ssz.ts';

const chunk = (i: number): string => toBeHex(i, 32);

/** The root by its definition: all chunks that are missing are there as zeros. */
function naiveRoot(chunks: readonly string[]): string {
  const size = 2 ** Math.ceil(Math.log2(chunks.length));
  let level = Array.from({ length: size }, (_, i) => chunks[i] ?? ZeroHash);
  while (level.length > 1) {
    level = Array.from({ length: level.length / 2 }, (_, i) => sha256(concat([level[2 * i]!, level[2 * i + 1]!])));
  }
  return level[0]!;
}

test('a tree is filled up with zeros, and each chunk has a branch', () => {
  for (let count = 1; count <= 33; count += 1) {
    const chunks = Array.from({ length: count }, (_, i) => chunk(i + 1));
    const tree = sszTree(chunks);
    expect(tree.root, `${count} chunks`).toBe(naiveRoot(chunks));
    for (const [index, leaf] of chunks.entries()) expect(rootOf(leaf, index, branchOf(tree, index))).toBe(tree.root);
  }
});

test('two chunks have one branch, which gives each sibling once', () => {
  const tree = sszTree(Array.from({ length: 17 }, (_, i) => chunk(i + 1)));
  const siblings = branchOfTwo(tree, 6, 12);
  // As the contract climbs: the two in turn for three levels, and then together for one.
  const number = rootOf(chunk(7), 6, [siblings[0]!, siblings[2]!, siblings[4]!]);
  const hash = rootOf(chunk(13), 12, [siblings[1]!, siblings[3]!, siblings[5]!]);
  expect(hashPair(hashPair(number, hash), siblings[6]!)).toBe(tree.root);
  expect(siblings).toHaveLength(7);
});

test("a number's lowest byte comes first", () => {
  expect(numberChunk(0n)).toBe(ZeroHash);
  expect(numberChunk(0x01_02n)).toBe(`0x0201${'00'.repeat(30)}`);
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (value) => {
      const bytes = numberChunk(value).slice(2).match(/../gu)!;
      expect(BigInt(`0x${bytes.toReversed().join('')}`)).toBe(value);
    }),
  );
});

test('bytes are cut into chunks', () => {
  expect(bytesRoot('0x0102')).toBe(`0x0102${'00'.repeat(30)}`);
  const key = `0x${'11'.repeat(48)}`;
  expect(bytesRoot(key)).toBe(sha256(concat([key, `0x${'00'.repeat(16)}`])));
  expect(shortListRoot('0x0102')).toBe(hashPair(`0x0102${'00'.repeat(30)}`, numberChunk(2n)));
  expect(shortListRoot('0x')).toBe(hashPair(ZeroHash, ZeroHash));
});
