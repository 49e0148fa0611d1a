// Fails unless each file that users import compiles alone, with nothing but what it imports, under a floating pragma, and
// without a warning: by every Solidity compiler among the development dependencies. `solc` is the current one; another
// one's name is an alias, such as `solc-0.8.24` of the oldest that the pragma allows.
//
// usage: node tools/check-imports.ts
import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';

import { modernizeForgeStd } from './forge-std.mjs';

const FOLDERS = [
  'contracts/interfaces',
  'contracts/types',
  'contracts/dapp',
  'contracts/testing',
  'contracts/omnichain/interfaces',
  'contracts/omnichain/types',
];

const PRAGMA = /^pragma solidity \^0\.8\.24;$/mu;

/** Where imports that are not relative lead, as in foundry.toml. */
const REMAPPINGS = {
  '@openzeppelin/contracts/': 'node_modules/@openzeppelin/contracts/',
  'forge-std/': 'node_modules/@layerzerolabs/toolbox-foundry/lib/forge-std/',
};

/** Of a contract that is too large to be deployed: a test's are not. */
const INITCODE_SIZE = '3860';

type Sources = Record<string, { content: string }>;

interface Diagnostic {
  readonly severity: string;
  readonly errorCode?: string;
  readonly formattedMessage: string;
  readonly sourceLocation?: { readonly file: string };
}

interface Compiler {
  readonly name: string;
  readonly compile: (input: string) => string;
}

function resolveImport(name: string, from: string): string {
  if (name.startsWith('.')) return join(dirname(from), name);
  const [prefix, folder] = Object.entries(REMAPPINGS).find(([start]) => name.startsWith(start)) ?? [];
  if (prefix === undefined || folder === undefined) {
    throw new Error(`${from} imports ${name}, which users need not have`);
  }
  return folder + name.slice(prefix.length);
}

/** A file and all that it imports, by path. */
function closureOf(file: string, sources: Sources = {}): Sources {
  if (sources[file] !== undefined) return sources;
  const content = readFileSync(file, 'utf8');
  sources[file] = { content };
  for (const [, name] of content.matchAll(/^import [^"]*"([^"]+)";/gmu)) closureOf(resolveImport(name!, file), sources);
  return sources;
}

/** What is wrong with a file for a compiler. Other people's warnings are not. */
function complaintsAbout(file: string, { name, compile }: Compiler): string[] {
  const sources = closureOf(file);
  modernizeForgeStd(sources);
  const input = {
    language: 'Solidity',
    sources,
    settings: {
      evmVersion: 'cancun',
      remappings: Object.entries(REMAPPINGS).map(([prefix, folder]) => `${prefix}=${folder}`),
      outputSelection: { [file]: { '*': ['evm.bytecode.object'] } },
    },
  };
  const { errors = [] } = JSON.parse(compile(JSON.stringify(input))) as { errors?: readonly Diagnostic[] };
  return errors
    .filter(({ severity, sourceLocation }) => severity === 'error' || sourceLocation?.file.startsWith('contracts/'))
    .filter(({ errorCode }) => errorCode !== INITCODE_SIZE)
    .map(({ formattedMessage }) => `${file} with ${name}: ${formattedMessage}`);
}

function compilers(): Compiler[] {
  const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const require = createRequire(join(process.cwd(), 'package.json'));
  const names = Object.keys(devDependencies).filter((name) => /^solc(?:-|$)/u.test(name));
  return names.map((name) => ({ name, compile: (require(name) as { compile: Compiler['compile'] }).compile }));
}

const files = FOLDERS.flatMap((folder) => globSync(join(folder, '*.sol')));
const complaints = files.filter((file) => !PRAGMA.test(readFileSync(file, 'utf8'))).map((file) => `${file}: pragma`);
const used = compilers();
for (const compiler of used) complaints.push(...files.flatMap((file) => complaintsAbout(file, compiler)));

if (complaints.length > 0 || files.length === 0 || used.length === 0) {
  console.error(`cannot be imported alone by ${used.map(({ name }) => name).join(', ')}:\n${complaints.join('\n')}`);
  process.exitCode = 1;
}
