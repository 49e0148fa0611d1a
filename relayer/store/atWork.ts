import { sql } from 'kysely';

import type { Database } from './schema.ts';

/**
 * Whether there is anything that a pass over the store or a new block of a chain could move on, be it by its time: a message, a
 * delivery, an element.
 */
export async function isAtWork(db: Database): Promise<boolean> {
  // Each stage by itself: only so the index of what is at work is used.
  const { rows } = await sql`
    select 1 as "atWork"
    where exists (select 1 from "messages" where "stage" = 'sent')
      or exists (select 1 from "messages" where "stage" = 'proven')
      or exists (select 1 from "messages" where "stage" = 'submitted')
      or exists (select 1 from "deliveries")
      or exists (select 1 from "queueElements" where "executed" = 0)
      or exists (select 1 from "queueElements" where "executedHash" is not null)`.execute(db);
  return rows.length > 0;
}
