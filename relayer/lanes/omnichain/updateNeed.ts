import { dueReason } from '../../../sdk/chain/omnichain/maintenance/due.ts';
import { readLightClient } from '../../../sdk/chain/omnichain/maintenance/lightClientState.ts';
import type { MaintenanceCall } from '../../../sdk/chain/omnichain/maintenance/maintainer.ts';
import type { FoundLightClient } from '../../../sdk/chain/omnichain/maintenance/maintainerOf.ts';
import { newestOf } from '../../../sdk/chain/omnichain/maintenance/plans.ts';
import { isProofAwaited } from '../../store/awaited.ts';
import type { Database } from '../../store/schema.ts';

/** What tells whether a light client is to be updated. */
export interface UpdateNeed {
  readonly found: FoundLightClient;
  /** The route of the messages that its blocks prove. */
  readonly routeId: number;
}

/**
 * Whether updates are worth what they cost: a message waits for a block that they bring, they bring those who sign next, or half of
 * the trusting period is over. A light client that nobody needs costs little then, however fast its chain goes on.
 */
export async function isNeeded(
  db: Database,
  { found, routeId }: UpdateNeed,
  calls: readonly MaintenanceCall[],
): Promise<boolean> {
  const state = await readLightClient(found);
  if (dueReason(calls, state) !== undefined) return true;
  return await isProofAwaited(db, routeId, { after: state.head.number, upTo: newestOf(calls) });
}
