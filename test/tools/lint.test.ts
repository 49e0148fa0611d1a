import { describe, expect, onTestFinished, test } from 'vitest';

import { createProject, type Project } from '../support/project.ts';

const ANYTHING = 'export const thing = 1;\n';
const CLEAN = {
  'sdk/abi/Thing.ts': ANYTHING,
  'sdk/core/thing.ts': ANYTHING,
  'sdk/core/optimism.ts': "export { DepositTx as thing } from '@eth-optimism/core-utils';\n",
  'sdk/chain/thing.ts': "export { thing } from '../core/thing.ts';\n",
  'sdk/actions/thing.ts': "export { thing } from '../chain/thing.ts';\n",
  'relayer/thing.ts': "export { thing } from '../sdk/actions/thing.ts';\n",
  'devnet/thing.ts': "export { thing } from '../relayer/thing.ts';\n",
  'cli/thing.ts': "export { thing } from '../devnet/thing.ts';\n",
  'bench/thing.ts': ANYTHING,
  'test/thing.ts': ANYTHING,
  'tools/thing.ts': ANYTHING,
  'sdk/index.ts': "export { thing } from './actions/thing.ts';\n",
};

function cleanProject(): Project {
  const project = createProject(CLEAN, { copies: ['.oxlintrc.json', 'tsconfig.json'] });
  onTestFinished(() => project.remove());
  return project;
}

const reExport = (path: string): string => `export { thing } from '${path}';\n`;

/** What is planted, where, and the rule that must say so. */
const BREACHES: readonly [name: string, file: string, text: string, rule: string][] = [
  ['core imports abi', 'sdk/core/bad.ts', reExport('../abi/Thing.ts'), 'no-restricted-imports'],
  ['core imports chain', 'sdk/core/bad.ts', reExport('../chain/thing.ts'), 'no-restricted-imports'],
  ['core imports actions', 'sdk/core/deep/bad.ts', reExport('../../actions/thing.ts'), 'no-restricted-imports'],
  ['core imports tools', 'sdk/core/bad.ts', reExport('../../tools/thing.ts'), 'no-restricted-imports'],
  [
    'core imports a Node module',
    'sdk/core/bad.ts',
    "export { sep as thing } from 'node:path';\n",
    'no-restricted-imports',
  ],
  ['core imports a client', 'sdk/core/bad.ts', "export { JsonRpcProvider } from 'ethers';\n", 'no-restricted-imports'],
  ['core uses process', 'sdk/core/bad.ts', 'export const thing = process.platform;\n', 'no-restricted-globals'],
  ['core uses the clock', 'sdk/core/bad.ts', 'export const thing = Date.now();\n', 'no-restricted-globals'],
  ['core uses the network', 'sdk/core/bad.ts', "export const thing = fetch('');\n", 'no-restricted-globals'],
  ['core is random', 'sdk/core/bad.ts', 'export const thing = Math.random();\n', 'no-restricted-properties'],
  [
    'core imports core-utils beside optimism.ts',
    'sdk/core/bad.ts',
    "export { DepositTx } from '@eth-optimism/core-utils';\n",
    'no-restricted-imports',
  ],
  [
    'a test imports core-utils',
    'test/bad.ts',
    "export type { DepositTx } from '@eth-optimism/core-utils';\n",
    'no-restricted-imports',
  ],
  ['optimism.ts imports chain', 'sdk/core/optimism.ts', reExport('../chain/thing.ts'), 'no-restricted-imports'],
  ['abi imports', 'sdk/abi/Bad.ts', reExport('./Thing.ts'), 'no-restricted-imports'],
  ['chain imports actions', 'sdk/chain/bad.ts', reExport('../actions/thing.ts'), 'no-restricted-imports'],
  ['chain imports relayer', 'sdk/chain/bad.ts', reExport('../../relayer/thing.ts'), 'no-restricted-imports'],
  ['actions import relayer', 'sdk/actions/bad.ts', reExport('../../relayer/thing.ts'), 'no-restricted-imports'],
  ['actions import devnet', 'sdk/actions/bad.ts', reExport('../../devnet/thing.ts'), 'no-restricted-imports'],
  ['actions import the index', 'sdk/actions/bad.ts', reExport('../index.ts'), 'no-restricted-imports'],
  ['the index imports relayer', 'sdk/index.ts', reExport('../relayer/thing.ts'), 'no-restricted-imports'],
  ['relayer imports devnet', 'relayer/stages/bad.ts', reExport('../../devnet/thing.ts'), 'no-restricted-imports'],
  ['relayer imports cli', 'relayer/bad.ts', reExport('../cli/thing.ts'), 'no-restricted-imports'],
  ['devnet imports cli', 'devnet/bad.ts', reExport('../cli/thing.ts'), 'no-restricted-imports'],
  ['devnet imports tools', 'devnet/bad.ts', reExport('../tools/thing.ts'), 'no-restricted-imports'],
  ['cli imports test', 'cli/bad.ts', reExport('../test/thing.ts'), 'no-restricted-imports'],
  [
    'two files import each other',
    'sdk/core/thing.ts',
    "import { other } from './other.ts';\nexport const thing = other;\n",
    'import(no-cycle)',
  ],
  [
    'a promise floats',
    'relayer/bad.ts',
    'async function act(): Promise<void> {\n  await Promise.resolve();\n}\nact();\n',
    'no-floating-promises',
  ],
  [
    'a switch forgets a case',
    'relayer/bad.ts',
    "export function bad(status: 'a' | 'b'): void {\n  switch (status) {\n    case 'a':\n      break;\n  }\n}\n",
    'switch-exhaustiveness-check',
  ],
  ['any is used', 'relayer/bad.ts', 'export const thing: any = 1;\n', 'no-explicit-any'],
  ['a library prints', 'sdk/actions/bad.ts', "console.log('bad');\n", 'no-console'],
  ['a file has 301 lines', 'relayer/bad.ts', `${ANYTHING}${'\n'.repeat(300)}`, 'max-lines'],
  [
    'a function has five parameters',
    'relayer/bad.ts',
    'export function bad(a: 1, b: 1, c: 1, d: 1, e: 1): number {\n  return a + b + c + d + e;\n}\n',
    'max-params',
  ],
];

describe('the linter', () => {
  test('accepts a clean project', async () => {
    expect(await cleanProject().run('oxlint')).toMatchObject({ code: 0 });
  });

  test.each(BREACHES)('refuses that %s', async (_, file, text, rule) => {
    const project = cleanProject();
    project.write({ 'sdk/core/other.ts': reExport('./thing.ts').replace('thing }', 'thing as other }') });
    project.write({ [file]: text });
    const { code, stdout } = await project.run('oxlint', '--format=unix', file);
    expect(stdout).toContain(rule);
    expect(stdout).toContain(file);
    expect(code).toBe(1);
  });
});
