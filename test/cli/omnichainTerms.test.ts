import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ZeroAddress } from 'ethers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { headersOf, readNewChainTerms, readOmnichainTerms, type OmnichainTerms } from '../../cli/omnichain/terms.ts';
import type { XdmError } from '../../sdk/core/errors.ts';
import { codeBlocks } from '../support/readme.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xdm-terms-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** The document's example, with some keys otherwise. */
function read(change: object = {}): OmnichainTerms {
  const [, example = ''] = /```json\n(\{\n {2}"relayChain".*?)```/su.exec(readFileSync('docs/omnichain.md', 'utf8'))!;
  const file = join(folder, 'terms.json');
  writeFileSync(file, JSON.stringify({ ...(JSON.parse(example) as object), ...change }));
  return readOmnichainTerms(file);
}

function chain(lightClient: object, change: object = {}): object {
  return { chains: [{ chainId: 1, name: 'relay', lightClient, ...change }, ...read().chains.slice(1).map(plain)] };
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? Number(item) : item)));
}

describe('the terms of an omnichain lane', () => {
  test("are those of the document's example: the relay chain first, and what is not given as it is said there", () => {
    const terms = read();
    expect(terms.chains.map(({ name }) => name)).toEqual(['relay', 'ethereum', 'besu']);
    expect(terms.chains.map(({ lightClient }) => lightClient.historyWindow)).toEqual([0n, 8191n, 0n]);
    expect(terms.chains.map(headersOf)).toEqual(['ethereum', 'ethereum', 'qbft']);
  });

  test.each([
    ['a relay chain that is none of them', { relayChain: 'x' }, '"x" is no chain of the lane'],
    ['no fee', { fee: undefined }, 'key "fee" is missing: it is a JSON object'],
    ['one chain', { chains: [] }, 'key "chains" is [], not a list of at least two chains'],
    ['an owner that is none', { owner: '0x12' }, 'key "owner" is "0x12", not an address'],
    ['an owner that can accept nothing', { owner: ZeroAddress }, `key "owner" is "${ZeroAddress}", not an account's`],
    [
      'a fee that no service keeps',
      { fee: { perMessage: 0, perGas: `${2n ** 96n}` } },
      'not a price below 79228162514264',
    ],
  ])('are refused with %s', (_what, change, sentence) => {
    expect(() => read(change)).toThrow(sentence);
  });

  test.each([
    ['an unknown kind', { kind: 'oracle' }, 'not sync-committee, sealed-header or attestor'],
    ['a key of another kind', { kind: 'sealed-header', scheme: 'qbft', trustingPeriod: 9, threshold: 1 }, 'is unknown'],
    ['no source', { kind: 'sync-committee', sources: [], trustingPeriod: 9 }, 'not a list of at least one URL'],
    ['no trusting period', { kind: 'sync-committee', sources: ['http://a'] }, 'trustingPeriod" is missing'],
  ])('are refused with a light client with %s', (_what, lightClient, sentence) => {
    expect(() => read(chain(lightClient))).toThrow(sentence);
  });

  test('are refused with two chains of one name, and where there is no file', () => {
    const lightClient = { kind: 'sealed-header', scheme: 'qbft', trustingPeriod: 9 };
    const besu = { ...chain(lightClient, { name: 'BESU' }), relayChain: 'besu' };
    expect(() => read(besu)).toThrow('two chains with the same name or chain id');
    expect(() => readOmnichainTerms(join(folder, 'missing.json'))).toThrow('there is no file');
  });
});

describe('the terms of a new chain', () => {
  const [example = ''] = codeBlocks('docs/adding-a-chain.md', 'json');

  function readNew(text: string): ReturnType<typeof readNewChainTerms> {
    const file = join(folder, 'chain.json');
    writeFileSync(file, text);
    return readNewChainTerms(file);
  }

  test("are those of the document's example", () => {
    expect(readNew(example)).toMatchObject({
      name: 'C',
      fee: { perMessage: 1_000_000_000_000n, perGas: 20_000_000_000n },
      lightClient: { kind: 'sync-committee', historyWindow: 8191n },
      relayLightClient: { kind: 'attestor', threshold: 2n },
    });
  });

  test('are refused with the document that describes them', () => {
    const hintOf = (run: () => unknown): unknown => {
      try {
        return run();
      } catch (error) {
        return (error as XdmError).hint;
      }
    };
    expect(hintOf(() => readNew('# xdm'))).toContain('docs/adding-a-chain.md');
    expect(hintOf(() => read({ fee: undefined }))).toContain('docs/omnichain.md');
  });

  test.each(['fee', 'relayLightClient', 'lightClient', 'chainId'])('need the key %s', (key) => {
    const { [key]: _, ...rest } = JSON.parse(example) as Record<string, unknown>;
    expect(() => readNew(JSON.stringify(rest))).toThrow(`does not describe a chain to be added: key "${key}"`);
  });
});
