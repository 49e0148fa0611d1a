import { sql } from 'kysely';

import { recordHistory } from './history.ts';
import type { Database } from './schema.ts';

/**
 * Looks at the messages of a route before some are recorded that were read.
 * @returns what to call with their numbers afterwards: it tells those that are new from those that came back
 */
export async function beforeSent(db: Database, routeId: number): Promise<(ids: readonly number[]) => Promise<void>> {
  // Messages are never deleted.
  const newest = await db.selectFrom('messages').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
  const dropped = await db
    .selectFrom('messages')
    .select('id')
    .where('routeId', '=', routeId)
    .where('orphaned', '=', sql.lit(1))
    .execute();
  const known = newest?.id ?? 0;
  const orphaned = new Set(dropped.map(({ id }) => id));
  return async (ids) => {
    const fresh = ids.filter((id) => id > known);
    const back = ids.filter((id) => orphaned.has(id));
    await recordHistory(db, fresh, { event: 'sent' });
    await recordHistory(db, back, { event: 'returned' });
  };
}
