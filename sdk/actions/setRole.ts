import { getAddress, ZeroAddress } from 'ethers';

import type { L1Client } from '../chain/client.ts';
import { buildRoleCalls, sendRoleCalls, type RoleSender, type SentRoleCall } from '../chain/roleCalls.ts';
import { XdmError } from '../core/errors.ts';
import type { LaneRole } from '../core/lanePlan.ts';
import { getRoles, type RoleHolder } from './getRoles.ts';

/** Which role the owner, who sends, gives to whom. */
export interface SetRoleParameters extends RoleSender {
  readonly role: LaneRole;
  readonly account: string;
}

/**
 * Gives a role to another account, by the owner. Proposer, challenger and guardian are replaced at once. Ownership is offered,
 * of as many of the two owned contracts as the signer owns, and goes over when the account accepts it: `acceptOwnership`.
 * @returns what was sent: nothing where the account has the role, or is offered it, already
 * @throws {XdmError} `invalid-argument` for the zero address, `unauthorized` for another account than the owner, and what the
 * endpoints throw
 */
export async function setRole(client: L1Client, { role, account, ...by }: SetRoleParameters): Promise<SentRoleCall[]> {
  if (account === ZeroAddress) throw new XdmError('invalid-argument', `nobody can be ${role}: the zero address`);
  const wanted = getAddress(account);
  const sender = await by.signer.getAddress();
  const roles = await getRoles(client);
  const concerned = roles.filter((each) => each.role === role && (role !== 'owner' || each.holder === sender));
  if (concerned.length === 0) throw notOwner(sender, roles);
  const due = concerned.filter(({ holder, offeredTo }) => (offeredTo ?? holder) !== wanted);
  const calls = buildRoleCalls(client.lane, { kind: 'setRole', role, account: wanted });
  return await sendRoleCalls(
    client.l1,
    by,
    calls.filter(({ contract }) => due.some((each) => each.contract === contract)),
  );
}

function notOwner(sender: string, roles: readonly RoleHolder[]): XdmError {
  const owners = new Set(roles.filter(({ role }) => role === 'owner').map(({ holder }) => holder));
  return new XdmError('unauthorized', `${sender} owns nothing of the lane; its owner is ${[...owners].join(' and ')}`, {
    hint: "use the owner's account",
  });
}
