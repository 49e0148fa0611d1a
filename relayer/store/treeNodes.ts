import { MessageTree } from '../../sdk/core/messageTree.ts';
import { toBytes, toHex } from './bytes.ts';
import { largestFinalCount, messageHashesFrom } from './messageTrees.ts';
import type { Database } from './schema.ts';

/** Height of the subtrees whose nodes are kept, and the leaves of one. */
const HEIGHT = 10;
export const SUBTREE_LEAVES = 2 ** HEIGHT;

/** Subtrees that are added at a time: hashing one takes some 10 ms. */
const ADDED_AT_ONCE = 8;

const NODE_DIGITS = 64;

/**
 * Keeps the nodes of the subtrees that are complete below a final root and are not kept yet.
 * @param keyOf the key of a message, by its hash
 */
export async function keepTreeNodes(
  db: Database,
  routeId: number,
  { finalNumber, keyOf }: { readonly finalNumber: number; readonly keyOf: (messageHash: string) => string },
): Promise<void> {
  const complete = Math.floor((await largestFinalCount(db, routeId, finalNumber)) / SUBTREE_LEAVES);
  const { kept } = await db
    .selectFrom('treeNodes')
    .select(({ fn }) => fn.countAll<number>().as('kept'))
    .where('routeId', '=', routeId)
    .executeTakeFirstOrThrow();
  for (let subtree = kept; subtree < Math.min(complete, kept + ADDED_AT_ONCE); subtree++) {
    const range = { first: subtree * SUBTREE_LEAVES, limit: SUBTREE_LEAVES };
    const hashes = await messageHashesFrom(db, routeId, range);
    if (hashes.length < SUBTREE_LEAVES) return;
    const levels = new MessageTree(hashes.map(keyOf)).subtree(HEIGHT, 0);
    const nodes = toBytes(`0x${levels.flatMap((level) => level.map((node) => node.slice(2))).join('')}`);
    await db.insertInto('treeNodes').values({ routeId, subtree, nodes }).execute();
  }
}

/** The nodes of a subtree, by level from its leaves up; undefined where they are not kept. */
export async function readTreeNodes(db: Database, routeId: number, subtree: number): Promise<string[][] | undefined> {
  const row = await db
    .selectFrom('treeNodes')
    .select('nodes')
    .where('routeId', '=', routeId)
    .where('subtree', '=', subtree)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const digits = toHex(row.nodes).slice(2);
  let at = 0;
  const next = (): string => `0x${digits.slice(at, (at += NODE_DIGITS))}`;
  return Array.from({ length: HEIGHT + 1 }, (_, level) => Array.from({ length: 2 ** (HEIGHT - level) }, next));
}
