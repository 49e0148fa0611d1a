import { globSync, readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

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

test.each(codeBlocks('docs/erc7786.md', 'solidity').flatMap((block) => block.split('\n\n')))(
  "the gateways' documentation shows what is tested: %s",
  (excerpt) => {
    const sources = globSync(SOURCES).map((path) => readFileSync(path, 'utf8'));
    expect(sources.filter((source) => holds(source, excerpt))).toHaveLength(1);
  },
);
