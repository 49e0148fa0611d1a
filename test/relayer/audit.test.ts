import { expect, test } from 'vitest';

import { auditOf } from '../../relayer/lanes/audit.ts';
import type { Numbered } from '../../relayer/store/gaps.ts';
import type { Database } from '../../relayer/store/schema.ts';

/** Nothing here reads it. */
const db = undefined as unknown as Database;

/** More than are looked at together. */
const MANY = 5000;

/** Events in blocks of ten, as they are recorded. */
function events(count: number): Numbered[] {
  return Array.from({ length: count }, (_, number) => ({ number, blockNumber: 100 + Math.floor(number / 10) }));
}

function auditing(recorded: () => readonly Numbered[], count = MANY) {
  const firsts: number[] = [];
  const audit = auditOf({
    deployedAt: 99,
    countAt: async () => await Promise.resolve(count),
    async recorded(_, { first, limit }) {
      firsts.push(first);
      return await Promise.resolve(
        recorded()
          .filter(({ number }) => number >= first)
          .slice(0, limit),
      );
    },
  });
  return {
    firsts,
    check: async (finalNumber: number) => await (await audit({ number: 1000, finalNumber }))(db),
  };
}

test('all events that are recorded are found, some at a time, and those that are final are not read again', async () => {
  const { check, firsts } = auditing(() => events(MANY));
  expect(await check(100 + (MANY - 20) / 10)).toBeUndefined();
  expect(firsts).toEqual([0, 2000, 4000]);
  firsts.length = 0;
  expect(await check(1000)).toBeUndefined();
  expect(firsts).toEqual([MANY - 11]);
});

test.each([0, 1, 1999, 2000, 2001, 4000, MANY - 1])('number %i that is missing is seen', async (missing) => {
  const { check } = auditing(() => events(MANY).filter(({ number }) => number !== missing));
  // Read again from the block of the last one before it.
  expect(await check(1000)).toBe(missing === 0 ? 100 : 100 + Math.floor((missing - 1) / 10));
});

test('nothing is missing where nothing was counted', async () => {
  expect(await auditing(() => [], 0).check(1000)).toBeUndefined();
});
