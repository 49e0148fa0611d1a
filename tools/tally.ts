import { stripVTControlCharacters } from 'node:util';

/** The results of a suite. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** Tests that did not run, each with the reason if there is one. */
  readonly skipped: readonly string[];
  /** What else is wrong: it counts as one failure. */
  readonly problem?: string;
  /** Names of what failed, where the suite's own output does not end with them. */
  readonly failures?: readonly string[];
}

/** A suite of which nothing is known but that it failed. */
export function failedSuite(problem: string): Tally {
  return { passed: 0, failed: 0, skipped: [], problem };
}

/** Failures of a suite, its problem included. */
export function failuresOf({ failed, problem }: Tally): number {
  return failed + (problem === undefined ? 0 : 1);
}

/** The same tally, with a problem where the runner's exit code or the number of tests contradicts it. */
export function checked(tally: Tally, exitCode: number): Tally {
  if (tally.problem !== undefined) return tally;
  if (exitCode !== 0 && tally.failed === 0) {
    return { ...tally, problem: `no test failed, but the exit code is ${exitCode}` };
  }
  if (exitCode === 0 && tally.failed !== 0) return { ...tally, problem: 'tests failed, but the exit code is 0' };
  if (tally.passed + tally.failed === 0) return { ...tally, problem: 'no test ran' };
  return tally;
}

/** One tally of a suite that several runners share. */
export function joined(tallies: readonly Tally[]): Tally {
  const problems = tallies.flatMap(({ problem }) => problem ?? []);
  const tally = {
    passed: tallies.reduce((sum, { passed }) => sum + passed, 0),
    failed: tallies.reduce((sum, { failed }) => sum + failed, 0),
    skipped: tallies.flatMap(({ skipped }) => skipped),
    failures: tallies.flatMap(({ failures = [] }) => failures),
  };
  return problems.length === 0 ? tally : { ...tally, problem: problems.join('; ') };
}

/** Reads what `forge test` printed. */
export function parseForge(output: string): Tally {
  const lines = stripVTControlCharacters(output).split('\n');
  const summaries = lines.flatMap((line) => {
    const numbers = /^Ran \d+ test suites? in .*: (\d+) tests? passed, (\d+) failed, (\d+) skipped \(/u.exec(line);
    return numbers === null ? [] : [numbers.slice(1).map(Number)];
  });
  const [passed, failed, skips] = summaries.at(-1) ?? [];
  if (summaries.length !== 1 || passed === undefined || failed === undefined || skips === undefined) {
    const reason =
      'it prints none where a test does not compile, and where gas is not as recorded (`npm run snapshot`)';
    return failedSuite(`forge printed ${summaries.length} summaries instead of one: ${reason}`);
  }
  const skipped = skippedByForge(lines);
  if (skipped.length !== skips) {
    return { passed, failed, skipped, problem: `forge skipped ${skips} tests, but named ${skipped.length}` };
  }
  return { passed, failed, skipped };
}

function skippedByForge(lines: readonly string[]): string[] {
  let suite = '';
  const skipped: string[] = [];
  for (const line of lines) {
    suite = /^Ran \d+ tests? for (.*)$/u.exec(line)?.[1] ?? suite;
    const [, reason, test] = /^\[SKIP(?::? (.*?))?\] (.*)$/u.exec(line) ?? [];
    if (test !== undefined) skipped.push(`${suite} ${test}: ${reason ?? 'no reason given'}`);
  }
  return skipped;
}

/** Vitest's JSON report, as far as it is read. */
interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** Reads vitest's JSON report. */
export function parseVitest(json: string): Tally {
  let report: VitestReport;
  try {
    report = JSON.parse(json) as VitestReport;
  } catch (error) {
    return failedSuite(`vitest's report cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  const tally = {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: tests.filter(({ status }) => status === 'failed').length,
    skipped: tests.filter(({ status }) => !['passed', 'failed'].includes(status)).map(({ fullName }) => fullName),
  };
  if (broken.length === 0) return tally;
  return { ...tally, problem: broken.map(({ name, message }) => `${name}: ${message}`).join('; ') };
}
