import { toHex } from './bytes.ts';
import type { Database } from './schema.ts';

/** An element, and the message that it was enqueued for, if it was for one. */
export interface KnownElement {
  readonly index: number;
  /** Hash of the deposit transaction on L2. */
  readonly depositHash: string;
  readonly messageHash: string | undefined;
}

/** The elements before an index, the newest first. A message's counter is the index of its element. */
export async function elementsBefore(
  db: Database,
  routeId: number,
  { before, limit }: { readonly before: number; readonly limit: number },
): Promise<KnownElement[]> {
  const rows = await db
    .selectFrom('queueElements as element')
    .leftJoin('messages as message', (join) =>
      join
        .onRef('message.routeId', '=', 'element.routeId')
        .onRef('message.counter', '=', 'element.queueIndex')
        .on('message.orphaned', '=', 0),
    )
    .select(['element.queueIndex', 'element.depositHash', 'message.messageHash'])
    .where('element.routeId', '=', routeId)
    .where('element.orphaned', '=', 0)
    .where('element.queueIndex', '<', before)
    .orderBy('element.queueIndex', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ queueIndex, depositHash, messageHash }) => {
    return {
      index: queueIndex,
      depositHash: toHex(depositHash),
      messageHash: messageHash === null ? undefined : toHex(messageHash),
    };
  });
}

/** Records that L2 has executed all elements up to that of the last message that arrived in a block that cannot be dropped any more. */
export async function markArrived(db: Database, routeId: number): Promise<void> {
  const last = await db
    .selectFrom('messages')
    .select('counter')
    .where('routeId', '=', routeId)
    .where('stage', 'in', ['relayed', 'failed'])
    .where('orphaned', '=', 0)
    .orderBy('counter', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (last === undefined) return;
  await db
    .updateTable('queueElements')
    .set({ executed: 1 })
    .where('routeId', '=', routeId)
    .where('queueIndex', '<=', last.counter)
    .where('executed', '=', 0)
    .where('orphaned', '=', 0)
    .execute();
}

/** Records that L2 has executed all elements up to an index, the last of them in a block. */
export async function markExecutedUpTo(
  db: Database,
  routeId: number,
  { index, executedIn }: { readonly index: number; readonly executedIn: number },
): Promise<void> {
  await db
    .updateTable('queueElements')
    .set({ executed: 1, executedIn })
    .where('routeId', '=', routeId)
    .where('queueIndex', '<=', index)
    .where('orphaned', '=', 0)
    .execute();
}
