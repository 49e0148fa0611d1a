import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

test('docs/dependencies.md says of every dependency why it is there, and of nothing else', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
    'dependencies' | 'devDependencies',
    Record<string, string>
  >;
  const rows = readFileSync('docs/dependencies.md', 'utf8').matchAll(/^\| (`.*?`) \| \S/gmu);
  const documented = [...rows].flatMap(([, names = '']) => names.replaceAll('`', '').split(', '));
  expect(new Set(documented)).toEqual(new Set(Object.keys({ ...dependencies, ...devDependencies })));
});
