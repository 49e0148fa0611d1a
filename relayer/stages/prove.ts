import type { Proofs, Route } from '../route.ts';
import { countReorganisations } from '../store/blocks.ts';
import { dueMessages, markProven, withdrawProof } from '../store/messages.ts';
import { traceStep } from '../telemetry/traces.ts';
import { setAside } from './setAside.ts';
import type { StageContext } from './stage.ts';

/** Messages looked at in one pass. */
const PASS_LIMIT = 2000;

/**
 * `[sent] -> [proven]`. Proofs are built as soon as there is something to prove against, long before they are used: nodes
 * serve the state of old blocks for some time only.
 */
export async function prove(route: Route, context: StageContext): Promise<number> {
  const { prover } = route;
  const { store, logger } = context;
  if (prover === undefined) return 0;
  const unfounded = await prover.unfounded(store.db);
  for (const id of unfounded) {
    await store.write(async (db) => await withdrawProof(db, id));
  }
  if (unfounded.length > 0) {
    logger.warn({ route: route.name, count: unfounded.length }, 'proofs no longer hold: proving again');
  }

  const messages = await dueMessages(store.db, route.id, 'sent', { now: Date.now(), limit: PASS_LIMIT });
  if (messages.length === 0) return 0;
  const before = await countReorganisations(store.db, route.sourceChainId);
  const about = { 'xdm.route': route.name, 'xdm.messages': messages.length };
  const build = async (): Promise<Proofs> => await prover.prove(store.db, messages);
  const { proven, refused, record } = await traceStep('build proofs', about, build);
  await setAside(route, refused, context);
  if (proven.length === 0) return 0;
  await store.write(async (db) => {
    // What was proven of blocks that are gone now is proven again, of others.
    if ((await countReorganisations(db, route.sourceChainId)) !== before) return;
    await markProven(db, proven);
    await record(db);
  });
  logger.info({ route: route.name, count: proven.length }, 'proven');
  return proven.length;
}
