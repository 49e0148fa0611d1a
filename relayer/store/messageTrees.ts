import type { MessageRootProven } from '../../sdk/chain/logs.ts';
import { toBytes, toHex } from './bytes.ts';
import { positionColumns, type EventSource } from './events.ts';
import { endOf } from './gaps.ts';
import type { Database } from './schema.ts';
import { isStored } from './stateBatches.ts';

/** A message tree whose root was proven on the destination. */
export type ProvenRoot = Pick<MessageRootProven, 'count' | 'root'>;

/** A message tree whose root can be proven there. */
export interface ProvableRoot extends ProvenRoot {
  /** Calldata that proves it, hex. */
  readonly call: string;
}

/** A proof of a message tree, as it is stored. */
interface TreeProof extends ProvableRoot {
  /** The event of the state batch that it rests on. */
  readonly batchEventId: number;
  /** Block of the source chain whose state it is of. */
  readonly blockNumber: number;
  /** First timestamp of the destination, seconds, at which it is taken. */
  readonly readyAt: number;
}

/** Records roots that were proven, whoever did it. A root is proven once, but its block can be dropped. */
export async function recordMessageRoots(
  db: Database,
  source: EventSource,
  roots: readonly MessageRootProven[],
): Promise<void> {
  for (const { count, root, ...event } of roots) {
    const values = { root: toBytes(root), ...positionColumns(source, event) };
    await db
      .insertInto('messageRoots')
      .values({ routeId: source.routeId, count, ...values })
      .onConflict((conflict) => conflict.columns(['routeId', 'count']).doUpdateSet(values))
      .execute();
  }
}

/** The largest tree whose root was proven; undefined where none was. */
export async function largestProvenRoot(db: Database, routeId: number): Promise<ProvenRoot | undefined> {
  const row = await db
    .selectFrom('messageRoots')
    .select(['count', 'root'])
    .where('routeId', '=', routeId)
    .where('orphaned', '=', 0)
    .orderBy('count', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : { count: row.count, root: toHex(row.root) };
}

/** Records the proof of a tree. Another one under the same batch is of the same tree. */
export async function recordTreeProof(db: Database, routeId: number, proof: TreeProof): Promise<void> {
  const values = { routeId, ...proof, root: toBytes(proof.root), call: toBytes(proof.call) };
  await db
    .insertInto('treeProofs')
    .values(values)
    .onConflict((conflict) => conflict.column('batchEventId').doUpdateSet(values))
    .execute();
}

/** The proof of the largest tree that is taken at a timestamp of the destination, seconds, under a batch that is stored. */
export async function largestProvableTree(
  db: Database,
  routeId: number,
  readyBy: number,
): Promise<ProvableRoot | undefined> {
  const candidates = await db
    .selectFrom('treeProofs')
    .select(['batchEventId', 'count'])
    .where('routeId', '=', routeId)
    .where('readyAt', '<=', readyBy)
    .orderBy('count', 'desc')
    .execute();
  for (const { batchEventId, count } of candidates) {
    if (!(await isStored(db, routeId, batchEventId))) continue;
    const proof = db.selectFrom('treeProofs').select(['root', 'call']).where('batchEventId', '=', batchEventId);
    const { root, call } = await proof.executeTakeFirstOrThrow();
    return { count, root: toHex(root), call: toHex(call) };
  }
  return undefined;
}

/** Hashes of a route's messages by their counters, from the first on, as far as they follow each other. */
export async function messageHashesFrom(
  db: Database,
  routeId: number,
  { first, limit }: { readonly first: number; readonly limit: number },
): Promise<string[]> {
  const rows = await db
    .selectFrom('messages')
    .select(['counter as number', 'blockNumber', 'messageHash'])
    .where('routeId', '=', routeId)
    .where('orphaned', '=', 0)
    .where('counter', '>=', first)
    .orderBy('counter')
    .limit(limit)
    .execute();
  return rows.slice(0, endOf(rows, first).missing - first).map(({ messageHash }) => toHex(messageHash));
}

/** Withdraws proofs of the state of blocks above a number, which a reorganisation of the source chain has dropped. */
export async function withdrawTreeProofsAbove(db: Database, chainId: number, number: number): Promise<void> {
  const routes = db.selectFrom('routes').select('id').where('sourceChainId', '=', chainId);
  await db.deleteFrom('treeProofs').where('routeId', 'in', routes).where('blockNumber', '>', number).execute();
}

/** Leaves of the largest tree whose root was proven in a final block; 0 where there is none. */
export async function largestFinalCount(db: Database, routeId: number, finalNumber: number): Promise<number> {
  const { largest } = await db
    .selectFrom('messageRoots')
    .select(({ fn }) => fn.max('count').as('largest'))
    .where('routeId', '=', routeId)
    .where('blockNumber', '<=', finalNumber)
    .where('orphaned', '=', 0)
    .executeTakeFirstOrThrow();
  const count = (largest as number | null) ?? 0;
  return count;
}

/** Forgets final roots that are smaller than another final one, and proofs of no larger trees, or under forgotten batches. */
export async function forgetTrees(db: Database, routeId: number, finalNumber: number): Promise<void> {
  const batches = db.selectFrom('stateBatchEvents').select('id').where('routeId', '=', routeId);
  await db.deleteFrom('treeProofs').where('routeId', '=', routeId).where('batchEventId', 'not in', batches).execute();
  const least = await largestFinalCount(db, routeId, finalNumber);
  await db
    .deleteFrom('messageRoots')
    .where('routeId', '=', routeId)
    .where('blockNumber', '<=', finalNumber)
    .where('count', '<', least)
    .execute();
  await db.deleteFrom('treeProofs').where('routeId', '=', routeId).where('count', '<=', least).execute();
}
