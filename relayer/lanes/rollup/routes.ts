import type { Side } from '../../../sdk/core/deployment.ts';
import { XdmError } from '../../../sdk/core/errors.ts';
import type { LaneIdentity } from '../../../sdk/core/message.ts';
import { findRoute, otherRouteOn, type RouteEnds } from '../../store/routes.ts';
import type { Database } from '../../store/schema.ts';

/** The two directions of a rollup's lane, as the store knows them. */
export function rollupRoutes(lane: LaneIdentity): { readonly l1ToL2: RouteEnds; readonly l2ToL1: RouteEnds } {
  const [l1, l2] = [Number(lane.l1ChainId), Number(lane.l2ChainId)];
  const [onL1, onL2] = [lane.l1Messenger, lane.l2Messenger];
  return {
    l1ToL2: { sourceChainId: l1, sourceMessenger: onL1, destinationChainId: l2, destinationMessenger: onL2 },
    l2ToL1: { sourceChainId: l2, sourceMessenger: onL2, destinationChainId: l1, destinationMessenger: onL1 },
  };
}

/**
 * Makes sure that no other lane of a store has one of this one's chains: how far a chain was read is noted once.
 * @param store as it may be shown
 * @throws {XdmError} `store-incompatible`
 */
export async function verifyOnlyLane(db: Database, lane: LaneIdentity, store: string): Promise<void> {
  const { l1ToL2, l2ToL1 } = rollupRoutes(lane);
  const other = await otherRouteOn(db, [l1ToL2, l2ToL1]);
  if (other === undefined) return;
  const { sourceChainId, sourceMessenger, destinationChainId } = other;
  throw new XdmError(
    'store-incompatible',
    `the store ${store} has another lane on the same chain: ${sourceChainId} to ${destinationChainId}, messenger ${sourceMessenger}`,
    { hint: 'give each lane a database of its own; one server has room for many' },
  );
}

/** The routes that a lane has in a store, and the chain that each begins on; none before a node has worked on it. */
export async function findRollupRoutes(db: Database, lane: LaneIdentity): Promise<Map<number, Side>> {
  const { l1ToL2, l2ToL1 } = rollupRoutes(lane);
  const down = await findRoute(db, l1ToL2);
  const up = await findRoute(db, l2ToL1);
  return new Map([
    ...(down === undefined ? [] : [[down, 'l1'] as const]),
    ...(up === undefined ? [] : [[up, 'l2'] as const]),
  ]);
}
