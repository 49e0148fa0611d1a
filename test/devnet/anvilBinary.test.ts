import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { anvilBinary } from '../../devnet/anvilBinary.ts';
import { createProject, type Project } from '../support/project.ts';

let project: Project;
let from: string;
beforeEach(() => {
  project = createProject({ 'app/main.js': '' }, { packages: [] });
  from = pathToFileURL(join(project.folder, 'app/main.js')).href;
});
afterEach(() => project.remove());

/** Puts an executable into a folder of the project. */
function install(folder: string): string {
  const path = join(project.folder, folder, 'anvil');
  mkdirSync(join(project.folder, folder), { recursive: true });
  writeFileSync(path, '');
  chmodSync(path, 0o755);
  return path;
}

const platform = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
const PACKAGE = `node_modules/@foundry-rs/anvil-${platform}/bin`;

test('anvil is the npm package of this platform', () => {
  const binary = install(PACKAGE);
  expect(anvilBinary(from, join(project.folder, 'elsewhere'))).toBe(binary);
});

test('anvil is found where only its wrapper can see it, as pnpm lays packages out', () => {
  project.write({ 'app/node_modules/@foundry-rs/anvil/package.json': '{}' });
  const binary = install(`app/node_modules/@foundry-rs/anvil/${PACKAGE}`);
  expect(anvilBinary(from, '')).toBe(binary);
});

test("anvil is that of the search path where there is no package, but never npm's wrapper", () => {
  install('node_modules/.bin');
  const binary = install('foundry/bin');
  const folders = ['nowhere', 'node_modules/.bin', 'foundry/bin'].map((folder) => join(project.folder, folder));
  expect(anvilBinary(from, folders.join(delimiter))).toBe(binary);
});

test('anvil that is nowhere can be installed in two ways', () => {
  project.write({ 'bin/anvil': 'not executable' });
  expect(() => anvilBinary(from, join(project.folder, 'bin'))).toThrow(
    expect.objectContaining({
      code: 'not-installed',
      message: 'anvil, which runs the local chains, is not installed',
      hint: expect.stringMatching(/npm install @foundry-rs\/anvil.*foundryup/u),
    }),
  );
});
