import { sql } from 'kysely';

import type { Database } from './schema.ts';
import { isUndelivered } from './undelivered.ts';

/** Blocks of a route's source. */
interface Blocks {
  /** The block before them. */
  readonly after: bigint;
  /** The last of them. */
  readonly upTo: bigint;
}

/** Whether a message that was sent in one of these blocks is still to be proven. */
export async function isProofAwaited(db: Database, routeId: number, { after, upTo }: Blocks): Promise<boolean> {
  const row = await db
    .selectFrom('messages')
    .select('id')
    .where('routeId', '=', routeId)
    .where('stage', '=', sql.lit('sent'))
    .where('blockNumber', '>', Number(after))
    .where('blockNumber', '<=', Number(upTo))
    .where('orphaned', '=', 0)
    .where(isUndelivered)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
