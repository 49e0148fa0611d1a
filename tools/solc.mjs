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

import { modernizeForgeStd } from './forge-std.mjs';

const require = createRequire(import.meta.url);
// More threads than this repeat more of the analysis than they save in code generation.
const MAX_THREADS = 4;

/**
 * Standard JSON, as far as the work is split by it.
 * @typedef {Record<string, unknown>} Selection
 * @typedef {{ content: string }} Source
 * @typedef {{ outputSelection?: Record<string, Selection> }} Settings
 * @typedef {{ sources?: Record<string, Source>, settings?: Settings }} Input
 *
 * @typedef {{ errorCode?: string, sourceLocation?: unknown, formattedMessage?: string }} Diagnostic
 * @typedef {{ errors?: Diagnostic[], sources?: Record<string, object>, contracts?: Record<string, object> }} Output
 */

/**
 * The share of each thread: the largest files first, each to the thread that has the least so far.
 * @param {Record<string, Source>} sources
 * @param {number} threads
 */
function split(sources, threads) {
  /** @type {{ size: number, files: string[] }[]} */
  const shares = Array.from({ length: threads }, () => ({ size: 0, files: [] }));
  const files = Object.entries(sources).toSorted(([, a], [, b]) => b.content.length - a.content.length);
  for (const [file, { content }] of files) {
    const share = shares.reduce((least, other) => (other.size < least.size ? other : least));
    share.files.push(file);
    share.size += content.length;
  }
  return shares.map(({ files: share }) => share).filter((share) => share.length > 0);
}

/**
 * The same input with outputs requested for `files` only; forge names them one by one or by `*`.
 * @param {Input} input
 * @param {string[]} files
 * @returns {Input}
 */
function restrict(input, files) {
  const requested = input.settings?.outputSelection ?? {};
  /** @type {Record<string, Selection>} */
  const outputSelection = {};
  for (const file of files) {
    const selection = requested[file] ?? requested['*'];
    if (selection) outputSelection[file] = selection;
  }
  return { ...input, settings: { ...input.settings, outputSelection } };
}

/**
 * @param {Input} input
 * @returns {Promise<Output>}
 */
async function compileInWorker(input) {
  return await new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: JSON.stringify(input) });
    worker.once('message', (/** @type {string} */ output) => resolve(/** @type {Output} */ (JSON.parse(output))));
    worker.once('error', reject);
  });
}

/**
 * Joins the threads' outputs; a diagnostic that several threads report is kept once.
 * @param {Output[]} outputs
 * @returns {Output}
 */
function merge(outputs) {
  /** @type {Required<Output>} */
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
    const { version } = /** @type {{ version: string }} */ (require('solc/package.json'));
    console.log(`solc, the solidity compiler commandline interface\nVersion: ${version}`);
    return;
  }
  const input = /** @type {Input} */ (await json(process.stdin));
  modernizeForgeStd(input.sources ?? {});
  const threads = Math.min(availableParallelism(), MAX_THREADS);
  const shares =
    input.settings?.outputSelection !== undefined && input.sources !== undefined ? split(input.sources, threads) : [];
  const inputs = shares.length > 1 ? shares.map((share) => restrict(input, share)) : [input];
  process.stdout.write(JSON.stringify(merge(await Promise.all(inputs.map(compileInWorker)))));
}

/** npm's compiler; loading it takes a second, which the main thread saves. */
function compiler() {
  return /** @type {{ compile: (input: string) => string }} */ (require('solc'));
}

if (isMainThread) {
  await main();
} else {
  parentPort?.postMessage(compiler().compile(/** @type {string} */ (workerData)));
}
