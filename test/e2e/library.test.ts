import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startDevnet, type Devnet } from '../../devnet/devnet.ts';
import { createProject, type Project } from '../support/project.ts';
import { codeBlocks, readmeBlocks } from '../support/readme.ts';

const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> };

const TSCONFIG = {
  extends: resolve('tsconfig.json'),
  compilerOptions: { types: ['node'], typeRoots: ['node_modules/@types'] },
  include: ['*.mts'],
};

/** A project in which the package is our sources. */
let project: Project;
beforeAll(() => {
  const xdm = { name: 'xdm', type: 'module', exports: './sdk/index.ts' };
  const files = {
    'package.json': '{ "type": "module" }',
    'tsconfig.json': JSON.stringify(TSCONFIG),
    'main.mts': readmeBlocks('ts')[0]!,
    // What goes on from there.
    'gateways.mts': [
      ...readmeBlocks('ts'),
      ...codeBlocks('docs/erc7786.md', 'ts'),
      'console.log([l1Gateway, l2Gateway].map((address) => address.length));',
    ].join('\n'),
    // The omnichain lane's: test/e2e/omnichain/devnet.test.ts runs them.
    'omnichain.mts': codeBlocks('docs/omnichain.md', 'ts')[0]!,
    'replacement.mts': codeBlocks('docs/adding-a-chain.md', 'ts')[0]!,
    'node_modules/xdm/package.json': JSON.stringify(xdm),
  };
  project = createProject(files, { packages: [...Object.keys(dependencies), '@types/node'] });
  project.link('sdk', 'node_modules/xdm/sdk');
});
afterAll(() => project.remove());

test('the README and the documents of the omnichain lane have one program in TypeScript each', () => {
  const documents = ['README.md', 'docs/omnichain.md', 'docs/adding-a-chain.md'];
  expect(documents.map((document) => codeBlocks(document, 'ts').length)).toEqual([1, 1, 1]);
});

describe("the README's program", () => {
  test("has no error in its types, and no other document's has", async () => {
    expect(await project.run('tsc', '--project', '.')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  describe('on a local network', () => {
    let network: Devnet;
    beforeAll(async () => {
      const dataDir = join(project.folder, 'elsewhere/.xdm');
      network = await startDevnet({ challengePeriod: 1n, blockTime: 1, dataDir, relayer: true });
    });
    afterAll(async () => await network.stop());

    test('brings a message from L2 to L1', async () => {
      const block = readmeBlocks('sh').find((text) => text.endsWith('\nnode main.mts\n'))!;
      const [, variables] = /((?:^export .*\n)+)node main\.mts\n$/mu.exec(block)!;
      const there = variables!.replace('../xdm/', 'elsewhere/');
      expect(there).toContain(network.accounts[0]!.privateKey);
      const { code, stdout, stderr } = await project.run('sh', '-c', `${there}node main.mts`);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/\nrelayed ready at \d+\nrelayed; proven at L2 block \d+ with \d{3,4} bytes\n$/u);
    });
  });
});
