import { haltsBetween, type Alarm, type AlarmKind } from '../alarm.ts';
import type { Database } from './schema.ts';

/** An alarm that lasts. */
export interface OpenAlarm extends Alarm {
  /** Milliseconds. */
  readonly raisedAt: number;
}

/** Records an alarm. Returns whether it is new. */
export async function insertAlarm(db: Database, { halts, ...alarm }: Alarm): Promise<boolean> {
  const inserted = await db
    .insertInto('alarms')
    .values({ ...alarm, halts: halts ? 1 : 0, raisedAt: Date.now() })
    .onConflict((conflict) => conflict.doNothing())
    .returning('kind')
    .executeTakeFirst();
  return inserted !== undefined;
}

/** Whether an alarm lasts. */
export async function isOpen(db: Database, kind: AlarmKind, subject: string): Promise<boolean> {
  const alarm = db.selectFrom('alarms').select('kind').where('kind', '=', kind).where('subject', '=', subject);
  return (await alarm.executeTakeFirst()) !== undefined;
}

/** Forgets an alarm. */
export async function deleteAlarm(db: Database, kind: AlarmKind, subject: string): Promise<void> {
  await db.deleteFrom('alarms').where('kind', '=', kind).where('subject', '=', subject).execute();
}

/** The alarms that last, the oldest first. */
export async function openAlarms(db: Database): Promise<OpenAlarm[]> {
  const rows = await db.selectFrom('alarms').selectAll().orderBy('raisedAt').execute();
  return rows.map(({ halts, ...alarm }) => ({ ...alarm, halts: halts === 1 }));
}

/**
 * Whether an alarm lasts that halts the lane.
 * @param between chains of messages, where nothing else is asked for
 */
export async function isHalted(db: Database, between?: readonly number[]): Promise<boolean> {
  const rows = await db.selectFrom('alarms').select(['kind', 'subject']).where('halts', '=', 1).execute();
  return rows.some((row) => between === undefined || haltsBetween({ ...row, halts: true }, between));
}
