import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import process from 'node:process';

import { XdmError } from '../sdk/core/errors.ts';

/** How Foundry's packages name a processor. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

const FILE = process.platform === 'win32' ? 'anvil.exe' : 'anvil';

/**
 * Path of anvil's native binary: that of the npm package `@foundry-rs/anvil`, or else the first in the search path.
 * @param from module whose packages are looked through
 * @param searchPath folders, as the environment variable PATH has them
 * @throws {XdmError} `not-installed`
 */
export function anvilBinary(from: string = import.meta.url, searchPath: string = process.env['PATH'] ?? ''): string {
  const binary = inPackages(from) ?? inSearchPath(searchPath);
  if (binary !== undefined) return binary;
  throw new XdmError('not-installed', 'anvil, which runs the local chains, is not installed', {
    hint: 'install it with `npm install @foundry-rs/anvil`, or Foundry 1.7 or newer with `foundryup` (https://getfoundry.sh)',
  });
}

function inPackages(from: string): string | undefined {
  const platform = `${process.platform}-${ARCHITECTURES[process.arch] ?? process.arch}`;
  const binary = `@foundry-rs/anvil-${platform}/bin/${FILE}`;
  // Some package managers show a package to no other but the one that depends on it.
  const wrapper = resolve(from, '@foundry-rs/anvil/package.json');
  return resolve(from, binary) ?? (wrapper === undefined ? undefined : resolve(wrapper, binary));
}

function resolve(from: string, path: string): string | undefined {
  try {
    return createRequire(from).resolve(path);
  } catch {
    return undefined;
  }
}

function inSearchPath(searchPath: string): string | undefined {
  // npm's own links are of no use: its wrapper leaves anvil running when it is killed itself.
  const folders = searchPath.split(delimiter).filter((folder) => folder !== '' && !folder.includes('node_modules'));
  return folders.map((folder) => join(folder, FILE)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
