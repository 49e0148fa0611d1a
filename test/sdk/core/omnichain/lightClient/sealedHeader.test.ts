import { concat, decodeRlp, encodeRlp, keccak256, type RlpStructuredDataish } from 'ethers';
import { describe, expect, test } from 'vitest';

import { unseal } from '../../../../../sdk/core/omnichain/lightClient/sealedHeader.ts';
import { isQuorum, sealersOf, validatorsOf } from '../../../../../sdk/core/omnichain/lightClient/sealers.ts';
import { describeVectors, readVectors } from '../../../../support/vectors.ts';

const ADDRESSES = ['0x1111111111111111111111111111111111111111', '0x2222222222222222222222222222222222222222'];
const SEAL = `0x${'33'.repeat(64)}01`;
const VANITY = `0x${'00'.repeat(32)}`;

function headerWith(extraData: string): string {
  return encodeRlp([...Array.from({ length: 12 }, () => '0x05'), extraData, '0x06']);
}

function besu(...tail: RlpStructuredDataish[]): string {
  return headerWith(encodeRlp([VANITY, ADDRESSES, '0x', ...tail] as RlpStructuredDataish));
}

describe('a sealed header', () => {
  test('of QBFT keeps the round zero and an empty list of seals', () => {
    const unsealed = unseal(besu('0x02', [SEAL, SEAL]), 'qbft');
    expect(unsealed).toEqual({
      header: besu('0x', []),
      round: 2,
      seals: concat([SEAL, SEAL]),
      validators: encodeRlp(ADDRESSES),
    });
  });

  test('of IBFT 2.0 keeps neither round nor seals', () => {
    expect(unseal(besu('0x00000003', [SEAL]), 'ibft2')).toMatchObject({ header: besu(), round: 3, seals: SEAL });
  });

  test('of Istanbul keeps its vanity and the proposer seal', () => {
    const of = (...seals: string[]) => headerWith(concat([VANITY, encodeRlp([ADDRESSES, SEAL, seals])]));
    const withOldParity = `${SEAL.slice(0, -2)}1c`;
    expect(unseal(of(withOldParity), 'istanbul')).toMatchObject({ header: of(), round: 0, seals: SEAL });
  });

  test.each([
    ['no RLP', '0x', 'qbft'],
    ['another scheme', headerWith(concat([VANITY, encodeRlp([ADDRESSES, SEAL, []])])), 'qbft'],
    ['too few items', besu('0x02'), 'qbft'],
    ['a short seal', besu('0x02', ['0x33']), 'qbft'],
    ['extra data of its own', headerWith('0x1234'), 'istanbul'],
  ] as const)('that has %s is refused', (_name, raw, scheme) => {
    expect(() => unseal(raw, scheme)).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });
});

describeVectors('headers of a Besu chain', () => {
  const { h27, h28, validators } = readVectors('lightclient/qbft/besu-headers.json') as Record<
    'h27' | 'h28',
    string
  > & {
    readonly validators: readonly string[];
  };

  test.each([h27, h28])('are sealed by three of four validators', (raw) => {
    const unsealed = unseal(raw, 'qbft');
    const found = sealersOf(unsealed, 'qbft');
    expect(new Set(found).size).toBe(3);
    expect(validatorsOf(unsealed)).toEqual(validators.map((each) => each.toLowerCase()));
    expect(validatorsOf(unsealed)).toEqual(expect.arrayContaining(found));
    expect(isQuorum(found, validatorsOf(unsealed))).toBe(true);
    expect(isQuorum(found.slice(1), validatorsOf(unsealed))).toBe(false);
  });

  test('link to each other by the hash of what is left without seals', () => {
    const [parentHash] = decodeRlp(h28) as string[];
    expect(keccak256(unseal(h27, 'qbft').header)).toBe(parentHash);
  });
});
