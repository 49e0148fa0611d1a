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
  const known = new Set(routes.map((ends) => nameOf(ends)));
  const chains = new Set(
    routes.flatMap(({ sourceChainId, destinationChainId }) => [sourceChainId, destinationChainId]),
  );
  // Read at once: another replica may be adding them.
  const rows = await db.selectFrom('routes').selectAll().orderBy('id').execute();
  return rows
    .map((row) => endsOf(row))
    .find((ends) => {
      return !known.has(nameOf(ends)) && (chains.has(ends.sourceChainId) || chains.has(ends.destinationChainId));
    });
}

function nameOf({ sourceChainId, sourceMessenger, destinationChainId, destinationMessenger }: RouteEnds): string {
  const messengers = `${sourceMessenger} ${destinationMessenger}`.toLowerCase();
  return `${sourceChainId} ${destinationChainId} ${messengers}`;
}

function endsOf(row: ReturnType<typeof rowOf>): RouteEnds {
  return {
    sourceChainId: row.sourceChainId,
    sourceMessenger: toAddress(row.sourceMessenger),
    destinationChainId: row.destinationChainId,
    destinationMessenger: toAddress(row.destinationMessenger),
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
