import type { Alarm } from './signals.ts';
import type { StageContext } from './stages/stage.ts';
import { deleteAlarm, insertAlarm, isOpen } from './store/alarms.ts';

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
