import type { L1Client } from '../chain/client.ts';
import { buildRoleCalls, sendRoleCalls, type RoleSender, type SentRoleCall } from '../chain/roleCalls.ts';
import { XdmError } from '../core/errors.ts';
import { getRoles } from './getRoles.ts';

/**
 * Accepts ownership of the contracts of a lane that it was offered of, by the new owner.
 * @returns what was sent, a call for each of them
 * @throws {XdmError} `unauthorized` for an account that was offered nothing, and what the endpoints throw
 */
export async function acceptOwnership(client: L1Client, by: RoleSender): Promise<SentRoleCall[]> {
  const sender = await by.signer.getAddress();
  const offers = (await getRoles(client)).filter(({ offeredTo }) => offeredTo === sender);
  if (offers.length === 0) {
    throw new XdmError('unauthorized', `${sender} was offered ownership of nothing, or has accepted it`, {
      hint: 'the owner offers it with `xdm setRole owner ADDRESS`; `xdm roles` shows to whom',
    });
  }
  const calls = buildRoleCalls(client.lane, { kind: 'acceptOwnership' });
  return await sendRoleCalls(
    client,
    by,
    calls.filter(({ contract }) => offers.some((offer) => offer.contract === contract)),
  );
}
