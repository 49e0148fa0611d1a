import type { Side } from '../sdk/core/deployment.ts';
import type { LaneIdentity } from '../sdk/core/message.ts';
import { rollupRoutes } from './lanes/rollupRoutes.ts';
import { findMessages, isParked, parkedMessages, unpark, type StoredMessage } from './store/parked.ts';
import { findRoute } from './store/routes.ts';
import type { Database } from './store/schema.ts';
import type { Store } from './store/store.ts';

/** A message as the node has it, before it was told to look at it. */
export interface Retried extends StoredMessage {
  readonly fromChain: Side;
  /** Whether the node looks at it now, because it was set aside. */
  readonly isRetried: boolean;
}

/**
 * Has the node look now at messages that it has set aside. It need not run: then it does so when it starts.
 * @param hashes of messages, or of the transactions that sent them; all that are set aside where it is undefined
 * @returns for each hash the messages it stands for: none where the node does not know it
 */
export async function retryMessages(
  store: Store,
  lane: LaneIdentity,
  hashes: readonly string[] | undefined,
): Promise<Retried[][]> {
  return await store.write(async (db) => {
    const routes = await routesOf(db, lane);
    const ids = [...routes.keys()];
    if (ids.length === 0) return (hashes ?? []).map(() => []);
    const found =
      hashes === undefined
        ? (await parkedMessages(db, ids)).map((message) => [message])
        : await Promise.all(hashes.map(async (hash) => await findMessages(db, ids, hash)));
    for (const message of found.flat()) if (isParked(message)) await unpark(db, message.id);
    return found.map((messages) =>
      messages.map((message) => {
        return { ...message, fromChain: routes.get(message.routeId) ?? 'l2', isRetried: isParked(message) };
      }),
    );
  });
}

/** The lane's routes in a store, and the chain that each begins on. */
async function routesOf(db: Database, lane: LaneIdentity): Promise<Map<number, Side>> {
  const { l1ToL2, l2ToL1 } = rollupRoutes(lane);
  const down = await findRoute(db, l1ToL2);
  const up = await findRoute(db, l2ToL1);
  return new Map([
    ...(down === undefined ? [] : [[down, 'l1'] as const]),
    ...(up === undefined ? [] : [[up, 'l2'] as const]),
  ]);
}
