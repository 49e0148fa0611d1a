import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readTerms } from '../../cli/laneTerms.ts';
import { TERM_OPTIONS } from '../../cli/options.ts';
import { deploy } from '../../cli/commands/deploy.ts';

const OWNER = '0x0000000000000000000000000000000000000011';
const OTHER = '0x00000000000000000000000000000000000000AA';

/** Every key of the file. */
const ALL = {
  owner: OWNER,
  proposer: '0x0000000000000000000000000000000000000022',
  challenger: '0x0000000000000000000000000000000000000033',
  guardian: '0x0000000000000000000000000000000000000044',
  fraudProofWindow: 86_400,
  deposits: 'derived',
  maxBlockGas: 20_000_000,
  startBlock: 3,
  allowlist: '0x0000000000000000000000000000000000000055',
  genesisVault: '1000000000000000000000',
  valueEnabled: true,
};

let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xdm-terms-'));
  file = join(folder, 'terms.json');
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

type TermArguments = Parameters<typeof readTerms>[0];

function read(args: Partial<TermArguments>, json?: unknown): ReturnType<typeof readTerms> {
  if (json !== undefined) writeFileSync(file, typeof json === 'string' ? json : JSON.stringify(json));
  const nothing = Object.fromEntries(Object.keys(TERM_OPTIONS).map((name) => [name, undefined]));
  return readTerms({
    ...(nothing as unknown as TermArguments),
    'no-value': false,
    ...(json !== undefined && { config: file }),
    ...args,
  });
}

const USUAL = { deposits: 'sequencer', fraudProofWindow: 604_800n, valueEnabled: true, genesisVault: 0n };

test('nothing that is asked for leaves a week, and roles and gas to the account and the chains', () => {
  expect(read({})).toEqual(USUAL);
});

test('a file can say all of it', () => {
  const { fraudProofWindow, maxBlockGas, startBlock, genesisVault } = ALL;
  const numbers = { fraudProofWindow, maxBlockGas, startBlock, genesisVault };
  const asked = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, BigInt(value)]));
  expect(read({}, ALL)).toEqual({ ...ALL, ...asked });
});

test('so can options, which go before the file', () => {
  const typed = {
    owner: OTHER.toLowerCase(),
    proposer: OTHER,
    challenger: OTHER,
    guardian: OTHER,
    'challenge-period': '60',
    deposits: 'sequencer',
    'max-block-gas': '30000000',
    'start-block': '4',
    allowlist: OTHER,
    'genesis-vault': '2ether',
    'no-value': true,
  };
  expect(new Set(Object.keys(typed))).toEqual(new Set(Object.keys(TERM_OPTIONS).filter((name) => name !== 'config')));
  expect(read(typed, ALL)).toEqual({
    owner: OTHER,
    proposer: OTHER,
    challenger: OTHER,
    guardian: OTHER,
    fraudProofWindow: 60n,
    deposits: 'sequencer',
    maxBlockGas: 30_000_000n,
    startBlock: 4n,
    allowlist: OTHER,
    genesisVault: 2n * 10n ** 18n,
    valueEnabled: false,
  });
  expect(read({ guardian: OTHER }, { owner: OWNER })).toEqual({ ...USUAL, owner: OWNER, guardian: OTHER });
});

test('the help names every key of the file', () => {
  for (const key of Object.keys(ALL)) expect(deploy.details).toContain(key);
});

test('docs/deployment.md says all of them, and its example is a file that can be read', () => {
  const text = readFileSync('docs/deployment.md', 'utf8');
  const rows = [...text.matchAll(/^\| `(?<key>\w+)` +\| `--(?<option>[a-z-]+)`/gmu)].map(({ groups }) => groups!);
  expect(new Set(rows.map(({ key }) => key))).toEqual(new Set(Object.keys(ALL)));
  const options = Object.keys(TERM_OPTIONS).filter((name) => name !== 'config');
  expect(new Set(rows.map(({ option }) => option))).toEqual(new Set(options));

  const example = /^```json\n(.*?)^```$/msu.exec(text)![1]!;
  expect(read({}, example.replaceAll('0x...', OWNER))).toMatchObject({ owner: OWNER, fraudProofWindow: 604_800n });
});

describe('a file is refused', () => {
  test.each([
    ['of which a key is unknown', { ...ALL, sequencer: OTHER }, 'key "sequencer" is unknown'],
    ['with a role that is no address', { guardian: '0x12' }, 'key "guardian" is "0x12", not an address'],
    ['with a window in words', { fraudProofWindow: '7 days' }, 'key "fraudProofWindow" is "7 days", not a whole'],
    ['with another way to execute the queue', { deposits: 'both' }, 'key "deposits" is "both", not sequencer or'],
    ['with ether in a number that is not exact', { genesisVault: 1e21 }, 'key "genesisVault" is 1e+21, not a whole'],
    ['that is no object', [], 'it is [], not a JSON object'],
    ['that is not JSON', '{', 'is not JSON'],
  ])('%s', (_case, json, problem) => {
    expect(() => read({}, json)).toThrow(
      expect.objectContaining({ code: 'invalid-config', message: expect.stringContaining(problem) as string }),
    );
  });

  test('that is not there', () => {
    expect(() => read({ config: join(folder, 'nothing.json') })).toThrow('there is no file');
  });
});
