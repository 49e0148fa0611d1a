import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

import { failedSuite, type Tally } from '../tally.ts';
import { readCompiled } from './compiled.ts';
import { Compiler } from './compiler.ts';
import { killerOf, mutate, type MutatedSource, type Mutant } from './mutant.ts';
import { hashOf, readRecord, writeRecord } from './record.ts';
import { tryMutant, type Verdict } from './try-mutant.ts';
import { keyOf, Workplace } from './workplace.ts';

/** What a run is about. */
export interface MutationRun {
  readonly sources: readonly MutatedSource[];
  /** Every mutant, and not only those that changed since they were killed last. */
  readonly isAll: boolean;
  /** Most that are tried where not all are. */
  readonly mostChanged: number;
  /** The file that says what was killed. */
  readonly record: string;
}

/** A mutant and where it belongs. */
interface Task {
  readonly source: string;
  readonly within: string | undefined;
  readonly mutant: Mutant;
  readonly hash: string;
}

/**
 * Tries the mutants that changed since they were killed last, or all, and records those that are killed. The contracts and the
 * tests must have been compiled.
 */
export async function runMutants({ sources, isAll, mostChanged, record: path }: MutationRun): Promise<Tally> {
  const wrong = findWrong(sources);
  if (wrong.length > 0) return { passed: 0, failed: wrong.length, skipped: [], failures: wrong };
  const tasks = sources.flatMap(({ source, within, mutants }) =>
    mutants.map((mutant): Task => ({ source, within, mutant, hash: hashOf(source, mutant) })),
  );
  const record = readRecord(path);
  const changed = new Set(tasks.filter(({ source, mutant, hash }) => record.get(source)?.get(mutant.rule) !== hash));
  console.log(`${tasks.length} mutants; ${changed.size} changed, or their tests, since they were killed last`);
  if (!isAll && changed.size > mostChanged) {
    return failedSuite(
      `${changed.size} mutants changed, and ${mostChanged} at most are tried: run ` +
        `\`npm run test:mutation -- --all\`, and commit ${path}`,
    );
  }
  // One at least: a tool that kills nothing any more would go unnoticed.
  const chosen = isAll ? tasks : changed.size > 0 ? [...changed] : tasks.slice(0, 1);
  const failing = await findFailing(chosen);
  if (failing.length > 0) return failedSuite(`without a mutant fail, or are not there: ${failing.join(', ')}`);

  const verdicts = new Map<Task, Verdict>();
  await tryAll(chosen, (task, verdict) => {
    verdicts.set(task, verdict);
    // After each: a long run that is broken off goes on where it was.
    const killed = tasks.filter((each) => verdicts.get(each)?.isKilled ?? !changed.has(each));
    writeRecord(
      path,
      killed.map(({ source, mutant, hash }) => ({ source, rule: mutant.rule, hash })),
    );
  });
  const failures = [...verdicts]
    .filter(([, { isKilled }]) => !isKilled)
    .map(([task, { reason = '' }]) => `${describe(task)}: ${reason}`);
  return { passed: verdicts.size - failures.length, failed: failures.length, skipped: [], failures };
}

/** Mutants that cannot be made, that name no test, or that share a name. */
function findWrong(sources: readonly MutatedSource[]): string[] {
  const seen = new Set<string>();
  return sources.flatMap(({ source, mutants }) => {
    const text = readFileSync(source, 'utf8');
    return mutants.flatMap((mutant) => {
      const name = describe({ source, mutant });
      try {
        killerOf(mutant);
        mutate(text, mutant);
      } catch (error) {
        return [`${name}: ${error instanceof Error ? error.message : String(error)}`];
      }
      if (seen.has(name)) return [`${name}: there are two of this name`];
      seen.add(name);
      return [];
    });
  });
}

/** The tests must pass without a mutant. */
async function findFailing(tasks: readonly Task[]): Promise<string[]> {
  if (tasks.length === 0) return [];
  const killers = tasks.map(({ mutant }) => killerOf(mutant));
  const workplace = new Workplace();
  const results = await workplace.run(killers);
  workplace.remove();
  const failing = killers.map(keyOf).filter((key) => results.get(key)?.status !== 'Success');
  return [...new Set(failing)];
}

/** As many at a time as there are processors: each has its own compiler and its own artifacts. */
async function tryAll(tasks: readonly Task[], settle: (task: Task, verdict: Verdict) => void): Promise<void> {
  const waiting = [...tasks];
  const compiled = tasks.length === 0 ? [] : readCompiled();

  const work = async (): Promise<void> => {
    const tools = { compiled, compiler: new Compiler(), workplace: new Workplace() };
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      const start = performance.now();
      const verdict = await tryMutant(task, task.mutant, tools);
      settle(task, verdict);
      report(task, verdict, performance.now() - start);
    }
    tools.workplace.remove();
    await tools.compiler.close();
  };

  const workers = Math.min(availableParallelism(), tasks.length);
  await Promise.all(Array.from({ length: workers }, work));
}

function describe({ source, mutant }: Pick<Task, 'source' | 'mutant'>): string {
  return `${source}: ${mutant.rule}`;
}

function report(task: Task, { isKilled, reason = '' }: Verdict, milliseconds: number): void {
  const seconds = `${(milliseconds / 1000).toFixed(1)} s`.padStart(7);
  console.log(`${isKilled ? 'killed' : 'ALIVE '} ${seconds}  ${describe(task)}${isKilled ? '' : `: ${reason}`}`);
}
