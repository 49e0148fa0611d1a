// Preloaded by the npm scripts (`node --import`): one clear line instead of a syntax error where Node is too old to run
// TypeScript. Where npm can fetch it, tools/runtime has put a newer Node first in the scripts' PATH.
import process from 'node:process';

const REQUIRED = 24;

if (Number.parseInt(process.versions.node, 10) < REQUIRED) {
  console.error(
    `xdm needs Node ${REQUIRED} or newer, not ${process.version}: run \`npm ci\`, which brings one on Linux x64, or install it`,
  );
  process.exit(1);
}
