import type { DeliveryEvent } from '../../sdk/chain/logs.ts';
import { toBytes } from './bytes.ts';
import { positionColumns, type EventSource } from './events.ts';
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

/**
 * Gives messages the outcome of their attempts, as far as these are final: who relayed them is all the same. What only
 * the delivery needed is dropped.
 * @returns number of outcomes
 */
export async function settleDeliveries(db: Database, routeId: number, finalNumber: number): Promise<number> {
  const final = await db
    .selectFrom('deliveries')
    .innerJoin('messages', (join) =>
      join
        .onRef('messages.routeId', '=', 'deliveries.routeId')
        .onRef('messages.messageHash', '=', 'deliveries.messageHash'),
    )
    .select(['deliveries.id', 'messages.id as messageId', 'outcome', 'reason', 'deliveries.transactionHash'])
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
  await db
    .deleteFrom('deliveries')
    .where('routeId', '=', routeId)
    .where('orphaned', '=', 1)
    .where('blockNumber', '<=', finalNumber)
    .execute();
  return final.length;
}
