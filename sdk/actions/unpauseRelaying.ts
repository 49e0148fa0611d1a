import type { L1Client } from '../chain/client.ts';
import { l1MessengerOf } from '../chain/contracts.ts';
import { buildRoleCalls, sendRoleCalls, type RoleSender, type SentRoleCall } from '../chain/roleCalls.ts';

/**
 * Ends a pause, by the owner of the L1 messenger. What waited can be relayed at once, true or false: a batch that is false and
 * final cannot be taken back.
 * @returns nothing where there is no pause
 * @throws {XdmError} `unauthorized` for another account, and what the endpoints throw
 */
export async function unpauseRelaying(client: L1Client, sender: RoleSender): Promise<SentRoleCall | undefined> {
  if (!(await l1MessengerOf(client.lane, client.l1).paused())) return undefined;
  const [sent] = await sendRoleCalls(client.l1, sender, buildRoleCalls(client.lane, { kind: 'unpause' }));
  return sent;
}
