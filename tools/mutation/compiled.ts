import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CONTRACTS } from '../artifacts.ts';
import type { MutatedSource } from './mutant.ts';

/** Where foundry.toml's default profile keeps what it compiled. */
export const COMPILED = 'cache/default';

/** A contract that forge has compiled. */
export interface Compiled {
  /** Its artifact, below the output folder. */
  readonly artifact: string;
  readonly file: string;
  readonly name: string;
  /** The files it was compiled from: its own and all that are imported. */
  readonly sources: readonly string[];
  /** The compiler's version and settings, as standard JSON takes them. */
  readonly compiler: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Its creation code, as hex. */
  readonly code: string;
}

/** An artifact of forge, as far as it is read here. */
interface ArtifactFile {
  readonly bytecode: { readonly object: string };
  readonly metadata?: {
    readonly compiler: { readonly version: string };
    readonly settings: { readonly compilationTarget: Readonly<Record<string, string>> };
    readonly sources: Readonly<Record<string, unknown>>;
  };
}

/** Everything with code that forge has compiled. */
export function readCompiled(): Compiled[] {
  const out = join(COMPILED, 'out');
  return readdirSync(out, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json') && !path.startsWith('build-info'))
    .flatMap((artifact) => {
      const { bytecode, metadata } = JSON.parse(readFileSync(join(out, artifact), 'utf8')) as ArtifactFile;
      if (metadata === undefined || bytecode.object === '0x') return [];
      const { compilationTarget, ...settings } = metadata.settings;
      return Object.entries(compilationTarget).map(([file, name]) => ({
        artifact,
        file,
        name,
        sources: Object.keys(metadata.sources),
        compiler: metadata.compiler.version,
        settings,
        code: bytecode.object,
      }));
    });
}

/**
 * What must be compiled anew so that a test meets a mutated source: the test itself where it imports the source, and the
 * contracts of the lane that it deploys from their artifacts. Of a source that both sides use, the tests of one side meet it in
 * that side's contracts; where the mutants name a contract, in that one.
 */
export function concernedBy(
  all: readonly Compiled[],
  { source, within }: Pick<MutatedSource, 'source' | 'within'>,
  test: string,
): Compiled[] {
  const side = /^test\/contracts\/(L[12])\//u.exec(test)?.[1];
  const isOfOneSide = /^contracts\/L[12]\//u.test(source);
  const tests = all.filter(({ file }) => file === test);
  const deploys = tests.some(({ sources }) => sources.some(deploysFromArtifacts));
  return all.filter(({ file, name, sources }) => {
    if (!sources.includes(source)) return false;
    if (file === test) return true;
    const isOfTheSide = isOfOneSide || side === undefined || file.startsWith(`contracts/${side}/`);
    const isOneOfThem = within === undefined || name === within;
    return deploys && isOfTheSide && isOneOfThem && (CONTRACTS as readonly string[]).includes(name);
  });
}

const deploying = new Map<string, boolean>();

function deploysFromArtifacts(file: string): boolean {
  if (!file.startsWith('test/contracts/')) return false;
  const known = deploying.get(file) ?? /(?:deploy|get)Code\(/u.test(readFileSync(file, 'utf8'));
  deploying.set(file, known);
  return known;
}
