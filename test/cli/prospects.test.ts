import { VoidSigner, type Provider } from 'ethers';
import { expect, test } from 'vitest';

import { prospectsOf, prospectsText, verifyFunds } from '../../cli/omnichain/prospects.ts';

const ACCOUNT = '0x0000000000000000000000000000000000000011';
const GAS_PRICE = 10n ** 9n;

/** The account on a chain where it has so much, in wei. */
function signerWith(balance: bigint): VoidSigner {
  const chain: Partial<Provider> = {
    getBalance: async () => await Promise.resolve(balance),
    getFeeData: async () => await Promise.resolve({ gasPrice: GAS_PRICE } as never),
  };
  return new VoidSigner(ACCOUNT, chain as Provider);
}

test('what is to be paid is said before, with a warning where there is less, and refused where there is nothing', async () => {
  const balances = new Map([
    ['A', 10n ** 18n],
    ['B', 5n],
    ['C', 0n],
  ]);
  const lines: string[] = [];
  const estimates = [...balances.keys()].map((on) => ({ on, gas: 1_000_000n, transactions: 2 }));
  const signerOn = (on: string): VoidSigner => signerWith(balances.get(on)!);
  const prospects = await prospectsOf(estimates, signerOn, { log: (line) => lines.push(line) });
  expect(prospects.map(({ cost }) => cost)).toEqual(estimates.map(({ gas }) => gas * GAS_PRICE));
  expect(lines).toEqual([
    `warning: ${ACCOUNT} has 0.000000 ether on B, and it takes about 0.001 ether there`,
    `warning: ${ACCOUNT} has 0.0 ether on C, and it takes about 0.001 ether there`,
  ]);
  expect(prospectsText(prospects)).toMatch(
    /^6 transactions, about\n {2}chain .*\n {2}A .* 1\.0 ether +2 +1000000 +0\.001 ether\n/u,
  );
  expect(() => verifyFunds(prospects)).toThrow(`the account ${ACCOUNT} has nothing on chain C to pay with`);
  expect(() => verifyFunds(prospects.slice(0, 2))).not.toThrow();
});
