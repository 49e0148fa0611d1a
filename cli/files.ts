import { existsSync, readFileSync } from 'node:fs';

import { writeWhole } from '../devnet/files.ts';
import { XdmError } from '../sdk/core/errors.ts';

/**
 * A file's text; undefined where there is no such file.
 * @throws {XdmError} `invalid-argument` where it cannot be read
 */
export function readIfThere(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new XdmError('invalid-argument', `${path} cannot be read`, { cause, hint: 'give another path' });
  }
}

/**
 * Writes what was asked for to where it was asked for.
 * @throws {XdmError} `invalid-argument` where it cannot be written
 */
export function writeResult(path: string, text: string): void {
  try {
    writeWhole(path, text);
  } catch (cause) {
    throw new XdmError('invalid-argument', `${path} cannot be written`, { cause, hint: 'give another path' });
  }
}

/**
 * The same of a file that was not there when this run began, and by which others go on.
 * @throws {XdmError} `in-use` where another run has written it meanwhile
 */
export function writeNew(path: string, text: string): void {
  if (existsSync(path)) {
    throw new XdmError('in-use', `another run has written ${path} meanwhile`, {
      hint: 'repeat the command once that has ended: it goes on by that file',
    });
  }
  writeResult(path, text);
}
