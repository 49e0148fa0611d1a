import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { XdmError } from '../sdk/core/errors.ts';

/** A file's text; undefined where there is no such file. */
export function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/**
 * Writes a file so that it is there whole or not at all.
 * @throws {XdmError} `invalid-argument` where it cannot be written
 */
export function writeWhole(path: string, text: string): void {
  const temporary = `${path}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(temporary, text, { flush: true });
    renameSync(temporary, path);
  } catch (cause) {
    throw new XdmError('invalid-argument', `${path} cannot be written`, { cause, hint: 'give another path' });
  }
}
