import { describe, expect, test } from 'vitest';

import { parseOmnichainConfig } from '../../relayer/lanes/omnichain/config.ts';
import { checkPaidGas, type HopGas } from '../../relayer/lanes/omnichain/paidGas.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { account } from '../support/events.ts';

/** What speaks against a hop, if anything does. */
function refusalOf(hop: HopGas): string | undefined {
  try {
    checkPaidGas(hop);
    return undefined;
  } catch (error) {
    return error instanceof XdmError ? error.code : 'another error';
  }
}

describe('a hop is taken', () => {
  test.each<[string, HopGas]>([
    // Of 12,550,000 gas that it needs a node may say so many.
    ['though its node estimates too much', { estimate: 12_741_116n, gasLimit: 12_000_000n, maxUnpaidGas: 200_000n }],
    ['up to what it may take beyond the gas limit', { estimate: 406_091n, gasLimit: 0n, maxUnpaidGas: 400_000n }],
    ['whatever its gas limit is', { estimate: 12_600_000n, gasLimit: 12_000_000n, maxUnpaidGas: 300_000n }],
    ['at any cost without the setting', { estimate: 16_777_216n, gasLimit: 0n, maxUnpaidGas: undefined }],
    // The two calls of a target on the relay chain give 63/64 each: what they keep back is no cost.
    ['with all that its gas limit needs', { estimate: 12_572_563n, gasLimit: 12_000_000n, maxUnpaidGas: 0n }],
  ])('%s', (_what, hop) => {
    expect(refusalOf(hop)).toBeUndefined();
  });
});

describe('a hop is not taken', () => {
  test.each<[string, HopGas]>([
    ['beyond what it may take', { estimate: 406_092n, gasLimit: 0n, maxUnpaidGas: 400_000n }],
    ['for its gas limit alone', { estimate: 12_900_000n, gasLimit: 12_000_000n, maxUnpaidGas: 300_000n }],
    ['with anything beyond, where nothing is to be', { estimate: 21_000n, gasLimit: 0n, maxUnpaidGas: 0n }],
    ['with a little more than its gas limit needs', { estimate: 12_572_564n, gasLimit: 12_000_000n, maxUnpaidGas: 0n }],
  ])('%s', (_what, hop) => {
    expect(refusalOf(hop)).toBe('unpaid-gas');
  });
});

describe('the setting', () => {
  const parse = (maxUnpaidGas: unknown) =>
    parseOmnichainConfig({ flags: { maxUnpaidGas }, environment: {}, file: { store: 's', privateKey: KEY } });

  test('is a number of gas, also in words', () => {
    expect([400_000, '400000', 0].map((value) => parse(value).maxUnpaidGas)).toEqual([400_000n, 400_000n, 0n]);
  });

  test.each([-1, 1.5, 'much', 16_777_217])('is not %j', (value) => {
    expect(() => parse(value)).toThrow(/^setting "maxUnpaidGas" has value/u);
  });
});

const KEY = `${account(1)}${'0'.repeat(24)}`;
