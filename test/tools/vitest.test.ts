import { describe, expect, onTestFinished, test } from 'vitest';

import { createProject } from '../support/project.ts';

const HEAD = "import { expect, test } from 'vitest';\n";
const PASSING = `${HEAD}test('passes', () => expect(1).toBe(1));\n`;

/** What `npm run test:unit` says of a test file. */
async function runUnit(text: string, ...options: readonly string[]): Promise<{ code: unknown; last: string }> {
  const files = { 'test/sdk/passing.test.ts': PASSING, 'test/sdk/planted.test.ts': text };
  const support = ['test/chaos/length.ts', 'test/support/leaveNothing.ts'];
  const copies = ['foundry.toml', 'vitest.config.ts', 'package.json', ...support];
  const project = createProject(files, { copies, links: ['tools'] });
  onTestFinished(() => project.remove());
  const { code, stdout } = await project.run('node', 'tools/test.ts', ...options, 'unit');
  return { code, last: stdout.trimEnd().split('\n').at(-1)! };
}

describe('the suite of unit tests', () => {
  test('passes', async () => {
    expect(await runUnit(PASSING)).toEqual({ code: 0, last: '2 passed, 0 failed' });
  });

  test.each([
    ['a test that fails', `${HEAD}test('fails', () => expect(1).toBe(2));\n`, '1 passed, 1 failed'],
    ['a file that does not load', "import './nonsense.ts';\n", '1 passed, 1 failed'],
    ['a promise that nobody waits for', `${PASSING}void Promise.reject(new Error('lost'));\n`, '2 passed, 1 failed'],
    ['a forgotten .only', PASSING.replace('test(', 'test.only('), '1 passed, 1 failed'],
  ])('fails with %s', async (_, text, last) => {
    expect(await runUnit(text)).toEqual({ code: 1, last });
  });

  test('fails with a skipped test only where nothing may be skipped', async () => {
    const skipping = `${HEAD}test.skip('is skipped', () => expect(1).toBe(1));\n`;
    expect(await runUnit(skipping)).toEqual({ code: 0, last: '1 passed, 0 failed' });
    expect(await runUnit(skipping, '--no-skip')).toEqual({ code: 1, last: '1 passed, 1 failed' });
  });
});
