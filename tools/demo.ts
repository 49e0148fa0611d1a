// Compiles the examples, if they are not compiled, and runs their demonstrations: of a rollup's lane, and of an omnichain lane.
//
// usage: node tools/demo.ts
import process from 'node:process';

import { buildExamples } from './commands.ts';
import { runCommand, runInOrder, type Command } from './run-command.ts';

const { code, output } = await runCommand(buildExamples, false);
if (code !== 0) console.error(output);
const demonstrations = ['greeter', 'omnichain-greeter'].map((name): Command => ({
  command: ['node', `examples/${name}/demo.ts`],
}));
process.exitCode = code === 0 ? await runInOrder(demonstrations) : code;
