import { expect, test } from 'vitest';

import { MAX_TRANSACTION_GAS, withMargin } from '../../../sdk/core/gas.ts';

test.each([
  [100_000n, 110_000n],
  [15_252_014n, 16_777_215n],
  [15_252_015n, MAX_TRANSACTION_GAS],
  [MAX_TRANSACTION_GAS, MAX_TRANSACTION_GAS],
  // A chain without the cap.
  [20_000_000n, 22_000_000n],
])('an estimate of %s gets a gas limit of %s', (estimate, limit) => {
  expect(withMargin(estimate)).toBe(limit);
});
