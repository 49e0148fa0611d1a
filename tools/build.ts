// Compiles the contracts and generates what TypeScript and the test lane know of them.
//
// usage: node tools/build.ts
import process from 'node:process';

import { buildContracts, script } from './commands.ts';
import { runInOrder } from './run-command.ts';

process.exitCode = await runInOrder([buildContracts, script('generate-abi.ts'), script('generate-creation-code.ts')]);
