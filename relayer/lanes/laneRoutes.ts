import { XdmError } from '../../sdk/core/errors.ts';
import type { RouteTerms } from '../store/messageDetails.ts';
import { findRoute, otherRouteOn, type RouteEnds } from '../store/routes.ts';
import type { Database } from '../store/schema.ts';

/** One direction between two chains of a lane. */
export interface LaneRoute extends RouteEnds, RouteTerms {
  /** What the chain that it begins on is called, such as `l1`. */
  readonly from: string;
}

/** A lane of any kind, as its deployment file alone describes it: enough for whoever looks into the store of its node. */
export interface LaneOutline {
  /** What tells it from all other lanes, by the names that it has in the node's API. */
  readonly identity: Readonly<Record<string, string | number>>;
  readonly routes: readonly LaneRoute[];
}

/** The names of a lane's chains. */
export function chainNames({ routes }: Pick<LaneOutline, 'routes'>): string[] {
  return [...new Set(routes.map(({ from }) => from))];
}

/**
 * Makes sure that no other lane of a store has one of this one's chains: how far a chain was read is noted once.
 * @param store as it may be shown
 * @throws {XdmError} `store-incompatible`
 */
export async function verifyOnlyLane(db: Database, routes: readonly RouteEnds[], store: string): Promise<void> {
  const other = await otherRouteOn(db, routes);
  if (other === undefined) return;
  const { sourceChainId, sourceMessenger, destinationChainId } = other;
  throw new XdmError(
    'store-incompatible',
    `the store ${store} has another lane on the same chain: ${sourceChainId} to ${destinationChainId}, messenger ${sourceMessenger}`,
    { hint: 'give each lane a database of its own; one server has room for many' },
  );
}

/** The routes that a lane has in a store, by their numbers there; none before a node has worked on it. */
export async function findLaneRoutes(db: Database, { routes }: LaneOutline): Promise<Map<number, LaneRoute>> {
  const found = new Map<number, LaneRoute>();
  for (const route of routes) {
    const id = await findRoute(db, route);
    if (id !== undefined) found.set(id, route);
  }
  return found;
}
