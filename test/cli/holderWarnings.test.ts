import { describe, expect, test } from 'vitest';

import { holderWarnings, type Appointment, type HolderFacts } from '../../cli/holderWarnings.ts';
import type { RoleHolder } from '../../sdk/actions/getRoles.ts';
import type { LaneRole } from '../../sdk/core/lanePlan.ts';

const account = (digits: string): string => `0x${digits.padStart(40, '7a1c5e9b3d')}`;
const [OWNER, PROPOSER, CHALLENGER, GUARDIAN, NEW] = ['01', '02', '03', '04', '05'].map(account) as [
  string,
  string,
  string,
  string,
  string,
];

const holderOf = (role: LaneRole, holder: string): RoleHolder => {
  return { role, holder, contract: 'StateCommitmentChain', offeredTo: undefined };
};

const FACTS: HolderFacts = {
  kind: 'key',
  nonce: 3,
  balance: 10n ** 18n,
  holders: [
    holderOf('owner', OWNER),
    holderOf('owner', OWNER),
    holderOf('proposer', PROPOSER),
    holderOf('challenger', CHALLENGER),
    holderOf('guardian', GUARDIAN),
  ],
  contracts: [account('06')],
};

const contract: Partial<HolderFacts> = { kind: 'contract', nonce: 1, balance: 0n };

test('an account that is used and has no other role needs no warning', () => {
  for (const role of ['proposer', 'challenger', 'guardian'] as const) {
    expect(holderWarnings({ role, account: NEW }, FACTS)).toEqual([]);
  }
  expect(holderWarnings({ role: 'owner', account: NEW }, { ...FACTS, ...contract })).toEqual([]);
});

test.each<[what: string, given: Appointment, facts: Partial<HolderFacts>, warnings: readonly string[]]>([
  [
    'nobody has used',
    { role: 'guardian', account: NEW },
    { nonce: 0, balance: 0n },
    ['has sent nothing on L1 and has nothing there'],
  ],
  ['only was funded', { role: 'guardian', account: NEW }, { nonce: 0 }, []],
  ['has no ether', { role: 'challenger', account: NEW }, { balance: 0n }, ['has no ether on L1 to act with']],
  [
    'is a contract, of a node',
    { role: 'proposer', account: NEW },
    contract,
    ['is a contract, and a node commits batches with a key'],
  ],
  ['is a contract, of people', { role: 'challenger', account: NEW }, contract, []],
  ['is a key, of the owner', { role: 'owner', account: NEW }, {}, ['is an account with one key, not a multisignature']],
  ['delegates, of the owner', { role: 'owner', account: NEW }, { kind: 'delegated' }, ['is an account with one key']],
  ['is the owner', { role: 'guardian', account: OWNER }, {}, [`${OWNER} is owner already`]],
  [
    'is the challenger',
    { role: 'proposer', account: CHALLENGER },
    {},
    ['is challenger already: whoever has its key can forge messages'],
  ],
  ['has the role already', { role: 'guardian', account: GUARDIAN }, {}, []],
  [
    'is a contract of the lane',
    { role: 'guardian', account: account('06') },
    contract,
    ['is a contract of the lane itself'],
  ],
])('an account that %s', (_what, given, facts, warnings) => {
  const found = holderWarnings(given, { ...FACTS, ...facts });
  expect(found).toEqual(warnings.map((text) => expect.stringContaining(text) as string));
});

describe('a placeholder', () => {
  test.each([
    '0x0000000000000000000000000000000000000001',
    '0x000000000000000000000000000000000000dEaD',
    '0x1111111111111111111111111111111111111111',
    '0x1234567890123456789012345678901234567890',
    '0xdeaDDeADDEaDdeaDdEAddEADDEAdDeadDEADDEaD',
  ])('%s is told', (placeholder) => {
    expect(holderWarnings({ role: 'guardian', account: placeholder }, FACTS)).toEqual([
      `${placeholder} reads like a placeholder: nobody has its key`,
    ]);
  });

  test.each(['0x00000000219ab540356cBB839Cbe05303d7705Fa', '0x0000000000000000F00DBabe1234567890abCDef'])(
    'is not what was ground for zeros: %s',
    (ground) => expect(holderWarnings({ role: 'guardian', account: ground }, FACTS)).toEqual([]),
  );
});
