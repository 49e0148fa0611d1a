// Compiles the example, if it is not compiled, and runs its demonstration.
//
// usage: node tools/demo.ts
import process from 'node:process';

import { buildExamples } from './commands.ts';
import { runCommand, runInOrder } from './run-command.ts';

const { code, output } = await runCommand(buildExamples, false);
if (code !== 0) console.error(output);
process.exitCode = code === 0 ? await runInOrder([{ command: ['node', 'examples/greeter/demo.ts'] }]) : code;
