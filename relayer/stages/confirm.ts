import { nextTryAfter } from '../backoff.ts';
import type { Route } from '../route.ts';
import { readCursor } from '../store/blocks.ts';
import { hasFinalDeliveries, SETTLED_AT_ONCE, settleDeliveries, type SettledDelivery } from '../store/deliveries.ts';
import { failedSubmissions, reopen } from '../store/messages.ts';
import type { Store } from '../store/store.ts';
import { tellPass } from '../telemetry/traces.ts';
import type { StageContext } from './stage.ts';

/** Why a message is set aside whose transaction came to nothing. */
const REASONS = {
  reverted: 'transaction-reverted',
  replaced: 'nonce-conflict',
  'left-out': 'insufficient-gas',
} as const;

/**
 * `[submitted] -> [relayed | failed]`: delivered is what the messenger says in a final block, whoever made it so. A message
 * whose transaction came to nothing goes back to `[proven]`, and is looked at again after a while: most often somebody else
 * was faster, which its delivery will tell.
 */
export async function confirm(route: Route, { store, logger, signals }: StageContext): Promise<number> {
  const cursor = await readCursor(store.db, route.destinationChainId);
  if (cursor === undefined) return 0;
  const settled = await settle(route, cursor.finalNumber, store);
  if (settled.length > 0) {
    logger.info({ route: route.name, count: settled.length }, 'delivered');
    tellPass({ 'xdm.route': route.name, 'xdm.delivered': settled.length });
    signals.emit('delivered', { route: route.name, at: Date.now(), deliveries: settled });
  }
  // What came of a transaction is known once all that it delivered is settled.
  if (settled.length === SETTLED_AT_ONCE) return settled.length;
  const failed = await failedSubmissions(store.db, route.id, cursor.finalNumber);
  if (failed.length > 0) {
    await store.write(async (db) => {
      for (const { id, tries, outcome } of failed) {
        // A message that a batch has left out is not to blame for it.
        const wait =
          outcome === 'left-out'
            ? { nextTryAt: Date.now(), tries }
            : { nextTryAt: nextTryAfter(tries), tries: tries + 1 };
        await reopen(db, id, { reason: REASONS[outcome], ...wait });
      }
    });
    logger.warn({ route: route.name, failed }, 'transactions came to nothing: trying again');
  }
  return settled.length + failed.length;
}

async function settle(route: Route, finalNumber: number, store: Store): Promise<readonly SettledDelivery[]> {
  if (!(await hasFinalDeliveries(store.db, route.id, finalNumber))) return [];
  return await store.write(async (db) => {
    const outcomes = await settleDeliveries(db, route.id, finalNumber);
    if (outcomes.length > 0) await route.prover?.forget(db, finalNumber);
    return outcomes;
  });
}
