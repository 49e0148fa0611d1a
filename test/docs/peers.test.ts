import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { killerOf } from '../../tools/mutation/mutant.ts';
import { MUTATED_SOURCES } from '../mutation/mutants/index.ts';

const killers = MUTATED_SOURCES.flatMap(({ mutants }) => mutants.map(killerOf));

/** The rows that name a test, each with the tests it names. */
const rows = readFileSync('test/contracts/peers/README.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && line.includes('.t.sol`'))
  .map((line) => ({
    rule: line.split('|')[1]?.trim(),
    files: [...line.matchAll(/`([\w/]+\*?\.t\.sol)`/gu)].map(([, file = '']) =>
      file.includes('/') ? file : `peers/${file}`,
    ),
    names: [...line.matchAll(/`(test\w+)`/gu)].map(([, name]) => name),
  }));

test.each(rows)('a mutant shows that a test keeps the rule: $rule', ({ files, names }) => {
  const patterns = files.map((file) => new RegExp(`/contracts/${file.replace('*', '\\w*')}$`, 'u'));
  const biting = killers.filter(
    ({ file, name }) => patterns.some((pattern) => pattern.test(file)) && (names.length === 0 || names.includes(name)),
  );
  expect(biting).not.toEqual([]);
});
