// Runs the test suites, all that CI runs or those that are named, and ends with one line: `N passed, N failed`.
//
// A skipped test is a failure where all vectors are at hand (XDM_VECTORS), in CI (CI), and with --no-skip.
//
// With --long the chaos suite takes many minutes, and not two. With --all the mutation suite tries every mutant, and not only
// those that changed.
//
// usage: node tools/test.ts [--no-skip] [--long] [--all] [check] [contracts] [mutation] [unit] [postgres] [e2e] [chaos] [consensus]
import process from 'node:process';
import { parseArgs } from 'node:util';

import { NAMED_SUITES, SUITES } from './suites.ts';
import { failuresOf, type Tally } from './tally.ts';

const { values, positionals } = parseArgs({
  options: {
    'no-skip': { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

function isSet(variable: string): boolean {
  return !['', '0', 'false'].includes(process.env[variable] ?? '');
}

if (values.long) process.env['XDM_CHAOS_LONG'] = '1';

const mayNotSkip = values['no-skip'] || isSet('XDM_VECTORS') || isSet('CI');

function report(suite: string, { skipped, problem, failures = [] }: Tally): void {
  for (const failure of failures) console.log(`FAILED: ${suite}: ${failure}`);
  for (const test of skipped) console.log(`${mayNotSkip ? 'SKIPPED, which fails' : 'skipped'}: ${suite}: ${test}`);
  if (problem !== undefined) console.log(`FAILED: ${suite}: ${problem}`);
}

async function runSuite(name: string): Promise<Tally> {
  const known = { ...SUITES, ...NAMED_SUITES };
  const run = known[name];
  if (run === undefined) {
    throw new Error(`there is no suite "${name}": name one of ${Object.keys(known).join(', ')}`);
  }
  console.log(`\n=== ${name}`);
  return await run({ all: values.all });
}

try {
  const tallies = new Map<string, Tally>();
  const names = positionals.length > 0 ? positionals : Object.keys(SUITES);
  for (const name of names) tallies.set(name, await runSuite(name));

  console.log('');
  for (const [name, tally] of tallies) report(name, tally);
  const all = [...tallies.values()];
  const skipped = all.flatMap((tally) => tally.skipped).length;
  const passed = all.reduce((sum, tally) => sum + tally.passed, 0);
  const failed = all.reduce((sum, tally) => sum + failuresOf(tally), mayNotSkip ? skipped : 0);
  if (skipped > 0 && !mayNotSkip) {
    console.log(`${skipped} skipped: they need the acceptance vectors, whose folder XDM_VECTORS names`);
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}
