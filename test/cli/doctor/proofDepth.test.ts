import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { findProofDepth, judgeProofDepth, neededDepth } from '../../../cli/doctor/proofDepth.ts';
import { parseNodeConfig } from '../../../relayer/lanes/rollup/config.ts';

/** A node that keeps the state of so many blocks behind the head. */
async function search(head: number, lowest: number, kept: number) {
  const asked: number[] = [];
  const found = await findProofDepth(head, lowest, async (block) => {
    asked.push(block);
    return await Promise.resolve(head - block <= kept);
  });
  return { ...found, asked };
}

describe('the depth is found', () => {
  test('to a sixteenth, with few questions, and none about blocks before the lane', async () => {
    const numbers = fc.tuple(fc.integer({ min: 0, max: 200_000_000 }), fc.nat(), fc.nat(), fc.nat());
    await fc.assert(
      fc.asyncProperty(numbers, async ([head, a, b, small]) => {
        const lowest = a % (head + 1);
        const most = head - lowest;
        // Small ones are usual, and rare in a range that large.
        const kept = b % 2 === 0 ? small % 300 : b % (most + 10);
        const { depth, isWhole, asked } = await search(head, lowest, kept);
        const real = Math.min(kept, most);
        expect(isWhole).toBe(real === most);
        expect(depth).toBeLessThanOrEqual(real);
        expect(real - (depth ?? 0)).toBeLessThanOrEqual(Math.max(1, real / 15));
        expect(asked.length).toBeLessThanOrEqual(40);
        expect(asked.every((block) => block >= lowest && block <= head)).toBe(true);
      }),
    );
  });

  test('to be all where all can be proven, and none where not even the head can', async () => {
    expect(await search(1000, 1, 999)).toMatchObject({ depth: 999, isWhole: true });
    expect(await search(1000, 1, -1)).toMatchObject({ depth: undefined, isWhole: false });
    expect(await search(5, 9, 0)).toMatchObject({ depth: 0, isWhole: true });
  });
});

describe('what is needed', () => {
  const config = parseNodeConfig({
    flags: { store: 's', proposalInterval: 60_000, maxBatchSize: 100 },
    environment: {},
    file: {},
  });

  test('grows with the lag of final blocks, the time between two batches and their size', () => {
    expect(neededDepth(config, { blockTime: 2, lag: 64 })).toEqual({ usual: 94, safe: 388 });
    expect(neededDepth(config, { blockTime: 0, lag: 0 })).toEqual({ usual: 0, safe: 200 });
  });

  test.each([
    [{ depth: undefined, isWhole: false }, 'problem', 'not even its newest block is proven by eth_getProof'],
    [{ depth: 93, isWhole: false }, 'problem', 'about 93 blocks, and a batch that is just committed can end 94 back'],
    [{ depth: 94, isWhole: false }, 'warning', 'about 94 blocks, enough while all keep up; 388 outlast a longer halt'],
    [{ depth: 388, isWhole: false }, 'ok', 'about 388 blocks, and 388 are needed'],
    // A chain that is younger than what is needed.
    [{ depth: 3, isWhole: true }, 'ok', '3 blocks, all since the lane began'],
  ])('%j is a %s', (depth, verdict, value) => {
    expect(judgeProofDepth('http://x', depth, { usual: 94, safe: 388 })).toMatchObject({ verdict, value });
  });
});
