import { expect, test } from 'vitest';

import { stepLine } from '../../cli/commands/addChain.ts';
import { priceText } from '../../cli/commands/setFee.ts';
import { handover, pricing, registration } from '../../sdk/chain/omnichain/serviceCalls.ts';
import { account } from '../support/events.ts';

const price = { perMessage: 5n, perGas: 2n };

test.each([
  ["in the chain's own currency", price, undefined, '5 wei a message, and 2 for each unit of gas that it is promised'],
  [
    'in a token',
    price,
    account(1),
    "5 of the token's smallest units a message, and 2 for each unit of gas that it is promised",
  ],
  ['that nobody can pay', undefined, account(1), 'none: it is not taken'],
])('a price %s is said with its unit', (_what, asked, token, text) => {
  expect(priceText(asked, token)).toBe(text);
});

test('what a service is told names the chain that it is told of', () => {
  // Nothing is asked before it is looked up.
  const place = { chainId: 1n, name: 'Z', service: account(2), provider: {} as never };
  const other = { chainId: 7n, name: 'relay', service: account(3), lightClient: account(4) };
  const calls = [registration(place, other), pricing(place, other, price), handover(place, account(5), account(6))];
  const lines = calls.map(({ chain, purpose, of, to }) =>
    stepLine({ chain, what: purpose, of, address: to, transactionHash: undefined, gasUsed: 9n }),
  );
  expect(lines).toEqual([
    `Z registerChain of relay ${account(2)}, 9 gas`,
    `Z setFee of relay ${account(2)}, 9 gas`,
    `Z transferOwnership ${account(2)}, 9 gas`,
  ]);
});
