import { readFileSync } from 'node:fs';

import { Interface } from 'ethers';
import { expect, test } from 'vitest';

import { omnichainService } from '../../sdk/abi/OmnichainService.ts';
import { codeBlocks } from '../support/readme.ts';

test("the omnichain lane's documentation shows the contract of the demonstration", () => {
  const example = readFileSync('examples/omnichain-greeter/OmnichainGreeter.sol', 'utf8');
  expect(codeBlocks('docs/omnichain.md', 'solidity')).toEqual([example]);
});

test('what is called of a service by hand in the omnichain documents, it has', () => {
  const text = ['docs/omnichain.md', 'docs/emergency.md'].map((path) => readFileSync(path, 'utf8')).join('');
  const named = [...text.matchAll(/cast (?:send|call) SERVICE '([^']+)'/gu)].map(([, name]) => name!);
  expect(named.length).toBeGreaterThan(4);
  const service = new Interface(omnichainService.abi);
  const signatures = service.fragments.flatMap((each) => {
    if (each.type !== 'function') return [];
    const [sighash, outputs] = [each.format('sighash'), service.getFunction(each.format('sighash'))!.outputs];
    return [sighash, `${sighash}(${outputs.map(({ type }) => type).join(',')})`];
  });
  expect(signatures).toEqual(expect.arrayContaining(named));
});
