#!/usr/bin/env node
// The Solidity compiler as forge calls it: `--version`, or standard JSON from stdin to stdout. The compiler itself is
// npm's solc, which runs on one core; the requested outputs are split over worker threads, each of which sees all the
// sources and generates code for its share of them.
//
// foundry.toml names this file; set FOUNDRY_SOLC to use another compiler.
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import process from 'node:process';
import { json } from 'node:stream/consumers';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const require = createRequire(import.meta.url);
// More threads than this repeat more of the analysis than they save in code generation.
const MAX_THREADS = 4;

/** The share of each thread: the largest files first, each to the thread that has the least so far. */
function split(sources, threads) {
  const shares = Array.from({ length: threads }, () => ({ size: 0, files: [] }));
  const files = Object.entries(sources).sort(([, a], [, b]) => b.content.length - a.content.length);
  for (const [file, { content }] of files) {
    const share = shares.reduce((least, other) => (other.size < least.size ? other : least));
    share.files.push(file);
    share.size += content.length;
  }
  return shares.map(({ files: share }) => share).filter((share) => share.length > 0);
}

/** The same input with outputs requested for `files` only; forge names them one by one or by `*`. */
function restrict(input, files) {
  const requested = input.settings.outputSelection;
  const outputSelection = {};
  for (const file of files) {
    const selection = requested[file] ?? requested['*'];
    if (selection) outputSelection[file] = selection;
  }
  return { ...input, settings: { ...input.settings, outputSelection } };
}

function compileInWorker(input) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: JSON.stringify(input) });
    worker.once('message', (output) => resolve(JSON.parse(output)));
    worker.once('error', reject);
  });
}

/** Joins the threads' outputs; a diagnostic that several threads report is kept once. */
function merge(outputs) {
  const merged = { errors: [], sources: {}, contracts: {} };
  const seen = new Set();
  for (const output of outputs) {
    for (const error of output.errors ?? []) {
      const key = JSON.stringify([error.errorCode, error.sourceLocation, error.formattedMessage]);
      if (!seen.has(key)) merged.errors.push(error);
      seen.add(key);
    }
    for (const [file, source] of Object.entries(output.sources ?? {})) {
      merged.sources[file] = { ...merged.sources[file], ...source };
    }
    Object.assign(merged.contracts, output.contracts);
  }
  return merged;
}

async function main() {
  if (process.argv.includes('--version')) {
    const { version } = require('solc/package.json');
    console.log(`solc, the solidity compiler commandline interface\nVersion: ${version}`);
    return;
  }
  const input = await json(process.stdin);
  const threads = Math.min(availableParallelism(), MAX_THREADS);
  const shares = input.settings?.outputSelection && input.sources ? split(input.sources, threads) : [];
  const inputs = shares.length > 1 ? shares.map((share) => restrict(input, share)) : [input];
  process.stdout.write(JSON.stringify(merge(await Promise.all(inputs.map(compileInWorker)))));
}

if (isMainThread) {
  await main();
} else {
  parentPort.postMessage(require('solc').compile(workerData));
}
