import type { L1Client } from '../chain/client.ts';
import { l1MessengerOf } from '../chain/contracts.ts';
import { buildRoleCalls, sendRoleCalls, type RoleSender, type SentRoleCall } from '../chain/roleCalls.ts';

/**
 * Stops relaying and the proving of roots on L1, by the guardian. Sending goes on, and so does delivery on L2.
 * @returns nothing where it was stopped before
 * @throws {XdmError} `unauthorized` for another account, and what the endpoints throw
 */
export async function pauseRelaying(client: L1Client, sender: RoleSender): Promise<SentRoleCall | undefined> {
  if (await l1MessengerOf(client.lane, client.l1).paused()) return undefined;
  const [sent] = await sendRoleCalls(client.l1, sender, buildRoleCalls(client.lane, { kind: 'pause' }));
  return sent;
}
