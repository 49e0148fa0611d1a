// Writes snapshots/sizes.json: the bytes of the deployed contracts' code. A chain takes no contract that is larger than
// EIP-170 says, and a change should not find that out last. With --check it changes nothing and fails when a size is not
// what was written, or too near to the limit.
//
// usage: node tools/contract-sizes.ts [--check]
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';

import { CONTRACTS, readArtifact } from './artifacts.ts';

const TARGET = 'snapshots/sizes.json';

/** EIP-170. */
const LARGEST = 24_576;

/** What is left is for the fix of a bug, which may not wait for smaller code. */
const MOST = Math.floor(0.9 * LARGEST);

const sizes = Object.fromEntries(
  CONTRACTS.map((contract) => [contract, (readArtifact(contract).deployedBytecode.object.length - 2) / 2]),
);
const text = `${JSON.stringify(sizes, undefined, 2)}\n`;

if (!process.argv.includes('--check')) {
  writeFileSync(TARGET, text);
} else if (!existsSync(TARGET) || readFileSync(TARGET, 'utf8') !== text) {
  console.error(
    `${TARGET} is not the contracts' sizes: if the change is meant, run \`npm run snapshot\` and commit it`,
  );
  process.exitCode = 1;
}
for (const [contract, size] of Object.entries(sizes).filter(([, bytes]) => bytes > MOST)) {
  console.error(`${contract} has ${size} bytes of code, more than ${MOST}, nine tenths of what a chain takes`);
  process.exitCode = 1;
}
