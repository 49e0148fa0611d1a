import {
  readLightClient,
  type LightClientState,
} from '../../../../sdk/chain/omnichain/maintenance/lightClientState.ts';
import { formatTime } from '../../../../sdk/chain/time.ts';
import type { Alarm, AlarmKind } from '../../../alarm.ts';
import { clearAlarm, raiseAlarm } from '../../../alarms.ts';
import type { StageContext } from '../../../stages/stage.ts';
import type { MaintainedLightClient } from '../maintainedLightClient.ts';

/** Part of its trusting period, in percent, that a light client should have left: time for somebody to find out why it has not. */
const LEAST_LEFT = 33n;

/**
 * Says how a light client is, and calls an operator where it is frozen, where it has expired, or will soon.
 * @returns 0: nothing is moved
 */
export async function watchLightClient(
  { name, found }: Pick<MaintainedLightClient, 'name' | 'found'>,
  context: StageContext,
): Promise<0> {
  const state = await readLightClient(found);
  const { head, trust, now } = state;
  const expiresIn = trust === undefined ? undefined : Number(trust.until - now);
  context.signals.emit('lightClientSeen', {
    on: Number(found.entry.on),
    of: Number(found.of),
    head: Number(head.number),
    expiresIn,
  });
  const reasons = reasonsFor(state);
  for (const kind of ['light-client-frozen', 'light-client-expired', 'light-client-expiring'] as const) {
    const reason = reasons[kind];
    const alarm = { kind, subject: name };
    if (reason === undefined) await clearAlarm(context, alarm);
    else await raiseAlarm(context, { ...alarm, message: `${describe(found)} ${reason}`, halts: false });
  }
  return 0;
}

function describe({ address, of, entry }: MaintainedLightClient['found']): string {
  return `the light client ${address} of chain ${of} on chain ${entry.on}`;
}

/** What it is in trouble for, and what to do. */
function reasonsFor({
  isFrozen,
  isExpired,
  trust,
  now,
}: LightClientState): Partial<Record<AlarmKind, Alarm['message']>> {
  if (isFrozen) {
    return {
      'light-client-frozen':
        'is frozen: two blocks of one height were vouched for. Nothing is proven by it any more: find out whom to believe, and have it replaced',
    };
  }
  if (trust === undefined) return {};
  const until = formatTime(trust.until);
  if (isExpired) {
    return {
      'light-client-expired': `was trusted until ${until}, and takes no update any more: have it replaced by one that starts from a block you have checked`,
    };
  }
  if ((trust.until - now) * 100n >= trust.period * LEAST_LEFT) return {};
  return {
    'light-client-expiring': `is trusted until ${until} only, unless it is updated before: see what the log says of its maintainer, and its source`,
  };
}
