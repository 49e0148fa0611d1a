import { describe, expect, test } from 'vitest';

import { XdmError } from '../../../sdk/core/errors.ts';

describe('an error of xdm', () => {
  test('has a code, and what else is known', () => {
    const cause = new Error('below');
    const error = new XdmError('not-ready', 'the window is open', { hint: 'wait', readyAt: 7n, cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'XdmError', code: 'not-ready', message: 'the window is open' });
    expect(error).toMatchObject({ hint: 'wait', readyAt: 7n, cause });
  });

  test('has no cause where none is given', () => {
    expect(new XdmError('internal', 'broken')).not.toHaveProperty('cause');
  });

  test.each([
    ['rpc-unreachable', true],
    ['rpc-rate-limited', true],
    ['not-ready', true],
    ['batch-gone', true],
    ['batch-not-found', false],
    ['proof-invalid', false],
    ['already-relayed', false],
    ['target-reverted', false],
    ['internal', false],
  ] as const)('%s may pass by itself: %s', (code, retryable) => {
    expect(new XdmError(code, 'x').retryable).toBe(retryable);
  });
});
