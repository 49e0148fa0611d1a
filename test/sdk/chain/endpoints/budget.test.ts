import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { RateBudget } from '../../../../sdk/chain/endpoints/budget.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Takes turns, and notes when each came: milliseconds from now on. */
function line(budget: RateBudget): {
  readonly came: string[];
  readonly ask: (name: string, count: number, isPrompt?: boolean) => void;
  readonly wait: (milliseconds: number) => Promise<void>;
} {
  const start = performance.now();
  const came: string[] = [];
  return {
    came,
    ask: (name, count, isPrompt = false) => {
      void budget
        .join(count, isPrompt)
        .take(count)
        .then(() => came.push(`${name} ${Math.round(performance.now() - start)}`));
    },
    wait: async (milliseconds) => void (await vi.advanceTimersByTimeAsync(milliseconds)),
  };
}

test('a budget gives a second of requests at once, then each its turn', async () => {
  const { came, ask, wait } = line(new RateBudget(10));
  ask('a', 10);
  ask('b', 5);
  ask('c', 5);
  // As long as it takes: nothing that waits is refused.
  for (let count = 0; count < 100; count++) ask('more', 10);
  await wait(1000);
  expect(came).toEqual(['a 0', 'b 500', 'c 1000']);
  await wait(99_000);
  expect(came).toHaveLength(102);
  await wait(1000);
  expect(came.at(-1)).toBe('more 101000');
  await wait(60_000);
  // What was not used is not saved up for longer than a second.
  ask('d', 10);
  ask('e', 1);
  await wait(1000);
  expect(came.slice(-2)).toEqual(['d 161000', 'e 161100']);
});

test('who came first is served first, however much it asks for, and what is prompt before all others', async () => {
  const { came, ask, wait } = line(new RateBudget(10));
  ask('a', 10);
  ask('many', 10);
  ask('one', 1);
  await wait(500);
  ask('prompt', 1, true);
  ask('prompt too', 1, true);
  await wait(1000);
  expect(came).toEqual(['a 0', 'prompt 500', 'prompt too 500', 'many 1200', 'one 1300']);
});

test('what goes in pieces keeps its place', async () => {
  const budget = new RateBudget(10);
  const { came, ask, wait } = line(budget);
  const turn = budget.join(20, false);
  const pieces = turn.take(10).then(async () => await turn.take(10));
  void pieces.then(() => came.push('pieces'));
  ask('later', 1);
  await wait(1100);
  expect(came).toEqual(['pieces', 'later 1100']);
});

test('how long one that comes now would wait follows from those before it', async () => {
  const budget = new RateBudget(10);
  const { ask, wait } = line(budget);
  expect(budget.getDelay(false)).toBe(0);
  for (const name of ['a', 'b', 'c']) ask(name, 10);
  const turn = budget.join(100, false);
  expect(budget.getDelay(false)).toBe(12_000);
  expect(budget.getDelay(true)).toBe(0);
  turn.leave();
  turn.leave();
  await wait(1000);
  expect(budget.getDelay(false)).toBe(1000);
});

test('what is closed lets all go', async () => {
  const budget = new RateBudget(1);
  const { came, ask, wait } = line(budget);
  for (const name of ['a', 'b', 'c']) ask(name, 1);
  budget.close();
  ask('d', 1);
  await wait(0);
  expect(came).toEqual(['a 0', 'b 0', 'c 0', 'd 0']);
});

test('without a limit nothing waits', async () => {
  const budget = new RateBudget(0);
  const { came, ask, wait } = line(budget);
  ask('a', 100_000);
  ask('b', 100_000);
  expect(budget.getDelay(false)).toBe(0);
  await wait(0);
  expect(came).toEqual(['a 0', 'b 0']);
  expect(budget.largest).toBe(Number.POSITIVE_INFINITY);
});
