// A thread that compiles: standard JSON in, standard JSON out. The compiler is loaded once.
import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';

interface Solc {
  readonly compile: (input: string) => string;
  readonly version: () => string;
}

const solc = createRequire(import.meta.url)('solc') as Solc;

parentPort?.on('message', (input: string) => {
  parentPort?.postMessage({ version: solc.version(), output: solc.compile(input) });
});
