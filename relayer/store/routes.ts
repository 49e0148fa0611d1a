import { toBytes } from './bytes.ts';
import type { Database } from './schema.ts';

/** The two ends of a route. */
export interface RouteEnds {
  readonly sourceChainId: number;
  readonly sourceMessenger: string;
  readonly destinationChainId: number;
  readonly destinationMessenger: string;
}

/** The number a route has in this store; a new one where it has none yet. */
export async function routeId(db: Database, ends: RouteEnds): Promise<number> {
  const row = {
    sourceChainId: ends.sourceChainId,
    sourceMessenger: toBytes(ends.sourceMessenger),
    destinationChainId: ends.destinationChainId,
    destinationMessenger: toBytes(ends.destinationMessenger),
  };
  await db
    .insertInto('routes')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { id } = await db
    .selectFrom('routes')
    .select('id')
    .where('sourceChainId', '=', row.sourceChainId)
    .where('sourceMessenger', '=', row.sourceMessenger)
    .where('destinationChainId', '=', row.destinationChainId)
    .where('destinationMessenger', '=', row.destinationMessenger)
    .executeTakeFirstOrThrow();
  return id;
}
