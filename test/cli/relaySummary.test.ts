import { expect, test } from 'vitest';

import { relaySummary } from '../../cli/relaySummary.ts';

const sent = (transactionHash: string, gasUsed: bigint, outcome = 'relayed') =>
  ({ fromChain: 'l2', outcome, transactionHash, gasUsed }) as const;
const BEFORE = { fromChain: 'l2', outcome: 'already-relayed', transactionHash: '0x07', gasUsed: undefined } as const;
const EARLY = { fromChain: 'l2', outcome: 'not-ready' } as const;

test("the gas of a batch and of its tree's root is counted once, and shared", () => {
  const batch = [sent('0x01', 142_618n), sent('0x01', 142_618n), sent('0x01', 142_618n)];
  expect(relaySummary(batch, 99_708n)).toBe(
    '3 relayed on L1 in 1 transaction: 242,326 gas (99,708 of it for the root of their tree), 80,775 a message',
  );
});

test('what was not sent has no part in the average', () => {
  expect(relaySummary([sent('0x01', 1000n), BEFORE, sent('0x02', 2001n, 'failed'), EARLY, EARLY], 0n)).toBe(
    '1 relayed, 1 failed on L1 in 2 transactions: 3,001 gas, 1,500 a message; 1 already-relayed; 2 not-ready',
  );
  expect(relaySummary([BEFORE], 99_708n)).toBe('1 already-relayed; 99,708 gas for the root of their tree');
});

test('gas on one chain is not added to that on the other', () => {
  const onL2 = { ...sent('0x01', 50_000n), fromChain: 'l1' } as const;
  expect(relaySummary([onL2, sent('0x01', 140_000n)], 0n)).toBe(
    '1 relayed on L1 in 1 transaction: 140,000 gas, 140,000 a message; 1 relayed on L2 in 1 transaction: 50,000 gas, 50,000 a message',
  );
});
