import { expect, test } from 'vitest';

import { warningsOf, type PlanFacts } from '../../cli/laneWarnings.ts';
import { accountKind } from '../../sdk/core/accountKind.ts';
import type { LanePlan } from '../../sdk/core/lanePlan.ts';
import { TERMS } from '../support/emptyChains.ts';

const DEPLOYER = '0x0000000000000000000000000000000000000099';
const CHAIN = { account: DEPLOYER, nonce: 0, deployedAt: 0n };

/** Separate accounts, a week, and a vault that is paid for. */
const CAREFUL: LanePlan = {
  ...TERMS,
  startBlock: 3n,
  allowlist: TERMS.allowlist!,
  fraudProofWindow: 604_800n,
  l1: { ...CHAIN, chainId: 900n },
  l2: { ...CHAIN, chainId: 901n },
  creationCodeHash: `0x${'00'.repeat(32)}`,
};

const FACTS: PlanFacts = { ownerKind: 'contract', balance: 10n ** 18n, isAllowlistEmpty: false };

test('a plan with a contract as its owner, and an account for each role, needs no warning', () => {
  expect(warningsOf(CAREFUL, FACTS)).toEqual([]);
});

test.each<[what: string, changes: Partial<LanePlan>, facts: Partial<PlanFacts>, warnings: readonly string[]]>([
  [
    'the deploying account has all roles',
    { owner: DEPLOYER, proposer: DEPLOYER, challenger: DEPLOYER, guardian: DEPLOYER },
    { ownerKind: 'key' },
    ['is owner, proposer, challenger, guardian and the account that deploys: whoever has its key can forge messages'],
  ],
  ['the deploying account has one', { guardian: DEPLOYER }, {}, ['is guardian and the account that deploys']],
  [
    'one account proposes and challenges',
    { challenger: CAREFUL.proposer },
    {},
    ['is proposer and challenger: whoever has its key can forge'],
  ],
  ['one account owns and pauses', { owner: CAREFUL.guardian }, {}, ['is owner and guardian']],
  ['the owner is a key', {}, { ownerKind: 'key' }, ['is an account with one key, not a multisignature or a timelock']],
  ['the owner delegates', {}, { ownerKind: 'delegated' }, ['with one key, not a multisignature or a timelock: code']],
  ['the window is a second less than a day', { fraudProofWindow: 86_399n }, {}, ['the window of 86399 s is short']],
  ['a day is enough', { fraudProofWindow: 86_400n }, {}, []],
  ['the vault is empty', { genesisVault: 0n }, {}, ['the vault on L1 is empty']],
  ['nobody is on the allowlist', {}, { isAllowlistEmpty: true }, ['nobody is on the allowlist 0x']],
  ['there is no value', { genesisVault: 0n, valueEnabled: false }, {}, []],
  ['the vault cannot be paid for', {}, { balance: 4n }, ['the account has 0.000000000000000004 ETH on L1']],
])('%s', (_what, changes, facts, warnings) => {
  const found = warningsOf({ ...CAREFUL, ...changes }, { ...FACTS, ...facts });
  expect(found).toEqual(warnings.map((text) => expect.stringContaining(text) as string));
});

test.each([
  ['key', '0x'],
  ['delegated', `0xef0100${'a7'.repeat(20)}`],
  ['contract', '0x6001'],
  // What begins alike: no such code can be deployed, and nothing is delegated by it.
  ['contract', `0xef0100${'a7'.repeat(21)}`],
])('an account is a %s by its code %s', (kind, code) => {
  expect(accountKind(code)).toBe(kind);
});
