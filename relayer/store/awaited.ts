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
 * The first block after another one that a message waits for; see `isProofAwaited`. Undefined where none does.
 */
export async function firstAwaited(db: Database, routeId: number, after: bigint): Promise<number | undefined> {
  const [first] = await awaitedBlocks(db, routeId, { after, most: 1 });
  return first;
}

/** The first blocks after another one that messages wait for, ascending; see `isProofAwaited`. */
export async function awaitedBlocks(
  db: Database,
  routeId: number,
  { after, most }: { readonly after: bigint; readonly most: number },
): Promise<number[]> {
  const rows = await awaiting(db, routeId, after)
    .select('blockNumber')
    .distinct()
    .orderBy('blockNumber')
    .limit(most)
    .execute();
  return rows.map(({ blockNumber }) => blockNumber);
}

/**
 * Whether a message that was sent in one of these blocks waits for a proof by them. One that has been proven does, too, where the light client
 * that it was proven by was replaced, or has dropped its block: it is reopened as such after its delivery has failed.
 */
export async function isProofAwaited(db: Database, routeId: number, { after, upTo }: Blocks): Promise<boolean> {
  const row = await awaiting(db, routeId, after)
    .select('id')
    .where('blockNumber', '<=', Number(upTo))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

function awaiting(db: Database, routeId: number, after: bigint) {
  return db
    .selectFrom('messages')
    .where('routeId', '=', routeId)
    .where(sql<boolean>`("stage" = 'sent' or "stage" = 'proven')`)
    .where('blockNumber', '>', Number(after))
    .where('orphaned', '=', 0)
    .where(isUndelivered);
}
