import { getAddress } from 'ethers';

import type { L2Client } from '../chain/client.ts';
import { senderAllowlistAt } from '../chain/contracts.ts';
import {
  buildAllowlistCall,
  sendRoleCalls,
  type RoleCall,
  type RoleSender,
  type SentRoleCall,
} from '../chain/roleCalls.ts';
import { toXdmError } from '../chain/rpcErrors.ts';
import { XdmError } from '../core/errors.ts';
import { getAllowlist, type Allowlist } from './getAllowlist.ts';

/** Who is to be put on a lane's allowlist, or taken off it. */
export interface AllowlistChange {
  readonly account: string;
  /** False takes it off. */
  readonly isAllowed: boolean;
}

/** By the allowlist's owner, who sends. */
export interface SetAllowedParameters extends AllowlistChange, RoleSender {}

/**
 * Puts an account on the allowlist of a lane, or takes it off, by the list's owner. From then on it may send from L2, or may not.
 * @returns nothing where that was so before
 * @throws {XdmError} `invalid-argument` for a lane without a SenderAllowlist, `unauthorized` for another account than its owner, and
 * what the endpoints throw
 */
export async function setAllowed(
  client: L2Client,
  { account, isAllowed, ...by }: SetAllowedParameters,
): Promise<SentRoleCall | undefined> {
  const { address, owner } = await requireAllowlist(client);
  const sender = await by.signer.getAddress();
  if (sender !== owner) {
    throw new XdmError('unauthorized', `${sender} does not own the allowlist ${address}; its owner is ${owner}`, {
      hint: "use the owner's account, or have it make the call that --calldata prints",
    });
  }
  if ((await readAllowed(client, address, account)) === isAllowed) return undefined;
  const call = buildAllowlistCall(client.lane, address, { account: getAddress(account), isAllowed });
  const [sent] = await sendRoleCalls(client.l2, by, [call]);
  return sent;
}

/**
 * The call that changes a lane's allowlist, for its owner to make.
 * @throws {XdmError} `invalid-argument` for a lane without a SenderAllowlist, and what the endpoints throw
 */
export async function buildAllowance(client: L2Client, { account, isAllowed }: AllowlistChange): Promise<RoleCall> {
  const { address } = await requireAllowlist(client);
  return buildAllowlistCall(client.lane, address, { account: getAddress(account), isAllowed });
}

async function requireAllowlist(client: L2Client): Promise<Allowlist & { readonly owner: string }> {
  const allowlist = await getAllowlist(client);
  if (allowlist === undefined) {
    throw new XdmError(
      'invalid-argument',
      'the lane has no allowlist: everyone may send from L2, and that is for good',
    );
  }
  const { owner } = allowlist;
  if (owner !== undefined) return { ...allowlist, owner };
  throw new XdmError('invalid-argument', `the lane's allowlist ${allowlist.address} is no SenderAllowlist`, {
    hint: 'ask whoever has written it how senders are put on it',
  });
}

async function readAllowed({ l2 }: L2Client, allowlist: string, account: string): Promise<boolean> {
  try {
    return await senderAllowlistAt(allowlist, l2).isAllowed(account);
  } catch (error) {
    throw toXdmError(error);
  }
}
