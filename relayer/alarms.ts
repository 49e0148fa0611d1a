import type { Alarm, AlarmKind } from './alarm.ts';
import type { StageContext } from './stages/stage.ts';
import { deleteAlarm, insertAlarm, isOpen, openAlarms } from './store/alarms.ts';
import type { Database } from './store/schema.ts';

/** What names an alarm. */
type AlarmName = Pick<Alarm, 'kind' | 'subject'>;

/** Alarms as a transaction raises and clears them. Those who listen are told once it has been committed. */
export class AlarmChanges {
  readonly #db: Database;
  readonly #raised: Alarm[] = [];
  readonly #cleared: AlarmName[] = [];

  constructor(db: Database) {
    this.#db = db;
  }

  /** Calls an operator. An alarm that lasts already is not raised again. */
  async raise(alarm: Alarm): Promise<void> {
    if (await insertAlarm(this.#db, alarm)) this.#raised.push(alarm);
  }

  /** Ends an alarm, if it lasts: what it was for is over. */
  async clear({ kind, subject }: AlarmName): Promise<void> {
    if (!(await isOpen(this.#db, kind, subject))) return;
    await deleteAlarm(this.#db, kind, subject);
    this.#cleared.push({ kind, subject });
  }

  /** Tells of them. Called after the transaction. */
  announce({ logger, signals }: Pick<StageContext, 'logger' | 'signals'>): void {
    for (const alarm of this.#raised) {
      const { message, ...what } = alarm;
      logger.error({ ...what, reason: message }, 'alarm');
      signals.emit('alarmRaised', alarm);
    }
    for (const alarm of this.#cleared) {
      logger.info(alarm, 'the alarm is over');
      signals.emit('alarmCleared', alarm);
    }
  }
}

/** Calls an operator, in a transaction of its own. An alarm that lasts already is not raised again. */
export async function raiseAlarm(context: StageContext, alarm: Alarm): Promise<void> {
  const changes = await context.store.write(async (db) => {
    const alarms = new AlarmChanges(db);
    await alarms.raise(alarm);
    return alarms;
  });
  changes.announce(context);
}

/** Ends an alarm, if it lasts, in a transaction of its own. */
export async function clearAlarm(context: StageContext, { kind, subject }: AlarmName): Promise<void> {
  if (!(await isOpen(context.store.db, kind, subject))) return;
  const changes = await context.store.write(async (db) => {
    const alarms = new AlarmChanges(db);
    await alarms.clear({ kind, subject });
    return alarms;
  });
  changes.announce(context);
}

/**
 * Raises the alarms of a kind that there is a reason for, and ends all others of it.
 * @param isMeant of which subjects; of all unless given
 */
export async function keepAlarms(
  context: StageContext,
  kind: AlarmKind,
  alarms: readonly Alarm[],
  isMeant: (subject: string) => boolean = () => true,
): Promise<void> {
  const open = (await openAlarms(context.store.db)).filter((alarm) => alarm.kind === kind && isMeant(alarm.subject));
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
