// Fails, with a list, where a contract decides something that no mutant breaks: the test that must notice would be missing.
//
// usage: node tools/check-guards.ts
import { globSync } from 'node:fs';
import process from 'node:process';

import { EXCUSED } from '../test/mutation/excused.ts';
import { MUTATED_SOURCES } from '../test/mutation/mutants/index.ts';
import { findUnbroken } from './mutation/find-unbroken.ts';

// What tests of applications import is no part of what they deploy, and what a local network has is for nothing of worth.
const isChecked = (file: string): boolean => !/^contracts\/(?:testing|devnet)\//u.test(file);
const files = globSync('contracts/**/*.sol').filter(isChecked);
const excuses = EXCUSED.filter(({ source }) => isChecked(source));

const unbroken = findUnbroken({ files, sources: MUTATED_SOURCES, excuses });
if (unbroken.length > 0) {
  console.error(`add a mutant to test/mutation/mutants, or say in test/mutation/excused.ts why there can be none:`);
  console.error(unbroken.join('\n'));
  process.exitCode = 1;
}
