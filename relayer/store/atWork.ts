import { sql } from 'kysely';

import type { Database } from './schema.ts';

const STAGES = ['sent', 'proven', 'submitted'] as const;

/** Whether there is anything that a new block of a chain could move on, be it by its time: a message, a delivery, an element. */
export async function isAtWork(db: Database): Promise<boolean> {
  for (const stage of STAGES) {
    // Each by itself: only so the index of what is at work is used.
    const message = db.selectFrom('messages').select('id').where('stage', '=', sql.lit(stage)).limit(1);
    if ((await message.executeTakeFirst()) !== undefined) return true;
  }
  const delivery = db.selectFrom('deliveries').select('id').limit(1);
  if ((await delivery.executeTakeFirst()) !== undefined) return true;
  const element = db.selectFrom('queueElements').select('queueIndex').where('executed', '=', 0).limit(1);
  return (await element.executeTakeFirst()) !== undefined;
}
