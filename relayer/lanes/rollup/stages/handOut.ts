import type { SequencedQueue } from '../sequencedQueue.ts';
import { IN_FLIGHT_MS } from '../../../store/lease.ts';
import { markSent, type QueuedElement } from '../../../store/queueElements.ts';
import type { Store } from '../../../store/store.ts';

/**
 * Notes which elements are handed to L2 now. One whose answer was lost is waited for: L2 would execute it twice.
 * @returns those that may be handed over
 */
export async function handOut(
  { routeId }: SequencedQueue,
  elements: readonly QueuedElement[],
  store: Store,
): Promise<readonly QueuedElement[]> {
  const now = Date.now();
  if (elements.length === 0 || elements.some(({ sentAt }) => Math.abs(now - sentAt) < IN_FLIGHT_MS)) return [];
  // What the time was says nothing where another process has sent it, or somebody has set the clock since.
  if (store.lease.inFlight.canArrive && elements.some(({ sentAt }) => sentAt > 0)) return [];
  return await store.write(async (db) => await markSent(db, routeId, { elements, sentAt: now }));
}

/**
 * Notes that an element was handed to L2 just now, and that nobody knows what became of it: it can have left long after those before it
 * were handed out with it.
 */
export async function noteUnanswered({ routeId }: SequencedQueue, element: QueuedElement, store: Store): Promise<void> {
  store.lease.inFlight.note();
  await store.write(async (db) => await markSent(db, routeId, { elements: [element], sentAt: Date.now() }));
}
