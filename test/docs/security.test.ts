import { globSync, readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

// A rule of the invariants is a function of its own: forge would run each in a campaign of its own if it were a test.
const sources = globSync(['test/contracts/**/*.t.sol', 'test/contracts/invariant/Rules.sol']);
const names = new Set(
  sources.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/function ((?:test|invariant|afterInvariant|_check)\w*)/gu)].map(
      ([, name = '']) => name,
    ),
  ),
);

/** What a document names between backticks. */
function namedIn(document: string, pattern: RegExp): string[] {
  return [...readFileSync(document, 'utf8').matchAll(/`([^`\n]+)`/gu)].flatMap(([, text = '']) =>
    pattern.test(text) ? [text] : [],
  );
}

/** Whether there is such a test; a name may end with a star, or begin with dots. */
function exists(name: string): boolean {
  const pattern = new RegExp(`^${name.replaceAll('*', '\\w+').replace(/^\.\.\./u, '\\w+')}$`, 'u');
  return [...names].some((each) => pattern.test(each));
}

test.each(['docs/security.md', ...globSync('test/contracts/*/README.md')])('%s names tests that exist', (document) => {
  const tests = namedIn(document, /^(?:\.\.\.|test|invariant|afterInvariant|_check)\w*\*?$/u);
  expect(tests.length).toBeGreaterThan(10);
  expect(tests.filter((name) => !exists(name))).toEqual([]);
  const files = namedIn(document, /^[\w/*]+\.t\.sol$/u);
  expect(files.filter((file) => globSync(`test/contracts/**/${file}`).length === 0)).toEqual([]);
});
