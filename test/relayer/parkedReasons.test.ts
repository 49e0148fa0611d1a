import { expect, test } from 'vitest';

import { explainParked, parkedReasonOf, type ParkedReason } from '../../relayer/parkedReasons.ts';
import { CONTRACT_ERRORS } from '../../sdk/core/contractErrors.ts';

test('what a contract can say of a message is a reason of its own, and not something unforeseen', () => {
  const ofMessages = ['AlreadyRelayed', 'DataTooLarge', 'GasLimitTooHigh', 'InsufficientGas', 'TargetRefused'];
  const codes = [...ofMessages.map((name) => CONTRACT_ERRORS[`CrossDomainMessenger_${name}`]!.code), 'paused'] as const;
  expect(codes.map(parkedReasonOf)).toEqual(codes);
});

test('what speaks against no message is something unforeseen', () => {
  expect(parkedReasonOf('invalid-argument')).toBe('internal');
  expect(parkedReasonOf('store-incompatible')).toBe('internal');
});

test('each reason has a sentence, and one that an earlier version wrote too', () => {
  for (const reason of ['paused', 'fee-cap', 'transaction-refused', 'plan-stale'] as ParkedReason[]) {
    expect(explainParked(reason)).toMatch(/^[A-Z].+\.$/u);
  }
});
