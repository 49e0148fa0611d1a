import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createProject, type Project } from '../support/project.ts';
import { readmeBlocks } from '../support/readme.ts';

const { version, dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  version: string;
  dependencies: Record<string, string>;
};

const FORGE_STD = '@layerzerolabs/toolbox-foundry';

/** Everything that the package may have. */
const SHIPPED = [
  /^(?:package\.json|(?:README|ARCHITECTURE|CONTRIBUTING|SECURITY)\.md|LICENSE)$/u,
  /^docs\/(?:adr\/)?[\w-]+\.(?:md|svg)$/u,
  /^examples\/(?:[\w-]+\/(?:test\/)?)?\w+(?:\.t)?\.(?:sol|ts|md)$/u,
  /^monitoring\/[\w-]+\.(?:yml|json)$/u,
  /^bin\/xdm\.mjs$/u,
  /^contracts\/(?:\w+\/)*\w+\.sol$/u,
  /^dist\/(?:cli|devnet|relayer|sdk)\/(?:\w+\/)*\w+\.(?:js|d\.ts)$/u,
];

const NEEDED = [
  'README.md',
  'LICENSE',
  'bin/xdm.mjs',
  'dist/cli/main.js',
  'dist/sdk/index.js',
  'dist/sdk/index.d.ts',
  'contracts/dapp/CrossDomainEnabled.sol',
  'contracts/interfaces/ICrossDomainMessenger.sol',
];

/** Folders that documents lead into, of the repository alone; the README says so. */
const UNSHIPPED = ['relayer/', 'snapshots/', 'test/'];

/** A project that has installed the package, what the package depends on, and forge-std for its tests; nothing else. */
let project: Project;
/** Where the package is in it. */
let folder: string;
let files: string[];

beforeAll(async () => {
  project = createProject(
    { 'package.json': '{ "type": "module" }' },
    { packages: [...Object.keys(dependencies), FORGE_STD] },
  );
  folder = join(project.folder, 'node_modules/xdm');
  mkdirSync(folder);
  await succeed('npm', '--prefix', resolve('.'), 'pack', resolve('.'));
  await succeed('tar', '-xzf', `xdm-${version}.tgz`, '--strip-components=1', '-C', folder);
  files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
});
afterAll(() => project.remove());

