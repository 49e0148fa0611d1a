import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { RateBudget } from '../../../../sdk/chain/endpoints/budget.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

test('a budget gives a second of requests at once, then each its turn', () => {
  const budget = new RateBudget(10);
  expect(budget.largest).toBe(10);
  expect(budget.take(10, 5000)).toBe(0);
  expect(budget.take(5, 5000)).toBe(500);
  expect(budget.take(5, 5000)).toBe(1000);
  vi.advanceTimersByTime(500);
  expect(budget.take(1, 5000)).toBe(600);
  vi.advanceTimersByTime(60_000);
  // What was not used is not saved up for longer than a second.
  expect(budget.take(10, 5000)).toBe(0);
  expect(budget.take(1, 5000)).toBe(100);
});

test('what would wait too long is not let in, and takes no turn', () => {
  const budget = new RateBudget(0.5);
  expect(budget.largest).toBe(1);
  expect(budget.take(1, 1000)).toBe(0);
  expect(budget.take(1, 1000)).toBeUndefined();
  expect(budget.take(1, 2000)).toBe(2000);
});

test('without a limit nothing waits', () => {
  const budget = new RateBudget(0);
  expect(budget.take(100_000, 0)).toBe(0);
  expect(budget.largest).toBe(Number.POSITIVE_INFINITY);
});
