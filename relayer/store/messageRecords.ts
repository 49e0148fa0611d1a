import { sql, type Selectable } from 'kysely';

import type { ParkedReason } from '../parkedReasons.ts';
import { toAddress, toBytes, toHex } from './bytes.ts';
import type { Database, MessageStage, MessageTable } from './schema.ts';

/** A message as the node has it. */
export interface MessageRecord {
  /** In the store; grows with the order in which messages were read. */
  readonly id: number;
  readonly routeId: number;
  readonly messageHash: string;
  /** Of the nonce. */
  readonly counter: number;
  readonly sender: string;
  readonly target: string;
  /** Wei. */
  readonly value: bigint;
  readonly gasLimit: bigint;
  readonly stage: MessageStage;
  /** Whether a reorganisation has dropped the block it was sent in. */
  readonly isOrphaned: boolean;
  readonly sent: { readonly blockNumber: number; readonly transactionHash: string; readonly logIndex: number };
  /** First timestamp of the destination, seconds, at which it can be delivered; null before that is known. */
  readonly readyAt: number | null;
  /** Why it was set aside; null where it is not. */
  readonly parkedReason: ParkedReason | null;
  /** When it is looked at again, milliseconds. */
  readonly nextTryAt: number;
  readonly tries: number;
  readonly transactionId: number | null;
  readonly relayTransactionHash: string | null;
  /** First bytes of the target's revert data, hex. */
  readonly failureReason: string | null;
}

export interface MessageFilter {
  readonly routeIds: readonly number[];
  readonly stage?: MessageStage | undefined;
  readonly sender?: string | undefined;
  readonly target?: string | undefined;
  /** Only those that are set aside, or only those that are not. */
  readonly parked?: boolean | undefined;
  readonly messageHash?: string | undefined;
  /** Only those sent by this transaction. */
  readonly transactionHash?: string | undefined;
  /** Only those read at this time or later, milliseconds. */
  readonly since?: number | undefined;
  /** Only those with a smaller number. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Messages, the newest first. */
export async function listMessages(db: Database, filter: MessageFilter): Promise<MessageRecord[]> {
  const { routeIds, stage, sender, target, parked, messageHash, transactionHash, before, limit } = filter;
  if (routeIds.length === 0) return [];
  const first = filter.since === undefined ? undefined : await firstSince(db, filter.since);
  const rows = await db
    .selectFrom('messages')
    .selectAll()
    .where(isSelective(filter) ? sql.ref('routeId') : sql<number>`+"routeId"`, 'in', routeIds)
    .$if(stage !== undefined, (query) => query.where('stage', '=', stage ?? 'sent'))
    .$if(sender !== undefined, (query) => query.where('sender', '=', toBytes(sender ?? '')))
    .$if(target !== undefined, (query) => query.where('target', '=', toBytes(target ?? '')))
    .$if(parked !== undefined, (query) => query.where('parkedReason', parked === true ? 'is not' : 'is', null))
    .$if(transactionHash !== undefined, (query) =>
      query.where('transactionHash', '=', toBytes(transactionHash ?? '0x')),
    )
    .$if(messageHash !== undefined, (query) => query.where('messageHash', '=', toBytes(messageHash ?? '0x')))
    .$if(first !== undefined, (query) => query.where('id', '>=', first ?? 0))
    .$if(before !== undefined, (query) => query.where('id', '<', before ?? 0))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toRecord);
}

/** Whether an index by route finds few messages. Otherwise the newest are read by number until there are enough: `+` rules the index out. */
function isSelective({ messageHash, stage, parked }: MessageFilter): boolean {
  return messageHash !== undefined || parked === true || stage === 'failed';
}

/** The first message that was read at a time or later; one that is none yet where none was. */
async function firstSince(db: Database, since: number): Promise<number> {
  // History grows with time: the first entry of that time is found by halves, and not by reading all of it.
  let low = 0;
  const newest = await db.selectFrom('history').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
  let high = (newest?.id ?? 0) + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const query = db.selectFrom('history').select(['id', 'at']).where('id', '>=', middle).orderBy('id').limit(1);
    const entry = await query.executeTakeFirst();
    if (entry === undefined || entry.at >= since) high = middle;
    else low = entry.id + 1;
  }
  const sent = await db
    .selectFrom('history')
    .select('messageId')
    .where('id', '>=', low)
    .where('event', '=', 'sent')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return sent?.messageId ?? Number.MAX_SAFE_INTEGER;
}

/** A row, as those may see it who look on. */
export function toRecord(row: Selectable<MessageTable>): MessageRecord {
  const { id, routeId, counter, stage, readyAt, parkedReason, nextTryAt, tries, transactionId } = row;
  return {
    id,
    routeId,
    messageHash: toHex(row.messageHash),
    counter,
    sender: toAddress(row.sender),
    target: toAddress(row.target),
    value: BigInt(row.value),
    gasLimit: BigInt(row.gasLimit),
    stage,
    isOrphaned: row.orphaned === 1,
    sent: { blockNumber: row.blockNumber, transactionHash: toHex(row.transactionHash), logIndex: row.logIndex },
    readyAt,
    parkedReason,
    nextTryAt,
    tries,
    transactionId,
    relayTransactionHash: row.relayTransactionHash === null ? null : toHex(row.relayTransactionHash),
    failureReason: row.failureReason === null ? null : toHex(row.failureReason),
  };
}
