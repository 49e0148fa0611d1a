import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

import { describe } from 'vitest';

const folder = process.env['XDM_VECTORS'] ?? '';
if (folder === '') console.log('XDM_VECTORS is not set: tests of the acceptance vectors are skipped');

/** A suite over the acceptance vectors, skipped where XDM_VECTORS is not set: it is not collected then either, as it reads files. */
export function describeVectors(name: string, suite: () => void): void {
  // oxlint-disable-next-line vitest/valid-describe-callback, vitest/valid-title -- it is `skipIf` that is called here
  describe.skipIf(folder === '')(name, folder === '' ? () => undefined : suite);
}

/** A file of the vectors. */
export function readVectors(path: string): unknown {
  return JSON.parse(readFileSync(join(folder, path), 'utf8'));
}
