import { toAddress, toBytes } from './bytes.ts';
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
  await db
    .insertInto('routes')
    .values(rowOf(ends))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return (await findRoute(db, ends)) as number;
}

/** The number a route has in this store; undefined where no node has worked on it with this store. */
export async function findRoute(db: Database, ends: RouteEnds): Promise<number | undefined> {
  const row = rowOf(ends);
  const route = await db
    .selectFrom('routes')
    .select('id')
    .where('sourceChainId', '=', row.sourceChainId)
    .where('sourceMessenger', '=', row.sourceMessenger)
    .where('destinationChainId', '=', row.destinationChainId)
    .where('destinationMessenger', '=', row.destinationMessenger)
    .executeTakeFirst();
  return route?.id;
}

/** A route that is none of these, and has a chain of theirs; undefined where there is none. */
export async function otherRouteOn(db: Database, routes: readonly RouteEnds[]): Promise<RouteEnds | undefined> {
  const known = new Set(await Promise.all(routes.map(async (ends) => await findRoute(db, ends))));
  const chains = new Set(
    routes.flatMap(({ sourceChainId, destinationChainId }) => [sourceChainId, destinationChainId]),
  );
  const rows = await db.selectFrom('routes').selectAll().orderBy('id').execute();
  const other = rows.find(({ id, sourceChainId, destinationChainId }) => {
    return !known.has(id) && (chains.has(sourceChainId) || chains.has(destinationChainId));
  });
  return other === undefined
    ? undefined
    : {
        sourceChainId: other.sourceChainId,
        sourceMessenger: toAddress(other.sourceMessenger),
        destinationChainId: other.destinationChainId,
        destinationMessenger: toAddress(other.destinationMessenger),
      };
}

function rowOf(ends: RouteEnds) {
  return {
    sourceChainId: ends.sourceChainId,
    sourceMessenger: toBytes(ends.sourceMessenger),
    destinationChainId: ends.destinationChainId,
    destinationMessenger: toBytes(ends.destinationMessenger),
  };
}
