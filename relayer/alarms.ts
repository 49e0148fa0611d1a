import type { Alarm, AlarmKind } from './signals.ts';
import type { StageContext } from './stages/stage.ts';
import { deleteAlarm, insertAlarm, isOpen, openAlarms } from './store/alarms.ts';

/** Calls an operator. An alarm that lasts already is not raised again. */
export async function raiseAlarm({ store, logger, signals }: StageContext, alarm: Alarm): Promise<void> {
  const isNew = await store.write(async (db) => await insertAlarm(db, alarm));
  if (!isNew) return;
  const { message, ...what } = alarm;
  logger.error({ ...what, reason: message }, 'alarm');
  signals.emit('alarmRaised', alarm);
}

/** Ends an alarm, if it lasts: what it was for is over. */
export async function clearAlarm(
  { store, logger, signals }: StageContext,
  { kind, subject }: Pick<Alarm, 'kind' | 'subject'>,
): Promise<void> {
  if (!(await isOpen(store.db, kind, subject))) return;
  await store.write(async (db) => await deleteAlarm(db, kind, subject));
  logger.info({ kind, subject }, 'the alarm is over');
  signals.emit('alarmCleared', { kind, subject });
}

/** Raises the alarms of a kind that there is a reason for, and ends all others of it. */
export async function keepAlarms(context: StageContext, kind: AlarmKind, alarms: readonly Alarm[]): Promise<void> {
  const open = (await openAlarms(context.store.db)).filter((alarm) => alarm.kind === kind);
  for (const { subject } of open) {
    if (!alarms.some((alarm) => alarm.subject === subject)) await clearAlarm(context, { kind, subject });
  }
  for (const alarm of alarms) {
    const last = open.find(({ subject }) => subject === alarm.subject);
    // More is known of it now.
    const isOld = last !== undefined && last.message !== alarm.message;
    if (isOld) await context.store.write(async (db) => await deleteAlarm(db, kind, alarm.subject));
    if (last === undefined || isOld) await raiseAlarm(context, alarm);
  }
}