async function succeed(command: string, ...args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await project.run(command, ...args);
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${stdout}${stderr}`);
}

const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
const named = (extension: string): string[] => files.filter((path) => path.endsWith(extension));

/** What a file imports, by pattern. */
const importsOf = (path: string, pattern: RegExp): string[] =>
  [...read(path).matchAll(pattern)].map(([, imported]) => imported!);

describe('the package', () => {
  test('has what it needs, and nothing else', () => {
    expect(files).toEqual(expect.arrayContaining(NEEDED));
    expect(files.filter((path) => !SHIPPED.some((pattern) => pattern.test(path)))).toEqual([]);
  });

  test('imports in JavaScript what it has or depends on', () => {
    // In double quotes a name after `from` is a table's.
    const imported = [...named('.js'), ...named('.d.ts')].flatMap((path) =>
      importsOf(path, /(?:(?:from|import) '|import\(['"])([^'"\s]+)['"]/gu).map((name) => ({ path, name })),
    );
    expect(imported.length).toBeGreaterThan(100);
    const isThere = ({ path, name }: { path: string; name: string }): boolean => {
      if (name.startsWith('.')) {
        // In declarations a name ends as its source did.
        const target = join(dirname(path), path.endsWith('.d.ts') ? name.replace(/\.ts$/u, '.d.ts') : name);
        return files.includes(target);
      }
      if (name.startsWith('node:')) return isBuiltin(name);
      return Object.keys(dependencies).some((known) => name === known || name.startsWith(`${known}/`));
    };
    expect(imported.filter((each) => !isThere(each))).toEqual([]);
  });

  test('imports in Solidity what it has or depends on', () => {
    const imported = named('.sol').flatMap((path) =>
      importsOf(path, /^import [^"]*"([^"]+)";/gmu).map((name) => ({ path, name })),
    );
    expect(imported.length).toBeGreaterThan(40);
    const isThere = ({ path, name }: { path: string; name: string }): boolean =>
      name.startsWith('.')
        ? files.includes(join(dirname(path), name))
        : (name.startsWith('@openzeppelin/contracts/') && existsSync(join('node_modules', name))) ||
          // What tests import, a project under Foundry has.
          (/^contracts\/testing\/|\.t\.sol$/u.test(path) && name.startsWith('forge-std/')) ||
          (path.startsWith('examples/') && files.includes(name.replace(/^xdm\//u, '')));
    expect(imported.filter((each) => !isThere(each))).toEqual([]);
  });

  test("has what its documents lead to, but for what the repository's own are about", () => {
    const links = named('.md').flatMap((path) =>
      importsOf(path, /(?<!\[)\]\((?!https?:|#)([^)#\s]+)/gu).map((link) => ({
        path,
        target: join(dirname(path), link),
      })),
    );
    expect(links.length).toBeGreaterThan(40);
    const isThere = ({ path, target }: { path: string; target: string }): boolean =>
      existsSync(join(folder, target)) || (path !== 'README.md' && UNSHIPPED.some((each) => target.startsWith(each)));
    expect(links.filter((each) => !isThere(each))).toEqual([]);

    const [last, ...before] = UNSHIPPED.map((each) => `\`${each}\``).toReversed();
    const said = `lead into ${before.toReversed().join(', ')} and ${last}, they lead to the repository`;
    expect(read('README.md').replaceAll(/\s+/gu, ' ')).toContain(said);
  });

  test('asks of its users no more than it needs', () => {
    const { scripts: _scripts, ...manifest } = JSON.parse(read('package.json')) as Record<string, unknown>;
    expect(manifest).toMatchObject({
      dependencies,
      peerDependencies: { '@foundry-rs/anvil': expect.any(String) },
      peerDependenciesMeta: { '@foundry-rs/anvil': { optional: true } },
    });
    expect(manifest).not.toHaveProperty('optionalDependencies');
    expect(manifest).not.toHaveProperty('bundleDependencies');
  });

  test('has a command line', async () => {
    expect(await project.run('node', 'node_modules/xdm/bin/xdm.mjs', '--version')).toEqual({
      code: 0,
      stdout: `${version}\n`,
      stderr: '',
    });
  });

  test('says in one line that Node is too old', async () => {
    const older = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.9.0'})";
    const { code, stdout, stderr } = await project.run('node', '--import', older, 'node_modules/xdm/bin/xdm.mjs');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^xdm needs Node 24 or newer, not v.*: run it with `npx xdm`\n$/u);
  });
});

