import { expect, test } from 'vitest';

import { affordableGas, MAX_TRANSACTION_GAS, mostGas, withMargin } from '../../../sdk/core/gas.ts';

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

test.each([
  [10n ** 18n, 10n ** 9n, 10n ** 9n, MAX_TRANSACTION_GAS],
  [10n ** 15n, 10n ** 9n, 1_000_000n, 1_000_000n],
  [0n, 1n, 0n, 0n],
  // Gas is free.
  [0n, 0n, MAX_TRANSACTION_GAS ** 2n, MAX_TRANSACTION_GAS],
])('a balance of %s pays at %s wei for %s gas, and for %s in one transaction', (balance, fee, gas, most) => {
  expect(affordableGas(balance, fee)).toBe(gas);
  expect(mostGas(gas)).toBe(most);
});
