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

/**
 * Whether a message that was sent in one of these blocks waits for a proof by them. One that has been proven does, too, where the light client
 * that it was proven by was replaced, or has dropped its block: it is reopened as such after its delivery has failed.
 */
export async function isProofAwaited(db: Database, routeId: number, { after, upTo }: Blocks): Promise<boolean> {
  const row = await db
    .selectFrom('messages')
    .select('id')
    .where('routeId', '=', routeId)
    .where(sql<boolean>`("stage" = 'sent' or "stage" = 'proven')`)
    .where('blockNumber', '>', Number(after))
    .where('blockNumber', '<=', Number(upTo))
    .where('orphaned', '=', 0)
    .where(isUndelivered)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
