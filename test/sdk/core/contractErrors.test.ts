import { readdirSync } from 'node:fs';
import { basename } from 'node:path';

import { Interface, type InterfaceAbi } from 'ethers';
import { expect, test } from 'vitest';

import { CONTRACT_ERRORS } from '../../../sdk/core/contractErrors.ts';

/** Names of the errors of every ABI there is. */
async function namesInAbis(): Promise<Set<string>> {
  const names = new Set<string>();
  for (const file of readdirSync('sdk/abi')) {
    const artifacts = (await import(`../../../sdk/abi/${basename(file, '.ts')}.ts`)) as Record<
      string,
      { abi: InterfaceAbi }
    >;
    for (const { abi } of Object.values(artifacts)) {
      new Interface(abi).forEachError(({ name }) => names.add(name));
    }
  }
  return names;
}

test('every error of every contract has a meaning, and nothing else has', async () => {
  const names = await namesInAbis();
  expect(names.size).toBeGreaterThan(40);
  expect(Object.keys(CONTRACT_ERRORS).toSorted()).toEqual([...names].toSorted());
});

test('every hint is a sentence without its full stop', () => {
  for (const { hint } of Object.values(CONTRACT_ERRORS)) expect(hint).toMatch(/^[a-z].*[^.]$/u);
});
