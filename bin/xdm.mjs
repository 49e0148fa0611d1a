#!/usr/bin/env node
// Nothing is imported before Node's version is known: an older one would not get further than the first import.
import process from 'node:process';

const REQUIRED = 24;

if (Number.parseInt(process.versions.node, 10) < REQUIRED) {
  console.error(
    `xdm needs Node ${REQUIRED} or newer, not ${process.version}: install it; in a clone on Linux x64, \`npm ci\` brings one: run it with \`npx xdm\``,
  );
  process.exitCode = 2;
} else {
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
