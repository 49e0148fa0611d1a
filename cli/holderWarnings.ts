// What may not be meant where a role is given to an account. All of it is as it was asked for.
import { getRoles, type RoleHolder } from '../sdk/actions/getRoles.ts';
import type { L1Client } from '../sdk/chain/client.ts';
import { accountKind, type AccountKind } from '../sdk/core/accountKind.ts';
import type { LaneRole } from '../sdk/core/lanePlan.ts';

/** What L1 knows of an account that is to have a role. */
export interface HolderFacts {
  readonly kind: AccountKind;
  readonly nonce: number;
  /** Wei. */
  readonly balance: bigint;
  /** Who has which role now. */
  readonly holders: readonly RoleHolder[];
  /** Contracts of the lane on L1, which can do nothing by themselves. */
  readonly contracts: readonly string[];
}

/** Which role is given to whom. */
export interface Appointment {
  readonly role: LaneRole;
  readonly account: string;
}

/** Whole numbers below stand where somebody has left something to be filled in, or are precompiles: no key and no factory leads to them. */
const SMALL = 2n ** 64n;

/** Different hex digits that an address has at least: fewer are made up. */
const FEWEST_DIGITS = 5;

/** Some digits again and again. */
const REPEATED = /^(.{1,20}?)\1+$/u;

/** @throws what the endpoint throws */
export async function readHolder(client: L1Client, account: string): Promise<HolderFacts> {
  const { lane, l1 } = client;
  const [code, nonce, balance, holders] = await Promise.all([
    l1.getCode(account),
    l1.getTransactionCount(account),
    l1.getBalance(account),
    getRoles(client),
  ]);
  const { l1Messenger, stateCommitmentChain, canonicalTransactionChain, batches } = lane;
  const contracts = [l1Messenger, stateCommitmentChain, canonicalTransactionChain, batches];
  return { kind: accountKind(code), nonce, balance, holders, contracts };
}

/** A sentence on each thing that is worth a thought before an account is given a role. */
export function holderWarnings({ role, account }: Appointment, facts: HolderFacts): string[] {
  return [
    ...(isPlaceholder(account) ? [`${account} reads like a placeholder: nobody has its key`] : []),
    ...(facts.contracts.includes(account) ? [`${account} is a contract of the lane itself, and can call nothing`] : []),
    ...lookOf({ role, account }, facts),
    ...othersOf({ role, account }, facts.holders),
  ];
}

function isPlaceholder(account: string): boolean {
  const digits = account.slice(2).toLowerCase();
  return BigInt(account) < SMALL || new Set(digits).size < FEWEST_DIGITS || REPEATED.test(digits);
}

function lookOf({ role, account }: Appointment, { kind, nonce, balance }: HolderFacts): string[] {
  if (kind === 'contract') {
    return role === 'proposer' ? [`${account} is a contract, and a node commits batches with a key`] : [];
  }
  const oneKey = role === 'owner' ? [`${account} is an account with one key, not a multisignature or a timelock`] : [];
  if (balance > 0n) return oneKey;
  const lack =
    nonce === 0
      ? `${account} has sent nothing on L1 and has nothing there: make sure that somebody has its key, and fund it`
      : `${account} has no ether on L1 to act with`;
  return [...oneKey, lack];
}

/** Roles that the account has beside: its key is worth more than any of them. */
function othersOf({ role, account }: Appointment, holders: readonly RoleHolder[]): string[] {
  const others = new Set(
    holders.filter((each) => each.holder === account && each.role !== role).map((each) => each.role),
  );
  if (others.size === 0) return [];
  const all = new Set([...others, role]);
  const harm =
    all.has('proposer') && all.has('challenger')
      ? ': whoever has its key can forge messages once the window has passed'
      : '';
  return [`${account} is ${[...others].join(' and ')} already${harm}`];
}
