#!/usr/bin/env node
// Nothing is imported before Node's version is known: an older one would not get further than the first import.
import process from 'node:process';

const REQUIRED = 24;

// A node runs for months beside others: without these its memory is garbage for the most part, 500 MB where it takes 260. What takes new
// objects can be set at the start of a process alone.
const HEAP = ['--max-semi-space-size=8', '--heap-growing-percent=20'];

if (Number.parseInt(process.versions.node, 10) < REQUIRED) {
  console.error(
    `xdm needs Node ${REQUIRED} or newer, not ${process.version}: install it; in a clone on Linux x64, \`npm ci\` brings one: run it with \`npx xdm\``,
  );
  process.exitCode = 2;
} else {
  const isFrugal = HEAP.every((flag) => process.execArgv.includes(flag));
  if (process.argv[2] === 'relayer' && process.platform !== 'win32' && !isFrugal) {
    // The same process begins anew. A Node that cannot do so goes on as it is.
    process.execve?.(process.execPath, [process.execPath, ...HEAP, ...process.execArgv, ...process.argv.slice(1)]);
  }
  const { existsSync } = await import('node:fs');
  const { enableCompileCache } = await import('node:module');
  // A third of the time to start.
  enableCompileCache();
  // A checkout has the source, the package what is made of it.
  const isSource = existsSync(new URL('../cli/main.ts', import.meta.url));
  const cli = /** @type {typeof import('../cli/main.ts')} */ (
    await import(isSource ? '../cli/main.ts' : '../dist/cli/main.js')
  );
  process.exitCode = await cli.main(process.argv.slice(2));
}
