#!/usr/bin/env node
// Runs a Foundry tool's native binary. The wrappers that npm links always exit 0 and leave their child running when
// they are killed; this passes on the exit code and the signals.
//
// usage: node tools/foundry.mjs forge|anvil|cast [ARG...]
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import process from 'node:process';

import { foundryBinary } from './foundry-binary.mjs';

const [tool, ...args] = process.argv.slice(2);

/** @type {NodeJS.Signals[]} */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** @param {string} binary */
function run(binary) {
  const child = spawn(binary, args, { stdio: 'inherit' });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`${binary}: ${error.message}`);
    process.exit(126);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
}

try {
  run(foundryBinary(tool));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
