import { describe, expect, onTestFinished, test } from 'vitest';

import { createProject, type Project } from '../support/project.ts';

/** A project with this one's forge configuration and tools. */
function createForgeProject(files: Readonly<Record<string, string>>): Project {
  const project = createProject(files, { copies: ['foundry.toml'], links: ['tools'] });
  onTestFinished(() => project.remove());
  return project;
}

const LICENSE = '// SPDX-License-Identifier: MIT\npragma solidity ^0.8.28;\n\n';
const CONTRACT = `${LICENSE}contract Thing {\n    uint256 public thing = 1;\n}\n`;

const TEST = `${LICENSE}import {Thing} from "xdm/contracts/Thing.sol";

interface Vm {
    function skip(bool skipped, string calldata reason) external;
    function snapshotGasLastCall(string calldata group, string calldata name) external returns (uint256);
}

contract ThingTest {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    function test_Passes() public {
        new Thing().thing();
        vm.snapshotGasLastCall("things", "thing");
    }
    // more
}
`;

const EXAMPLE = `${LICENSE}contract ExampleTest {\n    function test_Passes() public pure {}\n}\n`;

const withTest = (body: string): Record<string, string> => ({
  'contracts/Thing.sol': CONTRACT,
  'test/contracts/Thing.t.sol': TEST.replace('// more', body),
  'examples/Example.t.sol': EXAMPLE,
});

const runTests = async (project: Project, ...options: readonly string[]): Promise<{ code: unknown; last?: string }> => {
  const { code, stdout } = await project.run('node', 'tools/test.ts', ...options, 'contracts');
  return { code, last: stdout.trimEnd().split('\n').at(-1)! };
};

describe('the suite of contracts', () => {
  test('passes, and then holds gas to its snapshot', async () => {
    const project = createForgeProject(withTest(''));
    await project.run('node', 'tools/foundry.mjs', 'forge', 'test');
    expect(await runTests(project)).toEqual({ code: 0, last: '2 passed, 0 failed' });

    project.write({ 'snapshots/things.json': '{ "thing": "1" }' });
    expect((await runTests(project)).code).toBe(1);
  });

  test('fails with a test', async () => {
    const project = createForgeProject(withTest('function test_Fails() public pure {\n        revert();\n    }'));
    expect(await runTests(project)).toEqual({ code: 1, last: '2 passed, 1 failed' });
  });

  test('fails when nothing compiles', async () => {
    const project = createForgeProject(withTest('nonsense'));
    expect(await runTests(project)).toEqual({ code: 1, last: '1 passed, 1 failed' });
  });

  test('fails with an example', async () => {
    const project = createForgeProject(withTest(''));
    project.write({ 'examples/Example.t.sol': EXAMPLE.replace('pure {}', 'pure {\n        revert();\n    }') });
    expect(await runTests(project)).toEqual({ code: 1, last: '1 passed, 1 failed' });
  });

  test('fails when there is no test', async () => {
    const project = createForgeProject({ 'contracts/Thing.sol': CONTRACT });
    expect(await runTests(project)).toEqual({ code: 1, last: '0 passed, 1 failed' });
  });

  test('fails with a skipped test only where nothing may be skipped', async () => {
    const project = createForgeProject(
      withTest('function test_Skips() public {\n        vm.skip(true, "no vectors");\n    }'),
    );
    expect(await runTests(project)).toEqual({ code: 0, last: '2 passed, 0 failed' });
    expect(await runTests(project, '--no-skip')).toEqual({ code: 1, last: '2 passed, 1 failed' });
  });
});

describe('the checks of Solidity', () => {
  const forge = async (project: Project, profile: string, ...args: readonly string[]): Promise<unknown> =>
    (await project.run('env', `FOUNDRY_PROFILE=${profile}`, 'node', 'tools/foundry.mjs', 'forge', ...args)).code;

  test('refuse a compiler warning, again and again', async () => {
    const project = createForgeProject({ 'contracts/Thing.sol': CONTRACT });
    expect(await forge(project, 'contracts', 'build', 'contracts')).toBe(0);

    project.write({
      'contracts/Thing.sol': CONTRACT.replace(
        '}',
        '\n    function bad() external pure {\n        uint256 unused;\n    }\n}',
      ),
    });
    expect(await forge(project, 'contracts', 'build', 'contracts')).toBe(1);
    expect(await forge(project, 'contracts', 'build', 'contracts')).toBe(1);
  });

  test('refuse a lint', async () => {
    const bad = 'function bad(uint256 a) external pure returns (uint256) {\n        return (a / 3) * 5;\n    }\n}';
    const project = createForgeProject({ 'contracts/Thing.sol': CONTRACT });
    expect(await forge(project, 'lint', 'lint', 'contracts', '--deny', 'warnings')).toBe(0);

    project.write({ 'contracts/Thing.sol': CONTRACT.replace('}', `\n    ${bad}`) });
    expect(await forge(project, 'lint', 'lint', 'contracts', '--deny', 'warnings')).toBe(1);
  });

  test('refuse another format', async () => {
    const project = createForgeProject({ 'contracts/Thing.sol': CONTRACT.replace('  uint256', 'uint256') });
    expect(await forge(project, 'default', 'fmt', '--check')).toBe(1);
  });
});
