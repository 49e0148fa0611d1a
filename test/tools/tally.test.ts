import { describe, expect, test } from 'vitest';

import { checked, failedSuite, failuresOf, joined, parseForge, parseVitest } from '../../tools/tally.ts';

const SUMMARY = 'Ran 2 test suites in 1.02s (2.11s CPU time): 5 tests passed, 1 failed, 1 skipped (7 total tests)';
const SKIP = 'Ran 1 test for test/A.t.sol:A\n[SKIP: XDM_VECTORS is not set] test_Vectors() (gas: 0)\n';

describe("forge's output", () => {
  test('is read, colours or not', () => {
    const tally = { passed: 5, failed: 1, skipped: ['test/A.t.sol:A test_Vectors() (gas: 0): XDM_VECTORS is not set'] };
    expect(parseForge(`${SKIP}${SUMMARY}\n`)).toEqual(tally);
    expect(parseForge(`${SKIP}\u001B[1m${SUMMARY}\u001B[0m\n`)).toEqual(tally);
  });

  test.each([
    ['without a summary', ''],
    ['with two summaries', `${SKIP}${SUMMARY}\n${SUMMARY}\n`],
    ['with a summary inside a line', `  ${SUMMARY}`],
    ['with a skipped test it does not name', SUMMARY],
  ])('%s is a failure', (_, output) => {
    expect(parseForge(output).problem).toBeDefined();
  });
});

describe("vitest's report", () => {
  const report = (status: string, statuses: readonly string[]): string => {
    const assertionResults = statuses.map((each) => ({ status: each, fullName: `a ${each} test` }));
    return JSON.stringify({ testResults: [{ name: 'a.test.ts', status, message: 'broken', assertionResults }] });
  };

  test('is read', () => {
    const statuses = ['passed', 'passed', 'failed', 'skipped', 'todo', 'pending'];
    const skipped = ['a skipped test', 'a todo test', 'a pending test'];
    expect(parseVitest(report('failed', statuses))).toEqual({ passed: 2, failed: 1, skipped });
  });

  test.each([
    ['that is no JSON', 'nonsense'],
    ['of a file that did not load', report('failed', [])],
    ['of a file that failed beside its tests', report('failed', ['passed'])],
  ])('%s is a failure', (_, json) => {
    expect(failuresOf(parseVitest(json))).toBe(1);
  });
});

describe('a tally', () => {
  const tally = { passed: 1, failed: 0, skipped: [] };

  test('of several runners has all of theirs', () => {
    const other = { passed: 2, failed: 3, skipped: ['a test'], failures: ['a step'] };
    expect(joined([tally, other])).toEqual({ ...other, passed: 3 });
    expect(joined([tally, failedSuite('one'), failedSuite('other')])).toMatchObject({
      passed: 1,
      problem: 'one; other',
    });
  });

  test('agrees with its exit code', () => {
    expect(checked(tally, 0)).toEqual(tally);
    expect(checked({ ...tally, failed: 1 }, 1).problem).toBeUndefined();
  });

  test.each([
    ['another exit code', tally, 1],
    ['a forgiving exit code', { ...tally, failed: 1 }, 0],
    ['no test', { ...tally, passed: 0 }, 0],
  ])('with %s is a failure', (_, contradicted, code) => {
    expect(checked(contradicted, code).problem).toBeDefined();
  });
});
