// Where the native binaries of Foundry's npm packages are.
import { createRequire } from 'node:module';
import process from 'node:process';

const TOOLS = ['forge', 'anvil', 'cast'];
/** @type {Record<string, string>} */
const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' };

/**
 * The path of a Foundry tool's native binary for this platform.
 * @param {string | undefined} tool `forge`, `anvil` or `cast`
 * @returns {string}
 */
export function foundryBinary(tool) {
  if (tool === undefined || !TOOLS.includes(tool)) {
    throw new Error(`Foundry tool "${tool ?? ''}" is unknown: use one of ${TOOLS.join(', ')}`);
  }
  const platform = `${process.platform}-${ARCHITECTURES[process.arch] ?? process.arch}`;
  const name = `@foundry-rs/${tool}-${platform}`;
  const file = `bin/${tool}${process.platform === 'win32' ? '.exe' : ''}`;
  try {
    return createRequire(import.meta.url).resolve(`${name}/${file}`);
  } catch {
    throw new Error(`${name} is not installed: run \`npm ci\`; Foundry has no npm package for every platform`);
  }
}
