import type { L1Client } from '../chain/client.ts';
import {
  buildRoleCalls,
  sendRoleCalls,
  type RoleCall,
  type RoleSender,
  type SentRoleCall,
} from '../chain/roleCalls.ts';
import { XdmError } from '../core/errors.ts';
import { getRoles } from './getRoles.ts';

/** A call that accepts ownership, and who has to make it. */
export interface AcceptanceCall extends RoleCall {
  readonly from: string;
}

/**
 * Accepts ownership of the contracts of a lane that it was offered of, by the new owner.
 * @returns what was sent, a call for each of them
 * @throws {XdmError} `unauthorized` for an account that was offered nothing, and what the endpoints throw
 */
export async function acceptOwnership(client: L1Client, by: RoleSender): Promise<SentRoleCall[]> {
  const sender = await by.signer.getAddress();
  const calls = (await buildAcceptances(client)).filter(({ from }) => from === sender);
  if (calls.length === 0) {
    throw new XdmError('unauthorized', `${sender} was offered ownership of nothing, or has accepted it`, {
      hint: 'the owner offers it with `xdm setRole owner ADDRESS`; `xdm roles` shows to whom',
    });
  }
  return await sendRoleCalls(
    client.l1,
    by,
    calls.map(({ from: _from, ...call }) => call),
  );
}

/**
 * The calls that accept ownership as it is offered now, to whomever.
 * @throws {XdmError} what the endpoints throw
 */
export async function buildAcceptances(client: L1Client): Promise<AcceptanceCall[]> {
  const roles = await getRoles(client);
  return buildRoleCalls(client.lane, { kind: 'acceptOwnership' }).flatMap((call) =>
    roles.flatMap(({ contract, offeredTo }) =>
      contract === call.contract && offeredTo !== undefined ? [{ ...call, from: offeredTo }] : [],
    ),
  );
}
