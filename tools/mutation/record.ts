import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { killerOf, type Mutant } from './mutant.ts';

/** A mutant that was killed, with a hash of what the kill depends on. */
export interface Kill {
  readonly source: string;
  readonly rule: string;
  readonly hash: string;
}

type Content = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The hashes by source and rule. */
export function readRecord(path: string): Map<string, Map<string, string>> {
  const content = JSON.parse(existsSync(path) ? readFileSync(path, 'utf8') : '{}') as Content;
  return new Map(Object.entries(content).map(([source, rules]) => [source, new Map(Object.entries(rules))]));
}

export function writeRecord(path: string, kills: readonly Kill[]): void {
  const sources = [...new Set(kills.map(({ source }) => source))].toSorted();
  const content = sources.map((source) => {
    const rules = kills.filter((kill) => kill.source === source).map(({ rule, hash }) => [rule, hash] as const);
    return [source, Object.fromEntries(rules)] as const;
  });
  writeFileSync(path, `${JSON.stringify(Object.fromEntries(content), undefined, 2)}\n`);
}

/**
 * A hash of what is mutated, how, and of the file whose test must kill it; comments do not count. What the two import is left
 * out: nearly every change of a type or of the tests' support would mean to run nearly all.
 */
export function hashOf(source: string, mutant: Mutant): string {
  const { find, replace, killedBy } = mutant;
  const parts = [codeOf(source), find, replace, killedBy, codeOf(killerOf(mutant).file)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

const codes = new Map<string, string>();

/** A Solidity file's text without comments and blank space. */
function codeOf(path: string): string {
  const known = codes.get(path) ?? readFileSync(path, 'utf8').replaceAll(/\/\/.*|\/\*[^]*?\*\/|\s+/gu, '');
  codes.set(path, known);
  return known;
}
