import { expect, test } from 'vitest';

import type { MaintenanceCall } from '../../../../sdk/chain/omnichain/maintenance/maintainer.ts';
import { furthestTaken, hear, type TriedPlan } from '../../../../sdk/chain/omnichain/maintenance/plans.ts';

const SILENCE = new Promise<never>(() => undefined);
const PATIENCE = { afterGood: 0, atMost: 20 };

function call(block: bigint, isUpkeep = false): MaintenanceCall {
  return { purpose: 'update', brings: `block ${block}`, block, isUpkeep, to: '0x', data: `0x${block}`, gasLimit: 1n };
}

function tried(blocks: readonly bigint[], taken: number, isRefused = false): TriedPlan {
  return { plan: blocks.map((block) => call(block)), taken, isRefused };
}

const isGood = (said: string): boolean => said === 'good';

/** What is said after all that is said at once, and after `afterGood` were it counted. */
async function late<T>(said: T): Promise<T> {
  return await new Promise((resolve) => setTimeout(resolve, 5, said));
}

test('who has nothing good to say cuts nobody short', async () => {
  expect(await hear([Promise.resolve('bad'), late('good')], isGood, PATIENCE)).toEqual(['bad', 'good']);
});

test('who is silent holds up nobody, whether there is something good or not', async () => {
  expect(await hear([SILENCE, Promise.resolve('good')], isGood, PATIENCE)).toEqual(['good']);
  expect(await hear([SILENCE, Promise.resolve('bad')], isGood, PATIENCE)).toEqual(['bad']);
});

test('where nobody answers it is said why the last one does not', async () => {
  const failing = ['first', 'last'].map(async (problem) => await Promise.reject(new Error(problem)));
  await expect(hear(failing, isGood, PATIENCE)).rejects.toThrow('last');
});

test('what goes on with lies is no further than what is true of it, and goes without them', () => {
  const liar = tried([1n, 7n, 8n], 1, true);
  expect(furthestTaken([liar, tried([1n, 2n], 2)]).map(({ block }) => block)).toEqual([1n, 2n]);
  expect(furthestTaken([liar, tried([], 0)]).map(({ block }) => block)).toEqual([1n]);
});

test('what nobody could try stays in the plan', () => {
  expect(furthestTaken([tried([1n, 2n, 3n], 1), tried([1n], 1)])).toHaveLength(3);
});

test('those who sign next come before later blocks', () => {
  const upkeep = { plan: [call(1n, true)], taken: 1, isRefused: false };
  expect(furthestTaken([tried([9n], 1), upkeep])).toEqual(upkeep.plan);
});

test('where nothing is taken the furthest is left, for whoever sends it to be told why', () => {
  expect(furthestTaken([tried([1n], 0, true), tried([2n], 0, true)]).map(({ block }) => block)).toEqual([2n]);
  expect(furthestTaken([tried([], 0)])).toEqual([]);
});
