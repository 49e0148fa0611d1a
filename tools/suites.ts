import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';

import { MUTATED_SOURCES } from '../test/mutation/mutants/index.ts';
import { againstGasSnapshots, forge, script } from './commands.ts';
import { runMutants } from './mutation/run-mutants.ts';
import { runCommand, runInOrder } from './run-command.ts';
import { runSteps } from './run-steps.ts';
import { STATIC_STEPS } from './static-steps.ts';
import { checked, failedSuite, joined, parseForge, parseVitest, type Tally } from './tally.ts';

/** Mutants that two processors try in two minutes. */
const MOST_CHANGED = 40;

const CONSENSUS_CLIENT = 'test/consensus/client';

/** What the command line asks of a suite. */
export interface SuiteOptions {
  /** Every mutant, and not only those that changed. */
  readonly all: boolean;
}

/** The suites of `npm test`, in the order they run in. Each passes on its output while it runs. */
export const SUITES: Readonly<Record<string, (options: SuiteOptions) => Promise<Tally>>> = {
  check: runCheck,
  contracts: runContracts,
  mutation: runMutation,
  unit: async () => await runVitest('unit'),
  postgres: async () => await runVitest('postgres'),
  e2e: async () => await runVitest('e2e'),
  chaos: async () => await runVitest('chaos'),
};

/** Suites that run only where they are named: what takes longer than CI has. */
export const NAMED_SUITES: typeof SUITES = {
  consensus: runConsensus,
};

/** Each step counts as one test. */
async function runCheck(): Promise<Tally> {
  const failed = await runSteps(STATIC_STEPS);
  const passed = STATIC_STEPS.length - failed.length;
  return { passed, failed: failed.length, skipped: [], failures: failed };
}

/** The contracts' own tests, and those of the examples, which are compiled as a user's project would be. */
async function runContracts(): Promise<Tally> {
  if ((await runInOrder([script('link-vectors.mjs')])) !== 0) return failedSuite('the vectors could not be linked');
  const tallies: Tally[] = [];
  for (const command of [againstGasSnapshots(forge('default', 'test')), forge('examples', 'test')]) {
    const { code, output } = await runCommand(command, true);
    tallies.push(checked(parseForge(output), code));
  }
  return joined(tallies);
}

/** Each mutant counts as one test, which a kill passes. */
async function runMutation({ all }: SuiteOptions): Promise<Tally> {
  if ((await runInOrder([forge('default', 'build', '--quiet')])) !== 0) {
    return failedSuite('the contracts do not compile');
  }
  const record = 'snapshots/mutants.json';
  return await runMutants({ sources: MUTATED_SOURCES, isAll: all, mostChanged: MOST_CHANGED, record });
}

/** The client that it takes is installed here alone: it has a thousand packages, none of which xdm needs. */
async function runConsensus(): Promise<Tally> {
  // Nothing of them needs to be built, and none of their scripts runs.
  const install = ['npm', 'ci', '--ignore-scripts', '--prefix', CONSENSUS_CLIENT] as const;
  if (!isInstalled(CONSENSUS_CLIENT) && (await runInOrder([{ command: install }])) !== 0) {
    return failedSuite('the consensus client could not be installed');
  }
  return await runVitest('consensus');
}

async function runVitest(project: 'unit' | 'postgres' | 'e2e' | 'chaos' | 'consensus'): Promise<Tally> {
  if ((await runInOrder([script('link-vectors.mjs')])) !== 0) return failedSuite('the vectors could not be linked');
  // Its tests deploy contracts of test/contracts/support.
  if ((await runInOrder([forge('default', 'build', '--quiet')])) !== 0) {
    return failedSuite('the contracts do not compile');
  }
  const report = `cache/vitest-${project}.json`;
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code } = await runCommand({ command: ['vitest', 'run', '--project', project, ...reporters] }, true);
  if (!existsSync(report)) return failedSuite(`vitest wrote no report; its exit code is ${code}`);
  return checked(parseVitest(readFileSync(report, 'utf8')), code);
}

/** Whether a folder's packages are those of its lockfile, as npm notes when it has installed them. */
function isInstalled(folder: string): boolean {
  const note = `${folder}/node_modules/.package-lock.json`;
  return existsSync(note) && statSync(note).mtimeMs > statSync(`${folder}/package-lock.json`).mtimeMs;
}
