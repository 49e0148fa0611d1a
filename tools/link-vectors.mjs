#!/usr/bin/env node
// Links cache/vectors, through which forge reads the acceptance vectors, to the folder that XDM_VECTORS names; removes
// the link where it is not set.
//
// usage: node tools/link-vectors.mjs
import { mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';

const LINK = 'cache/vectors';
const folder = process.env['XDM_VECTORS'];

mkdirSync('cache', { recursive: true });
rmSync(LINK, { force: true });
if (folder === undefined || folder === '') {
  console.log('XDM_VECTORS is not set: tests of the acceptance vectors are skipped');
} else if (statSync(join(folder, 'messages'), { throwIfNoEntry: false })?.isDirectory() === true) {
  symlinkSync(resolve(folder), LINK);
} else {
  console.error(`XDM_VECTORS: ${folder} is not the folder of the acceptance vectors: it has no folder messages/`);
  process.exitCode = 2;
}
