import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { CONTRACTS } from '../../tools/artifacts.ts';
import { createProject, type Project } from '../support/project.ts';

const ARTIFACT = {
  abi: [{ type: 'function', name: 'thing' }],
  bytecode: { object: '0x00' },
  deployedBytecode: { object: '0x00' },
  storageLayout: {
    storage: [{ label: 'messageRoots', slot: '0', offset: 0, type: 't_uint256' }],
    types: { t_uint256: { label: 'uint256' } },
  },
};

/** A project whose contracts are compiled, each to the artifact. */
function compiledProject(artifact: typeof ARTIFACT): Project {
  const path = (contract: string): string => `cache/contracts/out/${contract}.sol/${contract}.json`;
  const artifacts = CONTRACTS.map((contract) => [path(contract), JSON.stringify(artifact)]);
  const project = createProject(Object.fromEntries(artifacts) as Record<string, string>, { links: ['tools'] });
  project.write({ 'snapshots/.keep': '', 'contracts/testing/.keep': '' });
  onTestFinished(() => project.remove());
  return project;
}

const run = async (project: Project, script: string, ...options: readonly string[]): Promise<unknown> =>
  (await project.run('node', `tools/${script}.ts`, ...options)).code;

describe.each([
  ['generate-abi', 'sdk/abi/SenderAllowlist.ts'],
  ['generate-creation-code', 'contracts/testing/LaneCreationCode.sol'],
  ['storage-layout', 'snapshots/storage-layout.json'],
  ['contract-sizes', 'snapshots/sizes.json'],
])('%s', (script, file) => {
  test('finds current what it wrote, and nothing else', async () => {
    const project = compiledProject(ARTIFACT);
    expect(await run(project, script, '--check')).toBe(1);
    expect(await run(project, script)).toBe(0);
    expect(await run(project, script, '--check')).toBe(0);

    const written = readFileSync(join(project.folder, file), 'utf8');
    project.write({ [file]: written.replace(/thing|messageRoots|\b1\b/u, 'other') });
    expect(await run(project, script, '--check')).toBe(1);
    expect(await run(project, script)).toBe(0);
    expect(readFileSync(join(project.folder, file), 'utf8')).toBe(written);
  });

  test('fails where nothing is compiled', async () => {
    const project = createProject({}, { links: ['tools'] });
    onTestFinished(() => project.remove());
    expect(await run(project, script)).toBe(1);
  });
});

test('generate-abi removes what no contract stands for', async () => {
  const project = compiledProject(ARTIFACT);
  project.write({ 'sdk/abi/Gone.ts': '' });
  expect(await run(project, 'generate-abi')).toBe(0);
  expect(await run(project, 'generate-abi', '--check')).toBe(0);
});

test.each([
  ['as large as it may be', 22_118, 0],
  ['larger', 22_119, 1],
])('contract-sizes of code that is %s', async (_, bytes, code) => {
  const project = compiledProject({ ...ARTIFACT, deployedBytecode: { object: `0x${'00'.repeat(bytes)}` } });
  expect(await run(project, 'contract-sizes')).toBe(code);
  expect(await run(project, 'contract-sizes', '--check')).toBe(code);
});

test('storage-layout sees a slot move', async () => {
  const project = compiledProject(ARTIFACT);
  expect(await run(project, 'storage-layout')).toBe(0);
  const [variable] = ARTIFACT.storageLayout.storage;
  const moved = { ...ARTIFACT.storageLayout, storage: [{ ...variable!, slot: '1' }] };
  const path = 'cache/contracts/out/L2ToL1MessagePasser.sol/L2ToL1MessagePasser.json';
  project.write({ [path]: JSON.stringify({ ...ARTIFACT, storageLayout: moved }) });
  expect(await run(project, 'storage-layout', '--check')).toBe(1);
});
