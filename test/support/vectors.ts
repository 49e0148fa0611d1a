import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

import { describe } from 'vitest';

const folder = process.env['XDM_VECTORS'] ?? '';
if (folder === '') console.log('XDM_VECTORS is not set: tests of the acceptance vectors are skipped');

/** A suite over the acceptance vectors, skipped where XDM_VECTORS is not set. */
// oxlint-disable-next-line vitest/valid-describe-callback -- it is `skipIf` that is called here
export const describeVectors = describe.skipIf(folder === '');

/** A file of the vectors. */
export function readVectors(path: string): unknown {
  return JSON.parse(readFileSync(join(folder, path), 'utf8'));
}
