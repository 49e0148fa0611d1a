import { computeAddress, formatEther, formatUnits } from 'ethers';

import type { NodeConfig } from '../../relayer/lanes/rollup/config.ts';
import { givenKeys, signingRoles, type SigningRole } from '../../relayer/lanes/rollup/keys.ts';
import { getRoles, type RoleHolder } from '../../sdk/actions/getRoles.ts';
import { affordableGas, MAX_TRANSACTION_GAS } from '../../sdk/core/gas.ts';
import type { DoctorContext } from './context.ts';
import { ok, problem, trouble, warning, type Finding } from './finding.ts';
import { counted } from '../../sdk/core/counted.ts';

/** Gas of the dearer one of what a node sends again and again: a message alone, or a state batch. */
const USUAL_GAS = 150_000n;

/** Transactions that a balance should last for. */
const ENOUGH = 100n;
/** Nobody reads more digits than that. */
const MANY = 1_000_000n;

/** An account that the node signs with, and what it is for. */
export interface Signer {
  readonly address: string;
  readonly roles: readonly SigningRole[];
}

/** Accounts that sign on L1, each once. */
export function signersOf(config: NodeConfig): Signer[] {
  const signers = new Map<string, SigningRole[]>();
  for (const role of signingRoles(config)) {
    for (const key of givenKeys(role, config)) {
      const address = computeAddress(key);
      signers.set(address, [...(signers.get(address) ?? []), role]);
    }
  }
  return [...signers].map(([address, roles]) => ({ address, roles }));
}

/** Whether each role that is switched on has the key that it needs, and who has the others. */
export async function checkRoles({ lane, l1, config }: DoctorContext): Promise<Finding[]> {
  return judgeRoles(config, signersOf(config), await getRoles({ lane, l1 }));
}

/** What there is to say of the roles that are switched on, and of who has the others. */
export function judgeRoles(config: NodeConfig, signers: readonly Signer[], holders: readonly RoleHolder[]): Finding[] {
  const at = (subject: string): Pick<Finding, 'check' | 'subject'> => ({ check: 'role', subject });
  const found = signingRoles(config).map((role) => {
    const addresses = signers.filter(({ roles }) => roles.includes(role)).map(({ address }) => address);
    const [address] = addresses;
    if (address === undefined) {
      const hint = 'give one with --private-key, or leave it out of --roles';
      // Who has no key of the node's at hand may look at all the rest.
      return signers.length === 0
        ? warning(at(role), "not checked: needs the node's key, without which the node does not start", hint)
        : problem(at(role), 'is switched on, and has no key', hint);
    }
    const holder = holders.find((each) => each.role === role)?.holder;
    return role === 'relayer' || address === holder
      ? ok(at(role), addresses.join(', '))
      : problem(
          at(role),
          `the key given is that of ${address}, and the lane's ${role} is ${holder}`,
          `give the ${role}'s key with --${role}-private-key, or leave the role out of --roles`,
        );
  });
  const isChallenger = signingRoles(config).includes('challenger');
  const watching = config.roles.includes('watchtower') && !isChallenger;
  return [
    ...found,
    ...(watching
      ? [ok(at('watchtower'), "calls false batches out; with the challenger's key it would delete them")]
      : []),
    ok(at('lane'), namesOf(holders)),
    ...offers(holders),
  ];
}

/** `owner 0x..., proposer 0x..., ...`; two owners are named by what they own. */
function namesOf(holders: readonly RoleHolder[]): string {
  const owners = new Set(holders.filter(({ role }) => role === 'owner').map(({ holder }) => holder));
  const names = holders.map(({ role, holder, contract }) =>
    role === 'owner' && owners.size > 1 ? `owner of the ${contract} ${holder}` : `${role} ${holder}`,
  );
  return [...new Set(names)].join(', ');
}

function offers(holders: readonly RoleHolder[]): Finding[] {
  return holders.flatMap(({ contract, offeredTo }) =>
    offeredTo === undefined
      ? []
      : [
          warning(
            { check: 'role', subject: `owner of the ${contract}` },
            `is to be ${offeredTo}, which has not accepted`,
            'let it run `xdm acceptOwnership`, or offer ownership to another account with `xdm setRole owner`',
          ),
        ],
  );
}

/** Whether each signer can pay. */
export async function checkBalances({ l1, config }: DoctorContext): Promise<Finding[]> {
  const { maxFeePerGas, maxPriorityFeePerGas, gasPrice } = await l1.getFeeData();
  const fee = maxFeePerGas ?? gasPrice ?? 0n;
  // What is proposed is twice the base fee and the tip.
  const baseFee = maxFeePerGas === null ? fee : (maxFeePerGas - (maxPriorityFeePerGas ?? 0n)) / 2n;
  const signers = signersOf(config);
  const balances = await Promise.all(signers.map(async ({ address }) => await l1.getBalance(address)));
  const found = signers.map((signer, position) => judgeBalance(signer, balances[position] ?? 0n, fee));
  return signers.length === 0 ? [] : [...found, judgeFee({ fee, baseFee }, config.maxFeePerGas)];
}

/** @param fee wei that a unit of gas costs at most, as a node proposes it now */
export function judgeBalance({ address, roles }: Signer, balance: bigint, fee: bigint): Finding {
  const place = { check: 'balance', subject: `${roles.join(' and ')} ${address}` };
  const gas = affordableGas(balance, fee);
  const count = gas / USUAL_GAS;
  // Nobody reads all 18 decimals.
  const value = `${formatEther(balance).replace(/(\.\d{6})\d+$/u, '$1')} ETH on L1`;
  if (count === 0n) {
    return problem(place, `${value}, not enough for one transaction`, 'fund the account on L1');
  }
  const lasting = `${value}, ${count > MANY ? `more than ${MANY} transactions` : counted(count, 'transaction')} at today's fees`;
  if (count < ENOUGH) return warning(place, lasting, `fund the account: ${ENOUGH} should be in it`);
  return fee > 0n && roles.includes('relayer') && gas < MAX_TRANSACTION_GAS
    ? warning(place, lasting, 'with more in it, batches could be larger')
    : ok(place, lasting);
}

/**
 * @param fees wei for a unit of gas: what a node proposes at most, and what a block takes at least
 * @param cap gwei
 */
export function judgeFee({ fee, baseFee }: Record<'fee' | 'baseFee', bigint>, cap: number): Finding {
  const place = { check: 'fees', subject: 'l1' };
  if (Number(formatUnits(baseFee, 'gwei')) > cap) {
    const value = `a block takes ${formatUnits(baseFee, 'gwei')} gwei for a unit of gas, and ${cap} are allowed`;
    return trouble(place, value, 'nothing is sent: raise --max-fee-per-gas, or wait for lower fees');
  }
  const value = `${formatUnits(fee, 'gwei')} gwei for a unit of gas, ${cap} allowed`;
  return Number(formatUnits(fee, 'gwei')) <= cap
    ? ok(place, value)
    : warning(place, value, 'transactions may wait: raise --max-fee-per-gas, or wait for lower fees');
}
