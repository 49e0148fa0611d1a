import type { Route } from '../route.ts';
import { readCursor } from '../store/blocks.ts';
import { settleDeliveries } from '../store/deliveries.ts';
import { reopenFailedSubmissions } from '../store/messages.ts';
import type { StageContext } from './stage.ts';

/** Milliseconds until a message is looked at again whose transaction came to nothing. */
const REOPEN_DELAY_MS = 5000;

/**
 * `[submitted] -> [relayed | failed]`: delivered is what the messenger says in a final block, whoever made it so. A message
 * whose transaction came to nothing goes back to `[proven]`.
 */
export async function confirm(route: Route, { store, logger }: StageContext): Promise<number> {
  const cursor = await readCursor(store.db, route.destinationChainId);
  if (cursor === undefined) return 0;
  const settled = await store.db
    .transaction()
    .execute(async (db) => await settleDeliveries(db, route.id, cursor.finalNumber));
  if (settled > 0) logger.info({ route: route.name, count: settled }, 'delivered');
  const reopened = await reopenFailedSubmissions(store.db, route.id, Date.now() + REOPEN_DELAY_MS);
  if (reopened > 0) logger.warn({ route: route.name, count: reopened }, 'transactions came to nothing: trying again');
  return settled + reopened;
}