describe('a project in TypeScript', () => {
  test('imports the SDK with its types', async () => {
    const manifest = JSON.stringify({
      compilerOptions: {
        strict: true,
        module: 'nodenext',
        target: 'es2024',
        outDir: 'out',
        types: [],
        skipLibCheck: true,
        exactOptionalPropertyTypes: true,
      },
      include: ['main.ts'],
    });
    const main = `
      import { connectLane, getStatus, hashMessage, statusOf, XdmError } from 'xdm';
      import type { Deployment, LaneClient, LaneMessage, Message, MessageStatus } from 'xdm';
      import manifest from 'xdm/package.json' with { type: 'json' };

      const address = '0x0000000000000000000000000000000000000001';
      const message: Message = { nonce: 1n << 240n, sender: address, target: address, value: 0n, gasLimit: 5n, data: '0x' };
      const status: MessageStatus = statusOf({
        fromChain: 'l2', isSent: true, delivery: 'unattempted', batchTimestamp: 5n, fraudProofWindow: 5n, l1Timestamp: 9n,
      });
      // @ts-expect-error -- a chain that there is not
      statusOf({ fromChain: 'l3', isSent: true, delivery: 'unattempted', fraudProofWindow: 5n, l1Timestamp: 9n });
      // @ts-expect-error -- a number that is not a bigint
      const wrong: Message = { ...message, value: 0 };

      export async function follow(lane: Deployment, sent: LaneMessage): Promise<MessageStatus> {
        const client: LaneClient = await connectLane(lane);
        return (await getStatus(client, sent)).status;
      }
      const code: string = await follow({} as Deployment, {} as LaneMessage).catch((error: unknown) =>
        error instanceof XdmError ? error.code : 'another error');
      declare const console: { log(text: string): void };
      console.log(JSON.stringify([hashMessage(message).length, status, code, manifest.version, typeof wrong]));
    `;
    project.write({ 'tsconfig.json': manifest, 'main.ts': main });
    expect(await project.run('tsc', '--project', '.')).toEqual({ code: 0, stdout: '', stderr: '' });
    // Declarations of ethers' dependencies have errors of their own.
    const { stdout: complaints } = await project.run('tsc', '--project', '.', '--noEmit', '--skipLibCheck', 'false');
    expect(complaints).not.toMatch(/xdm/u);
    expect(await project.run('node', 'out/main.js')).toEqual({
      code: 0,
      stdout: `${JSON.stringify([66, 'in-challenge-period', 'invalid-argument', version, 'object'])}\n`,
      stderr: '',
    });
  });

  test('imports nothing that the package keeps to itself', async () => {
    project.write({ 'inner.js': "import 'xdm/dist/sdk/chain/rpc.js';\n" });
    const { code, stderr } = await project.run('node', 'inner.js');
    expect(code).toBe(1);
    expect(stderr).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });
});

describe('a Foundry project', () => {
  const manifest = readmeBlocks('toml')[0]!;
  const forge = [`FOUNDRY_SOLC=${resolve('tools/solc.mjs')}`, 'node', resolve('tools/foundry.mjs'), 'forge'];

  test('imports the base contract and a messenger', async () => {
    const source = `
      // SPDX-License-Identifier: MIT
      pragma solidity ^0.8.24;

      import {CrossDomainEnabled} from "xdm/contracts/dapp/CrossDomainEnabled.sol";
      import {ICrossDomainMessenger} from "xdm/contracts/interfaces/ICrossDomainMessenger.sol";
      import {L2CrossDomainMessenger} from "xdm/contracts/L2/L2CrossDomainMessenger.sol";

      contract Counter is CrossDomainEnabled {
          uint256 public count;

          constructor(L2CrossDomainMessenger messenger_) CrossDomainEnabled(ICrossDomainMessenger(address(messenger_))) {}

          function increment() external onlyFromCrossDomainAccount(address(this)) {
              ++count;
          }
      }
    `;
    project.write({
      'foundry.toml': manifest,
      'src/Counter.sol': source,
    });
    expect(await project.run('env', ...forge, 'build')).toMatchObject({ code: 0 });
    const artifact = JSON.parse(readFileSync(join(project.folder, 'out/Counter.sol/Counter.json'), 'utf8')) as {
      bytecode: { object: string };
    };
    expect(artifact.bytecode.object.length).toBeGreaterThan(100);
  });

  test('tests its contracts with both ends of a lane', async () => {
    project.write({
      'foundry.toml': manifest,
      'test/Greeter.sol': readFileSync('examples/greeter/Greeter.sol', 'utf8'),
      'test/Greeter.t.sol': readFileSync('examples/greeter/Greeter.t.sol', 'utf8'),
    });
    const { stdout } = await project.run('env', ...forge, 'test');
    expect(stdout).not.toContain('Warning');
    expect(stdout).toMatch(/: 3 tests passed, 0 failed/u);
  });
});
