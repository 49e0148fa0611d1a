import { findLaneRoutes, type LaneOutline } from './lanes/laneRoutes.ts';
import type { RouteTerms } from './store/messageDetails.ts';
import type { MessageRecord } from './store/messageRecords.ts';
import { findMessages, isParked, parkedMessages, unpark } from './store/parked.ts';
import type { Store } from './store/store.ts';

/** A message as the node has it, before it was told to look at it. */
export interface Retried extends MessageRecord, RouteTerms {
  readonly fromChain: string;
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
  lane: LaneOutline,
  hashes: readonly string[] | undefined,
): Promise<Retried[][]> {
  return await store.write(async (db) => {
    const routes = await findLaneRoutes(db, lane);
    const ids = [...routes.keys()];
    const found =
      hashes === undefined
        ? (await parkedMessages(db, ids)).map((message) => [message])
        : await Promise.all(hashes.map(async (hash) => await findMessages(db, ids, hash)));
    const parked = new Set(
      found
        .flat()
        .filter(isParked)
        .map(({ id }) => id),
    );
    await unpark(db, [...parked]);
    return found.map((messages) =>
      messages.flatMap((message) => {
        const route = routes.get(message.routeId);
        if (route === undefined) return [];
        const { from: fromChain, waitsFor, retryCommand } = route;
        return [{ ...message, fromChain, waitsFor, retryCommand, isRetried: isParked(message) }];
      }),
    );
  });
}
