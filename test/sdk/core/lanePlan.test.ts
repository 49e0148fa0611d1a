import { toBeHex, ZeroAddress } from 'ethers';
import { describe, expect, test } from 'vitest';

import {
  laneSalt,
  parseLanePlan,
  plannedLane,
  serializeLanePlan,
  verifyLanePlan,
  type LanePlan,
} from '../../../sdk/core/lanePlan.ts';

const account = (index: number): string => toBeHex(index, 20);

const PLAN: LanePlan = {
  l1: { chainId: 900n, account: account(1), nonce: 7, deployedAt: 11n },
  l2: { chainId: 901n, account: account(1), nonce: 0, deployedAt: 2n ** 60n },
  owner: account(2),
  proposer: account(3),
  challenger: account(4),
  guardian: account(5),
  fraudProofWindow: 600n,
  maxBlockGas: 20_000_000n,
  startBlock: 3n,
  valueEnabled: true,
  genesisVault: 10n ** 24n,
  allowlist: ZeroAddress,
  creationCodeHash: toBeHex(1, 32),
};

/** Every value that a lane's contracts are told, changed. */
const CHANGES: readonly Partial<LanePlan>[] = [
  { l1: { ...PLAN.l1, chainId: 902n } },
  { l1: { ...PLAN.l1, nonce: 8 } },
  { l2: { ...PLAN.l2, chainId: 902n } },
  { l2: { ...PLAN.l2, account: account(9) } },
  { owner: account(9) },
  { proposer: account(9) },
  { challenger: account(9) },
  { guardian: account(9) },
  { fraudProofWindow: 601n },
  { maxBlockGas: 20_000_001n },
  { startBlock: 4n },
  { valueEnabled: false },
  { genesisVault: 0n },
  { allowlist: account(9) },
  { creationCodeHash: toBeHex(2, 32) },
];

const ADDRESSES = [
  'batches',
  'stateCommitmentChain',
  'canonicalTransactionChain',
  'l1Messenger',
  'messagePasser',
  'l2Messenger',
] as const;

describe('a plan', () => {
  test('survives its file', () => {
    expect(parseLanePlan(serializeLanePlan(PLAN), 'plan.json')).toEqual(PLAN);
  });

  test.each([
    ['no JSON', '{', 'plan.json is not JSON'],
    ['a key too few', '{"version":1}', 'plan.json does not describe a lane\'s plan: key "l1" is missing'],
    ['another key', serializeLanePlan(PLAN).replace('"nonce"', '"nonse"'), 'key "l1.nonse" is unknown'],
    ['a wrong value', serializeLanePlan({ ...PLAN, owner: '0x12' }), 'key "owner" is "0x12", not an address'],
  ])('is refused as %s', (_, text, message) => {
    expect(() => parseLanePlan(text, 'plan.json')).toThrow(
      expect.objectContaining({ code: 'invalid-deployment', message: expect.stringContaining(message) }),
    );
  });

  test('puts each contract at an address of its own', () => {
    const lane = plannedLane(PLAN);
    expect(new Set(ADDRESSES.map((name) => lane[name])).size).toBe(ADDRESSES.length);
  });

  test('puts all contracts elsewhere when anything they are told changes', () => {
    const lane = plannedLane(PLAN);
    for (const change of CHANGES) {
      const changed = plannedLane({ ...PLAN, ...change });
      for (const name of ADDRESSES) expect(changed[name]).not.toBe(lane[name]);
    }
    const salts = CHANGES.map((change) => laneSalt({ ...PLAN, ...change }, 'L1CrossDomainMessenger'));
    expect(new Set(salts).size).toBe(CHANGES.length);
  });

  test('leads to the same lane wherever its logs are read from', () => {
    expect(plannedLane({ ...PLAN, l1: { ...PLAN.l1, deployedAt: 12n } })).toEqual(plannedLane(PLAN));
  });

  test.each<Partial<LanePlan>>([
    { fraudProofWindow: 1n, maxBlockGas: 16_777_216n },
    { fraudProofWindow: 31_536_000n, maxBlockGas: 2n ** 64n - 1n },
    { valueEnabled: false, genesisVault: 0n },
  ])('may be at the edges of what the contracts accept: %o', (change) => {
    expect(() => verifyLanePlan({ ...PLAN, ...change })).not.toThrow();
  });

  test.each<[problem: string, change: Partial<LanePlan>]>([
    ['the owner "0x0000000000000000000000000000000000000000" is not an account\'s address', { owner: ZeroAddress }],
    ['the guardian "somebody" is not an account\'s address', { guardian: 'somebody' }],
    ['the allowlist "list" is not an address', { allowlist: 'list' }],
    ['both chains have id 900', { l2: { ...PLAN.l2, chainId: 900n } }],
    ['a fraud-proof window of 0 s', { fraudProofWindow: 0n }],
    ['a fraud-proof window of 31536001 s', { fraudProofWindow: 31_536_001n }],
    ['16777215 L2 gas a block', { maxBlockGas: 16_777_215n }],
    ['18446744073709551616 L2 gas a block', { maxBlockGas: 2n ** 64n }],
    ['1 wei could never leave', { valueEnabled: false, genesisVault: 1n }],
  ])('is refused: %s', (problem, change) => {
    expect(() => verifyLanePlan({ ...PLAN, ...change })).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining(problem) }),
    );
  });
});
