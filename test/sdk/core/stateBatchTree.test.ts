import fc from 'fast-check';
import { concat, keccak256, toBeHex } from 'ethers';
import { describe, expect, test } from 'vitest';

import { buildStateBatchTree, MAX_STATE_BATCH_SIZE } from '../../../sdk/core/stateBatchTree.ts';
import * as arbitrary from '../../support/arbitraries.ts';
import { describeVectors, readVectors } from '../../support/vectors.ts';

const leaf = (index: number): string => keccak256(toBeHex(index, 32));

/** The root that a path leads to, by the rule the contracts verify by. */
function rootOf(leafHash: string, index: number, siblings: readonly string[]): string {
  return siblings.reduce(
    (node, sibling, level) => keccak256((index >> level) % 2 === 1 ? concat([sibling, node]) : concat([node, sibling])),
    leafHash,
  );
}

describe('a state-batch tree', () => {
  test('has a path from each leaf to its root, equal leaves included', () => {
    const leaves = fc.array(fc.oneof(arbitrary.bytes32, fc.constant(leaf(0))), { minLength: 1, maxLength: 70 });
    const property = fc.property(leaves, (roots) => {
      const tree = buildStateBatchTree(roots);
      const height = Math.ceil(Math.log2(roots.length));
      for (const [index, root] of roots.entries()) {
        expect(tree.siblings(index)).toHaveLength(height);
        expect(rootOf(root, index, tree.siblings(index))).toBe(tree.root);
      }
    });
    fc.assert(property, { numRuns: 30 });
  });

  test.each([0, MAX_STATE_BATCH_SIZE + 1])('of %d state roots is refused', (size) => {
    const root = leaf(0);
    const roots = Array.from({ length: size }, () => root);
    expect(() => buildStateBatchTree(roots)).toThrow(RangeError);
  });

  test.each([-1, 3, 0.5])('of three has no leaf %d', (index) => {
    expect(() => buildStateBatchTree([leaf(0), leaf(1), leaf(2)]).siblings(index)).toThrow(RangeError);
  });
});

describeVectors('the vectors of state-batch trees', () => {
  test('are our trees', () => {
    const { cases } = readVectors('merkle/state-batch-trees.json') as {
      cases: { n: number; root: string; proofs: { index: number; siblings: string[] }[] }[];
    };
    expect(cases).toHaveLength(15);
    for (const { n, root, proofs } of cases) {
      const tree = buildStateBatchTree(Array.from({ length: n }, (_, index) => leaf(index)));
      expect(tree.root).toBe(root);
      for (const { index, siblings } of proofs) expect(tree.siblings(index)).toEqual(siblings);
    }
  });
});
