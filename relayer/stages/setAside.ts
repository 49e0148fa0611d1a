import { isElsewhere, nextTryAfter, nextTryElsewhere, PARK_MAX_MS } from '../backoff.ts';
import { parkedReasonOf } from '../parkedReasons.ts';
import type { Refusal, Route } from '../route.ts';
import { park, withdrawProof } from '../store/messages.ts';
import type { StageContext } from './stage.ts';

/** Sets a message aside with the reason, so that it does not hold up the others. What its proof rests on may be gone. */
export async function setAside(
  route: Route,
  { message, error }: Refusal,
  { store, logger }: StageContext,
): Promise<void> {
  const { id, messageHash, tries, parkedReason } = message;
  const ready = error.readyAt === undefined ? 0 : Number(error.readyAt) * 1000;
  const reason = parkedReasonOf(error.code);
  const isOwn = !isElsewhere(reason);
  // What is ready much later is looked at in between: no wait is longer than the longest, see `dueMessages`.
  const nextTryAt = Math.max(
    isOwn ? nextTryAfter(tries) : nextTryElsewhere(),
    Math.min(ready, Date.now() + PARK_MAX_MS),
  );
  await store.write(async (db) => {
    if (error.code === 'batch-gone' || error.code === 'proof-invalid') await withdrawProof(db, id);
    await park(db, id, { reason, nextTryAt, isOwn });
  });
  // Every few seconds the same of each message: said once.
  const level = !isOwn && parkedReason === reason ? 'debug' : 'warn';
  logger[level]({ route: route.name, messageHash, code: error.code, reason: error.message, nextTryAt }, 'set aside');
}
