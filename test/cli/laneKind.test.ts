import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { COMMANDS } from '../../cli/commands.ts';
import { rpcUrlsOf } from '../../cli/omnichain/lane.ts';
import type { Environment } from '../../cli/command.ts';
import { serializeOmnichainDeployment } from '../../sdk/core/omnichain/deployment.ts';
import { serializeDeployment } from '../../sdk/core/deployment.ts';
import { runMain } from '../support/cliMain.ts';
import { EXAMPLE_DEPLOYMENT, EXAMPLE_OMNICHAIN } from '../support/deployment.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xdm-kind-'));
  writeFileSync(join(folder, 'omnichain.json'), serializeOmnichainDeployment(EXAMPLE_OMNICHAIN));
  writeFileSync(join(folder, 'rollup.json'), serializeDeployment(EXAMPLE_DEPLOYMENT));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** The least that the parser takes: every option that must be there, and as many arguments. */
function leastOf({ arity, options }: (typeof COMMANDS)[number]): string[] {
  const needed = Object.entries(options).filter(([, { demandOption }]) => demandOption === true);
  const count = typeof arity === 'number' ? arity : 1;
  return [...needed.flatMap(([name]) => [`--${name}`, 'x']), ...Array.from({ length: count }, () => 'x')];
}

const READING = COMMANDS.filter(({ options }) => 'deployment' in options);
const LIMITED = READING.filter(({ only }) => only !== undefined);
const FILES = { rollup: 'omnichain.json', omnichain: 'rollup.json' } as const;

describe('a command for one kind of lane', () => {
  test.each(LIMITED.map((command) => [command.name, command] as const))(
    '%s says so of the other kind, and what to do instead',
    async (name, command) => {
      const { kind, otherwise } = command.only!;
      const file = join(folder, FILES[kind]);
      const { code, stdout, stderr } = await runMain([name, ...leastOf(command), '--deployment', file]);
      const [other, own] = kind === 'rollup' ? ['an omnichain', "a rollup's"] : ["a rollup's", 'an omnichain'];
      expect({ code, stdout, stderr }).toEqual({
        code: 2,
        stdout: '',
        stderr: `error: ${file} describes ${other} lane, and xdm ${name} is for ${own} lane; ${otherwise}\n`,
      });
    },
  );

  test('is every command that reads a deployment, unless it is for both', () => {
    const both = READING.filter(({ only }) => only === undefined).map(({ name }) => name);
    expect(both.toSorted()).toEqual(['acceptOwnership', 'list', 'relayer', 'retry', 'status']);
  });

  test('leaves a file that is not there, or none of JSON, to whoever reads it', async () => {
    const missing = await runMain(['roles', '--deployment', join(folder, 'missing.json')]);
    expect(missing.stderr).toContain('missing.json cannot be read');
    writeFileSync(join(folder, 'broken.json'), '{');
    const broken = await runMain(['roles', '--deployment', join(folder, 'broken.json')]);
    expect(broken.stderr).toContain('broken.json is not JSON');
  });
});

describe('the endpoints of an omnichain lane', () => {
  const lane = EXAMPLE_OMNICHAIN;
  const variables = (urls?: string): Environment =>
    ({ variables: { XDM_RPC_URLS: urls } }) as Partial<Environment> as Environment;

  test("are given by the chains' names or ids, several of one chain with commas", () => {
    const typed = { 'rpc-urls': 'a=https://one/?x=1,https://two, 7000=http://three' };
    expect(rpcUrlsOf(lane, typed, variables('relay=http://four'))).toEqual({
      7000: ['http://three'],
      7001: ['https://one/?x=1', 'https://two'],
    });
    expect(rpcUrlsOf(lane, { 'rpc-urls': undefined }, variables('relay=http://four'))).toEqual({
      7000: ['http://four'],
    });
    expect(rpcUrlsOf(lane, { 'rpc-urls': undefined }, variables())).toEqual({});
  });

  test('are of a chain, and of one of the lane', () => {
    const urls = (text: string) => () => rpcUrlsOf(lane, { 'rpc-urls': text }, variables());
    expect(urls('http://one')).toThrow('--rpc-urls does not begin with the name of a chain');
    expect(urls('C=http://one')).toThrow('"C" is no chain of the lane');
  });
});

describe('the node', () => {
  const relayer = async (file: string, ...args: readonly string[]) =>
    await runMain(['relayer', '--deployment', join(folder, file), ...args]);

  test.each([
    [
      'omnichain.json',
      '--l1-rpc-url',
      "a rollup's lane, and this one is an omnichain lane; give endpoints with --rpc-urls",
    ],
    ['omnichain.json', '--max-batch-size', "a rollup's lane, and this one is an omnichain lane; leave it out"],
    [
      'rollup.json',
      '--rpc-urls',
      "an omnichain lane, and this one is a rollup's lane; give endpoints with --l1-rpc-url and --l2-rpc-url",
    ],
    ['rollup.json', '--source-urls', "an omnichain lane, and this one is a rollup's lane; leave it out"],
  ])('of %s takes no %s', async (file, option, words) => {
    expect(await relayer(file, option, '1')).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: ${option} is for ${words}\n`,
    });
  });

  test.each([
    [
      ['--roles', 'relayer'],
      'setting "roles" has value "relayer": not a role of a node on this kind of lane: they are messenger, maintainer; the settings are',
    ],
    [['--rpc-urls', 'http://user:secret@one'], 'does not begin with the name of a chain'],
    [['--rpc-urls', 'A=one'], 'is no http or https URL'],
    [['--private-key', `0x${'1'.repeat(64)}`, '--source-urls', 'C=http://one'], '"C" is no chain of the lane'],
    [[], 'the role "messenger" needs a private key'],
    [['--roles', 'maintainer'], 'the role "maintainer" needs a private key'],
  ])('on an omnichain lane does not start with %s', async (args, problem) => {
    const { code, stdout, stderr } = await relayer('omnichain.json', ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(problem);
    expect(stderr).not.toContain('secret');
  });
});
