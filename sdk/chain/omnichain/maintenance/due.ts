import type { LightClientState } from './lightClientState.ts';
import type { MaintenanceCall } from './maintainer.ts';

/** Part of its trusting period, in percent, that may pass without an update: long before it expires. */
const MOST_PASSED = 50n;

/** Why a light client is to be updated though no message waits for that. */
export type DueReason =
  /** Updates bring those who sign next: without them it could be left behind. */
  | 'next-signers'
  /** Half of its trusting period is over. */
  | 'trust-half-over';

/** Whether updates are worth what they cost to whoever keeps a light client alive, and why; undefined where they can wait. */
export function dueReason(
  calls: readonly Pick<MaintenanceCall, 'isUpkeep'>[],
  { trust, now }: Pick<LightClientState, 'trust' | 'now'>,
): DueReason | undefined {
  if (calls.some(({ isUpkeep }) => isUpkeep)) return 'next-signers';
  if (calls.length === 0 || trust === undefined) return undefined;
  return (trust.until - now) * 100n <= trust.period * (100n - MOST_PASSED) ? 'trust-half-over' : undefined;
}
