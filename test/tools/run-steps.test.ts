import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { runSteps } from '../../tools/run-steps.ts';
import type { Step } from '../../tools/static-steps.ts';

const step = (name: string, program: string, after?: string): Step => ({
  name,
  command: ['node', '-e', program],
  ...(after !== undefined && { after }),
});

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const printed = (): string => vi.mocked(console.log).mock.calls.flat().join('\n');

test('steps that succeed are named', async () => {
  expect(await runSteps([step('one', ''), step('two', '', 'one')])).toEqual([]);
  expect(printed()).toMatch(/ok .*one\nok .*two/u);
});

test('a step that fails shows its output, and those after it are not run', async () => {
  const steps = [step('one', "console.log('the reason'); process.exit(3)"), step('two', '', 'one'), step('three', '')];
  expect((await runSteps(steps)).toSorted()).toEqual(['one', 'two']);
  expect(printed()).toMatch(/FAILED .*one: exit code 3.*\nthe reason/u);
  expect(printed()).toMatch(/not run .*two: "one" failed/u);
});

test('a step whose command does not exist fails', async () => {
  expect(await runSteps([{ name: 'one', command: ['xdm-nonsense'] }])).toEqual(['one']);
});

test('a step that is killed fails', async () => {
  expect(await runSteps([step('one', "process.kill(process.pid, 'SIGKILL')")])).toEqual(['one']);
});
