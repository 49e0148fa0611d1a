import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { codeBlocks } from '../support/readme.ts';

test("the omnichain lane's documentation shows the contract of the demonstration", () => {
  const example = readFileSync('examples/omnichain-greeter/OmnichainGreeter.sol', 'utf8');
  expect(codeBlocks('docs/omnichain.md', 'solidity')).toEqual([example]);
});
