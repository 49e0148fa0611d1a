import fc from 'fast-check';
import { formatUnits } from 'ethers';
import { describe, expect, test } from 'vitest';

import { endpointOf, parseAddress, parseChoice, parseHex, parseNatural, parseWei } from '../../cli/values.ts';
import type { Environment } from '../../cli/command.ts';
import { address, data, uint256 } from '../support/arbitraries.ts';

const UNITS = { wei: 0, gwei: 9, ether: 18 } as const;

describe('amounts', () => {
  test('are read in any unit', () => {
    fc.assert(
      fc.property(uint256, fc.constantFrom('wei', 'gwei', 'ether'), (wei, unit) => {
        expect(parseWei('value', `${formatUnits(wei, UNITS[unit])}${unit}`.replace(/\.0(?=\D)/u, ''))).toBe(wei);
        expect(parseWei('value', wei.toString())).toBe(wei);
      }),
    );
    expect(parseWei('value', '1ether')).toBe(10n ** 18n);
    expect(parseWei('value', '0.5ether')).toBe(5n * 10n ** 17n);
    expect(parseWei('value', '10 gwei')).toBe(10n ** 10n);
  });

  test.each(['', '-1', '1.5', '0.0000000000000000001ether', '1eth', 'ether', '0x10', '1e18', `${2n ** 256n}`])(
    'refuse "%s"',
    (text) => {
      expect(() => parseWei('value', text)).toThrow(`--value "${text}" is no amount of wei`);
    },
  );
});

describe('whole numbers', () => {
  const refusal = (message: string, hint: string): unknown => expect.objectContaining({ message, hint });

  test('are read up to the largest one', () => {
    fc.assert(
      fc.property(uint256, (number) => {
        expect(parseNatural('limit', `${number}`)).toBe(number);
      }),
    );
    expect(parseNatural('limit', '007', 7n)).toBe(7n);
    expect(() => parseNatural('limit', '8', 7n)).toThrow(refusal('--limit "8" is too large', 'give 7 or less'));
  });

  test('are read from the smallest one on', () => {
    expect(parseNatural('limit', '1', 7n, 1n)).toBe(1n);
    expect(() => parseNatural('limit', '0', 7n, 1n)).toThrow(refusal('--limit "0" is too small', 'give 1 or more'));
  });

  test.each(['', 'x', '1.5', '-1', '0x10', '1e3', ' 1'])('refuse "%s"', (text) => {
    expect(() => parseNatural('limit', text)).toThrow(`--limit "${text}" is not a whole number`);
  });
});

describe('addresses', () => {
  test('are read in any case, and written with their checksum', () => {
    fc.assert(
      fc.property(address, (checksummed) => {
        expect(parseAddress('target', checksummed)).toBe(checksummed);
        expect(parseAddress('target', checksummed.toLowerCase())).toBe(checksummed);
      }),
    );
  });

  test('refuse a wrong checksum', () => {
    const wrong = '0x5FbDB2315678afecb367f032d93F642f64180aa4';
    expect(() => parseAddress('target', wrong)).toThrow(`--target "${wrong}" has a wrong checksum`);
  });

  test.each(['', '0x', '0x12', '12345', 'vitalik.eth', `0x${'g'.repeat(40)}`, 'a'.repeat(40)])(
    'refuse "%s"',
    (text) => {
      expect(() => parseAddress('target', text)).toThrow(`--target "${text}" is no address`);
    },
  );
});

describe('hex', () => {
  test('is read as it is', () => {
    fc.assert(
      fc.property(data, (bytes) => {
        expect(parseHex('data', bytes)).toBe(bytes);
      }),
    );
  });

  test('refuses half bytes and what is not hex', () => {
    expect(() => parseHex('data', '0x123')).toThrow('--data "0x123" has an odd number of hex digits, 3');
    expect(() => parseHex('data', '1234')).toThrow('--data "1234" is not hex');
    expect(() => parseHex('data', '0xzz')).toThrow('--data "0xzz" is not hex');
  });
});

test('a word that is none of those known is named beside them', () => {
  expect(parseChoice('status', 'failed', ['relayed', 'failed'])).toBe('failed');
  expect(() => parseChoice('status', 'lost', ['relayed', 'failed'])).toThrow(
    expect.objectContaining({ message: '--status "lost" is not known', hint: 'it is one of relayed, failed' }),
  );
});

test('an endpoint that is typed goes before the environment', () => {
  const environment = { variables: { L1_RPC_URL: 'http://l1' } } as unknown as Environment;

  expect(endpointOf('l1', { 'l1-rpc-url': 'http://typed' }, environment)).toBe('http://typed');
  expect(endpointOf('l1', {}, environment)).toBe('http://l1');
  expect(endpointOf('l2', {}, environment)).toBeUndefined();
});
