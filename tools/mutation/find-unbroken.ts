import { readFileSync } from 'node:fs';

import { readGuards, type Guard, type Span } from './guards.ts';
import type { MutatedSource } from './mutant.ts';

/** Names and numbers, blank space, operators, and each other character. */
const WORDS = /\w+|\s+|[-!%&*+/<=>^|]+|[^\w\s]/gu;

/** Guards that need no mutant. */
export interface Excuse {
  readonly source: string;
  /** What stands in the source, exactly once, and holds the guards. */
  readonly at: string;
  /** Why nobody could observe the mistake. */
  readonly reason: string;
}

/** What is held against each other. */
export interface GuardCheck {
  /** The files whose guards are looked at. */
  readonly files: readonly string[];
  readonly sources: readonly MutatedSource[];
  readonly excuses: readonly Excuse[];
}

/** A line for each guard that no mutant breaks and that is not excused, and for each excuse that excuses nothing. */
export function findUnbroken({ files, sources, excuses }: GuardCheck): string[] {
  const texts = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
  const changes = new Map(files.map((file) => [file, changesOf(file, sources, texts.get(file) ?? '')]));
  const unbroken = readGuards(texts).filter(
    (guard) => !changes.get(guard.source)?.some((spans) => breaks(spans, guard)),
  );

  const used = new Set<Guard>();
  const stale = excuses.filter(({ source, at }) => {
    const [before = '', ...behind] = (texts.get(source) ?? '').split(at);
    const start = before.length;
    const excused = unbroken.filter(
      (guard) => guard.source === source && start <= guard.start && guard.end <= start + at.length,
    );
    for (const guard of excused) used.add(guard);
    return behind.length !== 1 || excused.length === 0;
  });
  return [
    ...unbroken.filter((guard) => !used.has(guard)).map(describe),
    ...stale.map(({ source, at }) => `${source}: \`${at}\` is excused, and stands there not once or has a mutant`),
  ];
}

function describe({ source, line, text, others }: Guard): string {
  const operand = others.length > 0 ? ', without its other operands' : '';
  return `${source}:${line}: no mutant breaks \`${text.replaceAll(/\s+/gu, ' ')}\`${operand}`;
}

function breaks(ways: readonly (readonly Span[])[], { others, ...guard }: Guard): boolean {
  return ways.some(
    (changes) =>
      changes.some((each) => meet(each, guard)) && !changes.some((each) => others.some((other) => meet(each, other))),
  );
}

function meet(change: Span, guard: Span): boolean {
  return change.start < guard.end && guard.start < change.end;
}

/** Where each mutant of a file changes it, in each way to see it. What is only inserted breaks nothing that was there. */
function changesOf(file: string, sources: readonly MutatedSource[], text: string): Span[][][] {
  const mutants = sources.filter(({ source }) => source === file).flatMap((source) => source.mutants);
  return mutants.map(({ find, replace }) => {
    const at = text.indexOf(find);
    return waysToSee(find, replace).map((spans) =>
      spans.map(({ start, end }) => ({ start: at + start, end: at + end })),
    );
  });
}

/**
 * The words of a snippet that its replacement lacks, as spans. Of `a == 0 || b == 0` without `|| b == 0` it is that, or
 * `== 0 || b`: the two ways come from taking equal words from the front first, or from the back.
 */
function waysToSee(find: string, replace: string): [Span[], Span[]] {
  const words = [...find.matchAll(WORDS)].map(([word], i, all) => ({ word, start: all[i]!.index }));
  const other = replace.match(WORDS) ?? [];
  return [missing(words, other), missing(words.toReversed(), other.toReversed())];
}

/** Those that are in no longest sequence that both have. */
function missing(words: readonly { word: string; start: number }[], other: readonly string[]): Span[] {
  const longest = Array.from({ length: words.length + 1 }, () => Array.from({ length: other.length + 1 }, () => 0));
  for (let i = words.length - 1; i >= 0; --i) {
    for (let j = other.length - 1; j >= 0; --j) {
      const [here, below] = [longest[i]!, longest[i + 1]!];
      here[j] = words[i]!.word === other[j] ? below[j + 1]! + 1 : Math.max(below[j]!, here[j + 1]!);
    }
  }
  const spans: Span[] = [];
  let j = 0;
  for (const [i, { word, start }] of words.entries()) {
    while (j < other.length && other[j] !== word && longest[i]![j] === longest[i]![j + 1]) ++j;
    if (other[j] === word) ++j;
    else spans.push({ start, end: start + word.length });
  }
  return spans;
}
