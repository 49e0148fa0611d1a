// Writes snapshots/storage-layout.json: the storage slots of the deployed contracts. L1 verifies proofs against slots of
// the passer, and other tools read slots too: a slot must not move unnoticed. With --check it changes nothing and fails
// when a layout is not what was written.
//
// usage: node tools/storage-layout.ts [--check]
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';

import { CONTRACTS, readArtifact } from './artifacts.ts';

const TARGET = 'snapshots/storage-layout.json';

/** A contract's variables, each with its slot and its offset in bytes. */
function layoutOf(contract: (typeof CONTRACTS)[number]): Record<string, string> {
  const { storage, types } = readArtifact(contract).storageLayout;
  const place = (slot: string, offset: number): string => (offset === 0 ? `slot ${slot}` : `slot ${slot} + ${offset}`);
  return Object.fromEntries(
    storage.map(({ label, slot, offset, type }) => [place(slot, offset), `${types?.[type]?.label ?? type} ${label}`]),
  );
}

const layouts = Object.fromEntries(CONTRACTS.map((contract) => [contract, layoutOf(contract)]));
const text = `${JSON.stringify(layouts, undefined, 2)}\n`;

if (!process.argv.includes('--check')) {
  writeFileSync(TARGET, text);
} else if (!existsSync(TARGET) || readFileSync(TARGET, 'utf8') !== text) {
  console.error(
    `${TARGET} is not the contracts' layout: if the change is meant, run \`npm run snapshot\` and commit it`,
  );
  process.exitCode = 1;
}
