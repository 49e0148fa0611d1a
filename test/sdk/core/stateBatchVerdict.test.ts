import { id } from 'ethers';
import { describe, expect, test } from 'vitest';

import { buildStateBatchTree } from '../../../sdk/core/stateBatchTree.ts';
import { judgeStateBatch } from '../../../sdk/core/stateBatchVerdict.ts';

const ROOTS = ['a', 'b', 'c', 'd', 'e'].map((label) => id(label));
const BATCH = { batchRoot: buildStateBatchTree(ROOTS).root, firstBlock: 100n };

/** With other roots from a block on. */
function forkedAt(position: number): string[] {
  return ROOTS.map((root, index) => (index < position ? root : id(root)));
}

describe('a state batch', () => {
  test('agrees with a node that has its state roots', () => {
    expect(judgeStateBatch(BATCH, [ROOTS])).toEqual({ kind: 'agrees', stateRoots: ROOTS });
    expect(judgeStateBatch(BATCH, ['missing', ROOTS])).toMatchObject({ kind: 'agrees' });
  });

  test('is not judged by a node that lacks its blocks', () => {
    expect(judgeStateBatch(BATCH, ['missing', 'missing'])).toEqual({ kind: 'missing' });
  });

  test.each([0, 1, 4])('differs from block %i on, where its leaves are known', (position) => {
    const verdict = { kind: 'differs', firstBlock: 100n + BigInt(position), isExact: true };
    expect(judgeStateBatch(BATCH, [forkedAt(position)], ROOTS)).toEqual({ ...verdict, isContested: false });
    // Another node's roots are its leaves, if they have its root.
    expect(judgeStateBatch(BATCH, [forkedAt(position), ROOTS])).toEqual({ ...verdict, isContested: true });
    expect(judgeStateBatch(BATCH, [ROOTS, forkedAt(position)])).toEqual({ ...verdict, isContested: true });
  });

  test('differs nobody knows where without its leaves: its first block is the first that can', () => {
    const verdict = { kind: 'differs', firstBlock: 100n, isExact: false };
    expect(judgeStateBatch(BATCH, [forkedAt(3)])).toEqual({ ...verdict, isContested: false });
    // Leaves of something else tell nothing.
    expect(judgeStateBatch(BATCH, [forkedAt(3)], forkedAt(2))).toEqual({ ...verdict, isContested: false });
    expect(judgeStateBatch(BATCH, [forkedAt(3), forkedAt(1)])).toEqual({ ...verdict, isContested: false });
  });

  test('is contested where one node alone denies it, of several', () => {
    for (const other of ['missing', 'silent'] as const) {
      expect(judgeStateBatch(BATCH, [forkedAt(3), other])).toMatchObject({ kind: 'differs', isContested: true });
      expect(judgeStateBatch(BATCH, [other, forkedAt(3), forkedAt(3)])).toMatchObject({ isContested: false });
    }
    expect(judgeStateBatch(BATCH, [forkedAt(3), forkedAt(3), ROOTS])).toMatchObject({ isContested: true });
  });

  test('is contradicted only where a node agrees with it: of others is told how many say nothing', () => {
    const unheard = (...readings: Parameters<typeof judgeStateBatch>[1]): number | undefined => {
      const verdict = judgeStateBatch(BATCH, readings);
      return verdict.kind === 'differs' ? verdict.unheard : undefined;
    };
    expect(unheard(forkedAt(3), 'silent')).toBe(1);
    expect(unheard('missing', forkedAt(3), 'silent')).toBe(2);
    expect(unheard(forkedAt(3), ROOTS)).toBeUndefined();
    expect(unheard(forkedAt(3), ROOTS, 'silent')).toBeUndefined();
    expect(unheard(forkedAt(3), forkedAt(3), 'silent')).toBeUndefined();
    expect(unheard(forkedAt(3))).toBeUndefined();
  });
});
