import { describe, expect, onTestFinished, test } from 'vitest';

import { createProject } from '../support/project.ts';

const LICENSE = '// SPDX-License-Identifier: MIT\n';
const PRAGMA = 'pragma solidity ^0.8.24;\n';
const CONTRACT = `${LICENSE}${PRAGMA}import {Other} from "./Other.sol";\ncontract Thing is Other {}\n`;
const OTHER = `${LICENSE}${PRAGMA}import {Vm} from "forge-std/Vm.sol";\nabstract contract Other {\n    Vm internal vm;\n}\n`;

async function check(files: Readonly<Record<string, string>>): Promise<{ code: unknown; stderr: string }> {
  const project = createProject(
    {
      'contracts/interfaces/Thing.sol': CONTRACT,
      'contracts/interfaces/Other.sol': OTHER,
      'contracts/types/.keep': '',
      'contracts/dapp/.keep': '',
      'contracts/testing/.keep': '',
      'package.json': '{ "devDependencies": { "solc": "*" } }',
      ...files,
    },
    { links: ['tools'] },
  );
  onTestFinished(() => project.remove());
  const { code, stderr } = await project.run('node', 'tools/check-imports.ts');
  return { code, stderr };
}

describe('what users import', () => {
  test('passes where it compiles alone', async () => {
    expect(await check({})).toEqual({ code: 0, stderr: '' });
  });

  test.each([
    ['a pragma that does not float', CONTRACT.replace('^', ''), 'pragma'],
    ['an import that users need not have', CONTRACT.replace('./Other.sol', 'other/Other.sol'), 'other/Other.sol'],
    ['a name that is not imported', CONTRACT.replace('is Other', 'is Missing'), 'Missing'],
    ['a warning', CONTRACT.replace('{}', '{ function f() public { uint256 unused; } }'), 'Unused local variable'],
  ])('fails with %s', async (_, contract, reason) => {
    const { code, stderr } = await check({ 'contracts/interfaces/Thing.sol': contract });
    expect(code).toBe(1);
    expect(stderr).toContain(reason);
  });

  test('fails without a compiler', async () => {
    expect(await check({ 'package.json': '{ "devDependencies": {} }' })).toMatchObject({ code: 1 });
  });
});
