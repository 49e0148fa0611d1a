#!/usr/bin/env node
// Completes package-lock.json for every platform. npm writes only the optional dependencies it could fetch metadata
// for; `npm ci` then rejects the lockfile elsewhere ("Missing: ... from lock file"). This adds an entry for each one
// that is missing. With --check it changes nothing and fails when an entry is missing.
//
// usage: node tools/complete-lock.mjs [--check] [LOCKFILE]
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';

const OS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
/** @type {Record<string, string>} */
const CPU = {
  amd64: 'x64',
  arm: 'arm',
  arm64: 'arm64',
  ia32: 'ia32',
  loong64: 'loong64',
  mips64el: 'mips64el',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  wasm32: 'wasm32',
  x64: 'x64',
};
/** @type {Record<string, string>} */
const LIBC = { gnu: 'glibc', musl: 'musl' };

/**
 * @typedef {object} LockEntry
 * @property {string} [version]
 * @property {boolean} [dev]
 * @property {boolean} [optional]
 * @property {Record<string, string>} [optionalDependencies]
 *
 * @typedef {Record<string, LockEntry>} LockPackages
 */

/**
 * What a platform package's name says of its platform, in the lockfile's words.
 * @param {string} name
 */
function platformOf(name) {
  const words = name.split(/[-/]/);
  const os = OS.find((word) => words.includes(word));
  const cpu = words.map((word) => CPU[word]).find((known) => known !== undefined);
  const libc = words.map((word) => LIBC[word]).find((known) => known !== undefined);
  if (os === undefined && cpu === undefined) {
    throw new Error(`${name}: its name does not say its platform; add it to package-lock.json by hand`);
  }
  return { ...(os && { os: [os] }), ...(cpu && { cpu: [cpu] }), ...(libc && { libc: [libc] }) };
}

/**
 * Whether `name`, required from the package at `path`, resolves to an entry: npm looks upwards, folder by folder.
 * @param {LockPackages} packages
 * @param {string} path
 * @param {string} name
 */
function isLocked(packages, path, name) {
  let folder = path;
  while (folder !== '') {
    if (packages[`${folder}/node_modules/${name}`]) return true;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')));
  }
  return packages[`node_modules/${name}`] !== undefined;
}

/** @param {LockPackages} packages */
function missingEntries(packages) {
  /** @type {Map<string, { version: string, dev: boolean | undefined }>} */
  const missing = new Map();
  for (const [path, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (!isLocked(packages, path, name)) missing.set(name, { version, dev: entry.dev });
    }
  }
  return missing;
}

const checkOnly = process.argv.includes('--check');
const file = process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? 'package-lock.json';
const lock = /** @type {{ packages: LockPackages }} */ (JSON.parse(readFileSync(file, 'utf8')));
const missing = missingEntries(lock.packages);

if (missing.size === 0) {
  console.log(`${file}: complete`);
} else if (checkOnly) {
  console.error(`${file}: ${missing.size} optional dependencies are missing: ${[...missing.keys()].join(', ')}`);
  console.error('Run `node tools/complete-lock.mjs` and commit the lockfile.');
  process.exitCode = 1;
} else {
  for (const [name, { version, dev }] of missing) {
    lock.packages[`node_modules/${name}`] = { version, optional: true, ...(dev && { dev }), ...platformOf(name) };
  }
  lock.packages = Object.fromEntries(Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`${file}: added ${missing.size} optional dependencies of other platforms`);
}
