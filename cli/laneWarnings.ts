// What whoever deploys a lane may not have meant. All of it is as it was asked for, and some of it for good.
import { formatEther } from 'ethers';

import type { AccountKind } from '../sdk/core/accountKind.ts';
import { ROLES, type LanePlan } from '../sdk/core/lanePlan.ts';

/** In less, people can hardly find a false root and delete it. */
const SHORT_WINDOW_S = 86_400n;

/** What there is to add of accounts with a key. */
const ASIDE = {
  key: '',
  delegated: ': code that it delegates to (EIP-7702) takes nothing from that key',
} as const;

/** What a plan is to be held against. */
export interface PlanFacts {
  /** What the owner is on L1. */
  readonly ownerKind: AccountKind;
  /** Of the deploying account on L1, wei. */
  readonly balance: bigint;
  /** Whether the lane has an allowlist on which nobody is. */
  readonly isAllowlistEmpty: boolean;
}

/** A sentence on each thing that is worth a thought before the lane is deployed. */
export function warningsOf(plan: LanePlan, { ownerKind, balance, isAllowlistEmpty }: PlanFacts): string[] {
  const { fraudProofWindow, valueEnabled, genesisVault, owner } = plan;
  return [
    ...heldTogether(plan),
    ...(ownerKind === 'contract' || owner === plan.l1.account
      ? []
      : [`the owner ${owner} is an account with one key, not a multisignature or a timelock${ASIDE[ownerKind]}`]),
    ...(fraudProofWindow < SHORT_WINDOW_S
      ? [`the window of ${fraudProofWindow} s is short, and fixed for good: within it a false root must be deleted`]
      : []),
    ...(valueEnabled && genesisVault === 0n
      ? [
          'the vault on L1 is empty, so L2 must have no ETH of its own: cover what it has with --genesis-vault, or deploy with --no-value',
        ]
      : []),
    ...(isAllowlistEmpty
      ? [
          `nobody is on the allowlist ${plan.allowlist} yet, so nobody can send from L2: its owner runs \`xdm allow ACCOUNT\` on the lane`,
        ]
      : []),
    ...(balance < genesisVault
      ? [`the account has ${formatEther(balance)} ETH on L1, and ${formatEther(genesisVault)} go into the vault`]
      : []),
  ];
}

/** Accounts that have several roles, or have one and deploy: their keys are worth more than any of the roles. */
function heldTogether(plan: LanePlan): string[] {
  const accounts = [...new Set(ROLES.map((role) => plan[role]))];
  return accounts.flatMap((account) => {
    const roles: string[] = ROLES.filter((role) => plan[role] === account);
    const parts = account === plan.l1.account ? [...roles, 'the account that deploys'] : roles;
    if (parts.length < 2) return [];
    const alone = roles.includes('proposer') && roles.includes('challenger');
    const harm = alone ? ': whoever has its key can forge messages once the window has passed' : '';
    return [`one account, ${account}, is ${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}${harm}`];
  });
}
