#!/usr/bin/env node
// What forge calls as its compiler while mutants are tried: it would put the unmutated code back in place.
import process from 'node:process';

if (process.argv.includes('--version')) {
  await import('../solc.mjs');
} else {
  console.error('A contract or a test was edited while mutants were tried: start again.');
  process.exitCode = 1;
}
