import { readLightClient } from '../../../sdk/chain/omnichain/maintenance/lightClientState.ts';
import type { MaintenanceCall } from '../../../sdk/chain/omnichain/maintenance/maintainer.ts';
import type { FoundLightClient } from '../../../sdk/chain/omnichain/maintenance/maintainerOf.ts';
import { isProofAwaited } from '../../store/awaited.ts';
import type { Database } from '../../store/schema.ts';

/** Part of its trusting period, in percent, that may pass without an update: long before `light-client-expiring`. */
const MOST_PASSED = 50n;

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
  if (calls.some(({ isUpkeep }) => isUpkeep)) return true;
  const { head, trust, now } = await readLightClient(found);
  if (trust !== undefined && (trust.until - now) * 100n <= trust.period * (100n - MOST_PASSED)) return true;
  const upTo = calls.reduce((newest, { block = 0n }) => (block > newest ? block : newest), 0n);
  return await isProofAwaited(db, routeId, { after: head.number, upTo });
}
