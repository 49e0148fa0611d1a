import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { forge } from '../commands.ts';
import { runCommand } from '../run-command.ts';
import { COMPILED } from './compiled.ts';
import type { ForgeTest } from './mutant.ts';

const MUTATED = 'cache/mutation';

/** A test's result, as `forge test --json` prints it. */
interface TestResult {
  readonly status: string;
  readonly reason: string | null;
}

type Results = Readonly<Record<string, { readonly test_results: Readonly<Record<string, TestResult>> }>>;

/**
 * A copy of what forge has compiled, in which code can be exchanged without a compilation: forge looks at the sources,
 * which nobody touches, and finds its artifacts current.
 */
export class Workplace {
  readonly #folder: string;
  readonly #originals = new Map<string, string>();

  constructor() {
    mkdirSync(MUTATED, { recursive: true });
    this.#folder = mkdtempSync(`${MUTATED}/`);
    cpSync(`${COMPILED}/out`, join(this.#folder, 'out'), { recursive: true });
    // It names the folder it is about.
    const index = readFileSync(`${COMPILED}/solidity-files-cache.json`, 'utf8');
    writeFileSync(join(this.#folder, 'solidity-files-cache.json'), index.replaceAll(COMPILED, this.#folder));
  }

  /** Puts other creation code in place of an artifact's. */
  install(artifact: string, code: string): void {
    const path = join(this.#folder, 'out', artifact);
    const original = readFileSync(path, 'utf8');
    this.#originals.set(artifact, original);
    const content = JSON.parse(original) as { bytecode: { object: string } };
    content.bytecode.object = code;
    writeFileSync(path, JSON.stringify(content));
  }

  /** Puts the code that forge has compiled back in place. */
  restore(): void {
    for (const [artifact, original] of this.#originals) writeFileSync(join(this.#folder, 'out', artifact), original);
    this.#originals.clear();
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  /** Runs tests, at least those that are named, and returns their results by file and name. */
  async run(tests: readonly ForgeTest[]): Promise<Map<string, TestResult>> {
    const files = [...new Set(tests.map(({ file }) => file))];
    const names = [...new Set(tests.map(({ name }) => name))];
    const path = files.length === 1 ? files.join('') : `{${files.join(',')}}`;
    // Counterexamples of the last mutant.
    rmSync(join(this.#folder, 'fuzz'), { recursive: true, force: true });
    const { command, env } = forge('default', 'test', '--json', '--match-path', path);
    const { output } = await runCommand(
      {
        command: [...command, '--match-test', `^(${names.join('|')})\\(`],
        env: {
          ...env,
          FOUNDRY_OUT: join(this.#folder, 'out'),
          FOUNDRY_CACHE_PATH: this.#folder,
          FOUNDRY_FUZZ_FAILURE_PERSIST_DIR: join(this.#folder, 'fuzz'),
          FOUNDRY_INVARIANT_FAILURE_PERSIST_DIR: join(this.#folder, 'fuzz'),
          FOUNDRY_SOLC: 'tools/mutation/no-compiler.mjs',
          // A mutant that only costs other gas is not killed.
          FORGE_SNAPSHOT_CHECK: 'false',
          FORGE_SNAPSHOT_EMIT: 'false',
        },
      },
      false,
    );
    return parseResults(output);
  }
}

/** How a test is called in the results. */
export function keyOf({ file, name }: ForgeTest): string {
  return `${file}: ${name}`;
}

function parseResults(output: string): Map<string, TestResult> {
  const json = output.split('\n').find((line) => line.startsWith('{'));
  if (output.includes('No tests found')) return new Map();
  if (json === undefined) throw new Error(`forge ran no test:\n${output}`);
  return new Map(
    Object.entries(JSON.parse(json) as Results).flatMap(([contract, { test_results: results }]) => {
      const file = contract.slice(0, contract.lastIndexOf(':'));
      return Object.entries(results).map(([signature, result]) => {
        const name = signature.slice(0, signature.indexOf('('));
        return [keyOf({ file, name }), result] as const;
      });
    }),
  );
}
