import { expect, test } from 'vitest';

import { farApart } from '../../../../../sdk/core/omnichain/lightClient/wantedBlocks.ts';

/** Blocks from 1 on, at a distance from each other. */
function blocks(count: number, distance = 1): bigint[] {
  return Array.from({ length: count }, (_, index) => BigInt(1 + index * distance));
}

test('updates are worth the last block, and what is not near one of these', () => {
  expect(farApart([])).toEqual([]);
  expect(farApart([7n, 20n, 45n])).toEqual([7n, 20n, 45n]);
  expect(farApart([17n, 18n, 20n, 21n, 22n])).toEqual([17n, 22n]);
});

test.each([
  ['a few', 120],
  ['many', 256],
])('all blocks are brought in one go where there are messages in each of %s', (_name, count) => {
  const apart = farApart(blocks(count));
  expect(apart.length).toBeLessThanOrEqual(16);
  expect(apart.at(-1)).toBe(BigInt(count));
  // Few headers lead to each from the one above.
  for (const [index, number] of apart.entries()) expect(number - (apart[index - 1] ?? 0n)).toBeLessThanOrEqual(17n);
});

test('the first blocks are brought where one go is not enough: none is left behind that headers do not lead to', () => {
  expect(farApart(blocks(100, 1000))).toEqual(blocks(16, 1000));
});
