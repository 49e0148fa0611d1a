import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file in one piece: whoever reads it meanwhile finds all or nothing. */
export function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
