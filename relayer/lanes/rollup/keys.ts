import { computeAddress } from 'ethers';

import type { LaneClient } from '../../../sdk/chain/client.ts';
import { stateCommitmentChainOf } from '../../../sdk/chain/contracts.ts';
import { XdmError } from '../../../sdk/core/errors.ts';
import type { NodeConfig } from './config.ts';

/** What transactions are sent as. */
export type SigningRole = 'relayer' | 'proposer' | 'challenger';

/** What a node of these settings sends transactions as. */
export function signingRoles({ roles, challengerPrivateKey }: NodeConfig): SigningRole[] {
  return [
    ...(['relayer', 'proposer'] as const).filter((role) => roles.includes(role)),
    ...(roles.includes('watchtower') && challengerPrivateKey !== undefined ? (['challenger'] as const) : []),
  ];
}

/** Accounts on L1 that it signs with. */
export function signersOf(config: NodeConfig): string[] {
  const keys = signingRoles(config).flatMap((role) => keysOf(role, config));
  return [...new Set(keys.map((key) => computeAddress(key)))];
}

/**
 * Keys of a role, each once: one, but for the relayer, which can have any number of them.
 * @throws {XdmError} `invalid-config` where it has none
 */
export function keysOf(role: SigningRole, config: NodeConfig): [string, ...string[]] {
  const [key, ...others] = givenKeys(role, config);
  if (key !== undefined) return [key, ...others];
  throw new XdmError('invalid-config', `the role "${role}" needs a private key on L1`, {
    hint: 'give one with --private-key, or choose other roles with --roles',
  });
}

/** The keys of a role, each once; none where none is given. */
export function givenKeys(role: SigningRole, config: NodeConfig): string[] {
  const { privateKey, relayerPrivateKeys = [], proposerPrivateKey, challengerPrivateKey } = config;
  const keys = {
    relayer: [privateKey, ...relayerPrivateKeys],
    proposer: [proposerPrivateKey ?? privateKey],
    challenger: [challengerPrivateKey],
  };
  return [...new Set(keys[role].filter((key) => key !== undefined))];
}

/**
 * Makes sure that the keys of the proposer and the challenger are theirs.
 * @throws {XdmError} `unauthorized`, and what L1's endpoint throws
 */
export async function verifyKeys(client: LaneClient, config: NodeConfig): Promise<void> {
  const commitments = stateCommitmentChainOf(client.lane, client.l1);
  const elsewhere = {
    proposer: 'leave its role to another node with --roles',
    challenger: 'give none: then false batches are called out only',
  };
  for (const role of signingRoles(config)) {
    if (role === 'relayer') continue;
    const [given, actual] = [computeAddress(keysOf(role, config)[0]), await commitments[role]()];
    if (given === actual) continue;
    throw new XdmError('unauthorized', `the lane's ${role} is ${actual}, and the key given is that of ${given}`, {
      hint: `give the ${role}'s key with --${role}-private-key, or ${elsewhere[role]}`,
    });
  }
}
