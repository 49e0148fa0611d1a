import { readFileSync } from 'node:fs';

import { concernedBy, type Compiled } from './compiled.ts';
import type { Compiler } from './compiler.ts';
import { killerOf, mutate, type MutatedSource, type Mutant } from './mutant.ts';
import { keyOf, type Workplace } from './workplace.ts';

/** What became of a mutant: killed, or why not. */
export interface Verdict {
  readonly isKilled: boolean;
  readonly reason?: string;
}

/** What it takes to try mutants, one after the other. */
export interface Tools {
  readonly compiled: readonly Compiled[];
  readonly compiler: Compiler;
  readonly workplace: Workplace;
}

/** Compiles what a mutant concerns, and runs the test that must kill it. */
export async function tryMutant(
  mutated: Pick<MutatedSource, 'source' | 'within'>,
  mutant: Mutant,
  { compiled, compiler, workplace }: Tools,
): Promise<Verdict> {
  const killer = killerOf(mutant);
  const { source } = mutated;
  const concerned = concernedBy(compiled, mutated, killer.file);
  let isChanged = false;
  try {
    const text = mutate(readFileSync(source, 'utf8'), mutant);
    for (const [contract, code] of await compiler.compile(concerned, source, text)) {
      if (code === contract.code) continue;
      workplace.install(contract.artifact, code);
      isChanged = true;
    }
    if (!isChanged) return { isKilled: false, reason: 'it changes no code that the test meets' };

    const results = await workplace.run([killer]);
    const result = results.get(keyOf(killer));
    if (result === undefined) return { isKilled: false, reason: `the test did not run: ${describe(results)}` };
    return result.status === 'Failure' ? { isKilled: true } : { isKilled: false, reason: 'the test passes with it' };
  } catch (error) {
    return { isKilled: false, reason: error instanceof Error ? error.message : String(error) };
  } finally {
    workplace.restore();
  }
}

/** What ran instead: a failing `setUp` shows that a mutant breaks more than its rule. */
function describe(results: ReadonlyMap<string, { readonly reason: string | null }>): string {
  return [...results].map(([test, { reason }]) => `${test}: ${reason ?? 'no reason'}`).join('; ') || 'there is none';
}
