import { sql } from 'kysely';

import type { DeliveryEvent } from '../../sdk/chain/logs.ts';
import { toBytes } from './bytes.ts';
import { INSERTED_POSITION, positionColumns, type EventSource } from './events.ts';
import { recordHistory } from './history.ts';
import { chunksOf, listed, rowsAtATime } from './listed.ts';
import type { Database } from './schema.ts';

/** Records attempts to deliver, whoever made them. */
export async function recordDeliveries(
  db: Database,
  source: EventSource,
  events: readonly DeliveryEvent[],
): Promise<void> {
  for (const some of rowsAtATime(events)) {
    const rows = some.map(({ messageHash, outcome, reason, ...event }) => ({
      routeId: source.routeId,
      messageHash: toBytes(messageHash),
      outcome,
      reason: reason === undefined ? null : toBytes(reason),
      ...positionColumns(source, event),
    }));
    await db
      .insertInto('deliveries')
      .values(rows)
      .onConflict((conflict) => conflict.columns(['routeId', 'blockHash', 'logIndex']).doUpdateSet(INSERTED_POSITION))
      .execute();
  }
}

/** What came of an attempt to deliver a message. */
export interface SettledDelivery {
  readonly messageId: number;
  readonly outcome: 'relayed' | 'failed';
  /** When the message was read first, milliseconds; null where an older store did not note it. */
  readonly seenAt: number | null;
  /** First timestamp of the destination, seconds, at which it could be delivered; null where there is none. */
  readonly readyAt: number | null;
}

const firstSeen = sql<number | null>`(select "at" from "history" where "history"."messageId" = "messages"."id"
  order by "history"."id" limit 1)`;

/** Most attempts that are settled at a time: who reads an old lane anew finds all of them at once. */
export const SETTLED_AT_ONCE = 2000;

/** Attempts of messages that are known. */
function knownDeliveries(db: Database) {
  return db
    .selectFrom('deliveries')
    .innerJoin('messages', (join) =>
      join
        .onRef('messages.routeId', '=', 'deliveries.routeId')
        .onRef('messages.messageHash', '=', 'deliveries.messageHash'),
    )
    .orderBy('deliveries.blockNumber')
    .orderBy('deliveries.logIndex');
}

/** Whether there are attempts to settle: a question that needs no transaction. */
export async function hasFinalDeliveries(db: Database, routeId: number, finalNumber: number): Promise<boolean> {
  const final = db
    .selectFrom('deliveries')
    .select('id')
    .where('routeId', '=', routeId)
    .where('blockNumber', '<=', finalNumber)
    .limit(1);
  return (await final.executeTakeFirst()) !== undefined;
}

/**
 * Gives messages the outcome of their attempts, as far as these are final: who relayed them is all the same. What only
 * the delivery needed is dropped.
 * @param limit most attempts that are settled, the oldest first
 * @returns the outcomes, in order
 */
export async function settleDeliveries(
  db: Database,
  routeId: number,
  finalNumber: number,
  limit = SETTLED_AT_ONCE,
): Promise<readonly SettledDelivery[]> {
  await dropRepeated(db, routeId, finalNumber);
  const next = await knownDeliveries(db)
    .select('deliveries.id')
    .where('deliveries.routeId', '=', routeId)
    .where('deliveries.orphaned', '=', 0)
    .where('deliveries.blockNumber', '<=', finalNumber)
    .limit(limit)
    .execute();
  const final = await describeDeliveries(
    db,
    next.map(({ id }) => id),
  );
  // Of several attempts the last one tells.
  const last = new Map(final.map(({ id, messageId }) => [messageId, id]));
  for (const ids of chunksOf([...last.values()])) await applyDeliveries(db, ids);
  for (const ids of chunksOf([...last.keys()])) {
    await db.deleteFrom('proofs').where('messageId', 'in', listed(ids)).execute();
  }
  for (const ids of chunksOf(final.map(({ id }) => id))) {
    await db.deleteFrom('deliveries').where('id', 'in', listed(ids)).execute();
  }
  for (const outcome of ['failed', 'relayed'] as const) {
    const ids = final.filter((delivery) => delivery.outcome === outcome).map(({ messageId }) => messageId);
    await recordHistory(db, ids, { event: outcome });
  }
  await db
    .deleteFrom('deliveries')
    .where('routeId', '=', routeId)
    .where('orphaned', '=', 1)
    .where('blockNumber', '<=', finalNumber)
    .execute();
  return final;
}

/**
 * Deletes attempts that were settled before: where logs are missing, or others are looked for, those that are known are read once
 * more. After a message was relayed there is no other attempt; of failures the last one is remembered.
 */
async function dropRepeated(db: Database, routeId: number, finalNumber: number): Promise<void> {
  await db
    .deleteFrom('deliveries')
    .where('routeId', '=', routeId)
    .where('orphaned', '=', 0)
    .where('blockNumber', '<=', finalNumber)
    .where(
      sql<boolean>`exists (select 1 from "messages" as "message"
        where "message"."routeId" = "deliveries"."routeId"
          and "message"."messageHash" = "deliveries"."messageHash"
          and ("message"."stage" = 'relayed' or "message"."stage" = 'failed' and "deliveries"."outcome" = 'failed' and exists (
            select 1 from "deliveries" as "last"
            where "last"."routeId" = "deliveries"."routeId"
              and "last"."messageHash" = "deliveries"."messageHash"
              and "last"."orphaned" = 0
              and "last"."transactionHash" = "message"."relayTransactionHash"
              and ("last"."blockNumber", "last"."logIndex") >= ("deliveries"."blockNumber", "deliveries"."logIndex"))))`,
    )
    .execute();
}

async function describeDeliveries(db: Database, ids: readonly number[]) {
  if (ids.length === 0) return [];
  return await knownDeliveries(db)
    .select(['deliveries.id', 'messages.id as messageId', 'outcome', 'readyAt'])
    .select(firstSeen.as('seenAt'))
    .where('deliveries.id', 'in', listed(ids))
    .execute();
}

/** Gives messages the outcomes of attempts, of which there is one for each. */
async function applyDeliveries(db: Database, ids: readonly number[]): Promise<void> {
  await db
    .updateTable('messages')
    .from('deliveries')
    .set({
      stage: sql.ref<'relayed' | 'failed'>('deliveries.outcome'),
      relayTransactionHash: sql.ref<Uint8Array>('deliveries.transactionHash'),
      failureReason: sql<Uint8Array | null>`case "outcome" when 'failed' then "reason" end`,
      parkedReason: null,
      // Who delivers a failed one again by hand reads it from the chain.
      data: new Uint8Array(),
    })
    .where('deliveries.id', 'in', listed(ids))
    .whereRef('messages.routeId', '=', 'deliveries.routeId')
    .whereRef('messages.messageHash', '=', 'deliveries.messageHash')
    .execute();
}
