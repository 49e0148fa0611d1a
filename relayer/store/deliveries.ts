import { sql } from 'kysely';

import type { DeliveryEvent } from '../../sdk/chain/logs.ts';
import { toBytes } from './bytes.ts';
import { positionColumns, type EventSource } from './events.ts';
import { recordHistory } from './history.ts';
import type { Database } from './schema.ts';

/** Records attempts to deliver, whoever made them. */
export async function recordDeliveries(
  db: Database,
  source: EventSource,
  events: readonly DeliveryEvent[],
): Promise<void> {
  for (const event of events) {
    const position = positionColumns(source, event);
    await db
      .insertInto('deliveries')
      .values({
        routeId: source.routeId,
        messageHash: toBytes(event.messageHash),
        outcome: event.outcome,
        reason: event.reason === undefined ? null : toBytes(event.reason),
        ...position,
      })
      .onConflict((conflict) => conflict.columns(['routeId', 'blockHash', 'logIndex']).doUpdateSet(position))
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

/**
 * Gives messages the outcome of their attempts, as far as these are final: who relayed them is all the same. What only
 * the delivery needed is dropped.
 * @returns the outcomes, in order
 */
export async function settleDeliveries(
  db: Database,
  routeId: number,
  finalNumber: number,
): Promise<readonly SettledDelivery[]> {
  const final = await db
    .selectFrom('deliveries')
    .innerJoin('messages', (join) =>
      join
        .onRef('messages.routeId', '=', 'deliveries.routeId')
        .onRef('messages.messageHash', '=', 'deliveries.messageHash'),
    )
    .select(['deliveries.id', 'messages.id as messageId', 'outcome', 'reason', 'deliveries.transactionHash', 'readyAt'])
    .select(firstSeen.as('seenAt'))
    .where('deliveries.routeId', '=', routeId)
    .where('deliveries.orphaned', '=', 0)
    .where('deliveries.blockNumber', '<=', finalNumber)
    .orderBy('deliveries.blockNumber')
    .orderBy('deliveries.logIndex')
    .execute();
  for (const { id, messageId, outcome, reason, transactionHash } of final) {
    await db
      .updateTable('messages')
      .set({
        stage: outcome,
        relayTransactionHash: transactionHash,
        failureReason: outcome === 'failed' ? reason : null,
        parkedReason: null,
        transactionId: null,
        // Who delivers a failed one again by hand reads it from the chain.
        data: new Uint8Array(),
      })
      .where('id', '=', messageId)
      .execute();
    await db.deleteFrom('proofs').where('messageId', '=', messageId).execute();
    await db.deleteFrom('deliveries').where('id', '=', id).execute();
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
