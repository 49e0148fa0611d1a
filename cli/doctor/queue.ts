import { rollupRoutes } from '../../relayer/lanes/rollup/routes.ts';
import { countExecuted } from '../../relayer/store/queueElements.ts';
import { findRoute } from '../../relayer/store/routes.ts';
import { openStore, type Store } from '../../relayer/store/store.ts';
import { toXdmError } from '../../sdk/chain/rpcErrors.ts';
import { queueOf } from '../../sdk/chain/contracts.ts';
import type { DoctorContext } from './context.ts';
import { ok, warning, type Finding } from './finding.ts';
import { counted } from '../../sdk/core/counted.ts';

/** Whether the queue is this node's to execute, as far as its store tells: two that do so could execute an element twice. */
export async function checkQueue({ lane, l1, config }: DoctorContext): Promise<Finding[]> {
  if (lane.deposits === 'derived' || !config.roles.includes('sequencer')) return [];
  const length = Number(await queueOf(lane, l1).getQueueLength());
  const executed = await executedHere(config.store, lane);
  return executed === undefined ? [] : [judgeQueue(length, executed)];
}

/** @param executed elements that the store knows to be executed */
export function judgeQueue(length: number, executed: number): Finding {
  const place = { check: 'queue', subject: 'sequencer' };
  const value = `${executed} of ${counted(length, 'element')} executed, as this store knows`;
  return length === 0 || executed > 0
    ? ok(place, value)
    : warning(
        place,
        value,
        'if another node has the role sequencer, leave it out of --roles here; if none has, this node finds out what L2 has',
      );
}

/** Undefined where the store cannot be read, of which there is a finding of its own; 0 where there is none yet. */
async function executedHere(location: string, lane: DoctorContext['lane']): Promise<number | undefined> {
  let store: Store;
  try {
    store = await openStore(location, { shared: true });
  } catch (cause) {
    return toXdmError(cause).code === 'store-not-found' ? 0 : undefined;
  }
  try {
    const route = await findRoute(store.db, rollupRoutes(lane).l1ToL2);
    return route === undefined ? 0 : await countExecuted(store.db, route);
  } finally {
    await store.close();
  }
}
