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
    const { reason, nextTryAt } = wait;
    // The same of each message again and again: said once.
    const level = isElsewhere(reason) && parkedReason === reason ? 'debug' : 'warn';
    logger[level]({ route: route.name, messageHash, code, reason: message, nextTryAt }, 'set aside');
  }
}

function waitFor({ message, error }: Refusal) {
  const ready = error.readyAt === undefined ? 0 : Number(error.readyAt) * 1000;
  const reason = parkedReasonOf(error.code);
  const isOwn = !isElsewhere(reason);
  // An outage says nothing of how long a target will refuse, and the other way round: each is counted from its beginning.
  const isSameKind = message.parkedReason !== null && isOwn === !isElsewhere(message.parkedReason);
  const before = isSameKind ? message.tries : 0;
  // What is ready much later is looked at in between: no wait is longer than the longest, see `dueMessages`.
  const nextTryAt = Math.max(
    isOwn ? nextTryAfter(before) : nextTryElsewhere(before),
    Math.min(ready, Date.now() + PARK_MAX_MS),
  );
  return { reason, nextTryAt, tries: before + 1 };
}
