import { isElsewhere, nextTryAfter, nextTryElsewhere, PARK_MAX_MS } from '../backoff.ts';
import { parkedReasonOf } from '../parkedReasons.ts';
import type { Refusal, Route } from '../route.ts';
import { park, withdrawProof } from '../store/messages.ts';
import type { StageContext } from './stage.ts';

/** Sets messages aside with the reason, so that they do not hold up the others. What their proofs rest on may be gone. */
export async function setAside(
  route: Route,
  refusals: readonly Refusal[],
  { store, logger }: StageContext,
): Promise<void> {
  if (refusals.length === 0) return;
  const parked = refusals.map((refusal) => ({ refusal, wait: waitFor(refusal) }));
  await store.write(async (db) => {
    for (const { refusal, wait } of parked) {
      const { message, error } = refusal;
      if (error.code === 'batch-gone' || error.code === 'proof-invalid') await withdrawProof(db, message.id);
      await park(db, message.id, wait);
    }
  });
  for (const { refusal, wait } of parked) {
    const { messageHash, parkedReason } = refusal.message;
    const { code, message } = refusal.error;
    const { reason, nextTryAt, isOwn } = wait;
    // Every few seconds the same of each message: said once.
    const level = !isOwn && parkedReason === reason ? 'debug' : 'warn';
    logger[level]({ route: route.name, messageHash, code, reason: message, nextTryAt }, 'set aside');
  }
}

function waitFor({ message: { tries }, error }: Refusal) {
  const ready = error.readyAt === undefined ? 0 : Number(error.readyAt) * 1000;
  const reason = parkedReasonOf(error.code);
  const isOwn = !isElsewhere(reason);
  // What is ready much later is looked at in between: no wait is longer than the longest, see `dueMessages`.
  const nextTryAt = Math.max(
    isOwn ? nextTryAfter(tries) : nextTryElsewhere(),
    Math.min(ready, Date.now() + PARK_MAX_MS),
  );
  return { reason, nextTryAt, isOwn };
}
