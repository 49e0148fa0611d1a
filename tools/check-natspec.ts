// Fails, with a list, when the interfaces and the base for applications leave something undocumented: each function, event
// and error has a notice, and each of its parameters and return values a line of its own. An interface is all that a
// caller should have to read.
//
// usage: node tools/check-natspec.ts
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import process from 'node:process';

import { readArtifact } from './artifacts.ts';

/** What applications are written against. */
const FOLDERS = ['contracts/interfaces', 'contracts/dapp', 'contracts/omnichain/interfaces'];

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly components?: readonly Parameter[];
}

interface Entry {
  readonly type: string;
  readonly name: string;
  readonly inputs: readonly Parameter[];
  readonly outputs?: readonly Parameter[];
}

/** What the compiler gathers about one function, event or error, from both kinds of documentation. */
interface Doc {
  readonly notice?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly returns?: Readonly<Record<string, string>>;
}

/** Errors have a list: another one with the same signature may be in scope. */
type Docs = Readonly<Record<string, Readonly<Record<string, Doc | readonly Doc[]>> | undefined>>;

/** forge's own `metadata` leaves out events and errors; this is the compiler's. */
interface Metadata {
  readonly output: { readonly abi: readonly Entry[]; readonly userdoc: Docs; readonly devdoc: Docs };
}

const SECTIONS: Readonly<Record<string, string>> = { function: 'methods', event: 'events', error: 'errors' };

const typeOf = ({ type, components }: Parameter): string =>
  components === undefined ? type : type.replace('tuple', `(${components.map(typeOf).join(',')})`);

function missingIn({ output }: Metadata): string[] {
  return output.abi.flatMap((entry) => {
    const signature = `${entry.name}(${entry.inputs.map(typeOf).join(',')})`;
    const section = SECTIONS[entry.type] ?? entry.type;
    // What a public variable returns is documented with the variable.
    const docOf = (docs: Docs): Doc =>
      [docs[section]?.[signature] ?? docs['stateVariables']?.[entry.name] ?? {}].flat()[0] ?? {};
    const [{ notice }, { params, returns }] = [docOf(output.userdoc), docOf(output.devdoc)];
    const missing = [
      ...(notice ? [] : ['@notice']),
      ...entry.inputs.filter(({ name }) => !params?.[name]).map(({ name }) => `@param ${name}`),
      ...(entry.outputs ?? [])
        .map(({ name }, i) => name || `_${i}`)
        .filter((name) => !returns?.[name])
        .map((name) => `@return ${name}`),
    ];
    return missing.map((tag) => `${entry.type} ${signature}: ${tag}`);
  });
}

const undocumented = FOLDERS.flatMap((folder) => readdirSync(folder)).flatMap((file) => {
  const name = basename(file, '.sol');
  return missingIn(JSON.parse(readArtifact(name).rawMetadata) as Metadata).map((line) => `${name}: ${line}`);
});

if (undocumented.length > 0) {
  console.error(`not documented:\n${undocumented.join('\n')}`);
  process.exitCode = 1;
}
