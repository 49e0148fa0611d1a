import type { AlarmKind } from './alarm.ts';
import { clearAlarm } from './alarms.ts';
import type { Work } from './pipeline.ts';
import type { StageContext } from './stages/stage.ts';
import { openAlarms } from './store/alarms.ts';

/**
 * Ends alarms about what a node does not look after any more, such as an account or a chain that its settings have ceased to name: it
 * would never see that their cause is over.
 */
export async function endStaleAlarms(work: Work, context: StageContext): Promise<void> {
  for (const { kind, subject } of await openAlarms(context.store.db)) {
    if (!looksAfter(work, kind, subject)) await clearAlarm(context, { kind, subject });
  }
}

function looksAfter({ chains, engines, watches }: Work, kind: AlarmKind, subject: string): boolean {
  if (kind === 'deep-reorganisation') return chains.some(({ chainId }) => `${chainId}` === subject);
  if (kind === 'signer-unfunded' || kind === 'spending-limit') {
    return engines.some(({ chainId, address }) => `${chainId} ${address}` === subject);
  }
  return watches?.(kind, subject) ?? true;
}
