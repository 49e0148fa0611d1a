import { globSync, readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { codeBlocks } from '../support/readme.ts';

/** Where the documentation's contracts are compiled and tested. */
const SOURCES = ['test/contracts/support/crosschain/*.sol', 'test/contracts/testing/CrossDomainGateway.t.sol'];

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** Whether a text has all lines of another one, in their order. */
function holds(text: string, excerpt: string): boolean {
  const lines = linesOf(text);
  let from = 0;
  return linesOf(excerpt).every((line) => {
    from = lines.indexOf(line, from) + 1;
    return from > 0;
  });
}

const blocks = codeBlocks('docs/erc7786.md', 'solidity');
const [whole, parts] = [true, false].map((isWhole) => blocks.filter((each) => each.startsWith('// SPDX') === isWhole));

describe("the gateways' documentation", () => {
  test('shows the sender and the receiver that are tested', () => {
    const sources = ['Announcer', 'NoticeBoard'].map((name) => readFileSync(`examples/gateway/${name}.sol`, 'utf8'));
    expect(whole).toEqual(sources);
  });

  test.each(parts!.flatMap((block) => block.split('\n\n')))('shows what is tested: %s', (excerpt) => {
    const sources = globSync(SOURCES).map((path) => readFileSync(path, 'utf8'));
    expect(sources.filter((source) => holds(source, excerpt))).toHaveLength(1);
  });
});
