// Everything that can be checked without the test suites: formats, lints, types, layers, generated files, snapshots.
//
// usage: node tools/check.ts
import process from 'node:process';

import { runSteps } from './run-steps.ts';
import { GAS_STEP, STATIC_STEPS } from './static-steps.ts';

const steps = [...STATIC_STEPS, GAS_STEP];
const failed = await runSteps(steps);

console.log(`${steps.length - failed.length} passed, ${failed.length} failed`);
if (failed.length > 0) process.exitCode = 1;
