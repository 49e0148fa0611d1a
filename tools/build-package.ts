// Writes dist/, the JavaScript and the types that the package ships; `npm pack` runs it.
//
// usage: node tools/build-package.ts
import { rmSync } from 'node:fs';
import process from 'node:process';

import { runInOrder } from './run-command.ts';

// What a file left behind that is no longer there would be shipped too.
rmSync('dist', { recursive: true, force: true });
process.exitCode = await runInOrder([{ command: ['tsc', '--project', 'tsconfig.build.json'] }]);
