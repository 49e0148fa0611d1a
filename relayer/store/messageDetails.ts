import type { Deployment } from '../../sdk/core/deployment.ts';
import { openAlarms, type OpenAlarm } from './alarms.ts';
import { readCursor, type Cursor } from './blocks.ts';
import { toBytes, toHex } from './bytes.ts';
import { historyOf, type HistoryEntry } from './history.ts';
import type { MessageRecord } from './messageRecords.ts';
import type { Database } from './schema.ts';
import { batchOfElement, newestBatches, type StoredBatch } from './stateBatches.ts';
import { findTransactions, type TransactionRecord } from './transactionRecords.ts';

/** What must be known of a lane to tell what its messages wait for. */
export type LaneFacts = Pick<Deployment, 'l1ChainId' | 'l2ChainId' | 'startBlock' | 'deposits'>;

/** A delivery that was read and is not final. */
interface SeenDelivery {
  readonly outcome: 'relayed' | 'failed';
  readonly blockNumber: number;
  readonly transactionHash: string;
}

/** How the queue stands to a message from L1. */
interface QueuePlace {
  readonly isExecuted: boolean;
  /** Elements before it that are not executed. */
  readonly before: number;
  /** When it was last handed to L2, milliseconds; 0 before the first time. */
  readonly handedAt: number;
}

/** How the state batches stand to a message from L2. */
interface BatchPlace {
  /** The batch that covers its block; undefined while there is none. */
  readonly batch: StoredBatch | undefined;
  /** First L2 block that no batch covers. */
  readonly nextBlock: number;
}

/** All that the node knows of a message, and of what it waits for. */
export interface MessageDetails {
  readonly message: MessageRecord;
  readonly sourceChainId: number;
  readonly destinationChainId: number;
  /** From the beginning. */
  readonly history: readonly HistoryEntry[];
  /** Ours that were to deliver it, the oldest first. */
  readonly transactions: readonly TransactionRecord[];
  /** Of the chains; undefined before they were read. */
  readonly source: Cursor | undefined;
  readonly destination: Cursor | undefined;
  readonly delivery: SeenDelivery | undefined;
  /** Undefined for a message from L2. */
  readonly queue: QueuePlace | undefined;
  /** Undefined for a message from L1. */
  readonly batches: BatchPlace | undefined;
  /** Alarms for which the lane stands still. */
  readonly halts: readonly OpenAlarm[];
}

/** Reads what there is to know of a message. */
export async function readMessageDetails(
  db: Database,
  lane: LaneFacts,
  message: MessageRecord,
): Promise<MessageDetails> {
  const route = await db.selectFrom('routes').selectAll().where('id', '=', message.routeId).executeTakeFirstOrThrow();
  const { sourceChainId, destinationChainId } = route;
  const isFromL1 = BigInt(sourceChainId) === lane.l1ChainId;
  const history = await historyOf(db, message.id);
  const hashes = history.filter(({ event }) => event === 'submitted').map(({ transactionHash }) => transactionHash);
  const ids = message.transactionId === null ? [] : [message.transactionId];
  return {
    message,
    sourceChainId,
    destinationChainId,
    history,
    transactions: await findTransactions(db, ids, [...new Set(hashes.filter((hash) => hash !== null))]),
    source: await readCursor(db, sourceChainId),
    destination: await readCursor(db, destinationChainId),
    delivery: await seenDelivery(db, message),
    queue: isFromL1 ? await queuePlace(db, message) : undefined,
    batches: isFromL1 ? undefined : await batchPlace(db, message, Number(lane.startBlock)),
    halts: (await openAlarms(db)).filter(({ halts }) => halts),
  };
}

async function seenDelivery(db: Database, { routeId, messageHash }: MessageRecord): Promise<SeenDelivery | undefined> {
  const row = await db
    .selectFrom('deliveries')
    .select(['outcome', 'blockNumber', 'transactionHash'])
    .where('routeId', '=', routeId)
    .where('messageHash', '=', toBytes(messageHash))
    .where('orphaned', '=', 0)
    .orderBy('blockNumber', 'desc')
    .orderBy('logIndex', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : { ...row, transactionHash: toHex(row.transactionHash) };
}

/** A message's nonce counts as the queue does: its element has its number. */
async function queuePlace(db: Database, { routeId, counter }: MessageRecord): Promise<QueuePlace> {
  const elements = db.selectFrom('queueElements').where('routeId', '=', routeId);
  const own = await elements
    .select(['executed', 'sentAt'])
    .where('queueIndex', '=', counter)
    .where('orphaned', '=', 0)
    .executeTakeFirst();
  const { last } = await elements
    .where('executed', '=', 1)
    .select(({ fn }) => fn.max('queueIndex').as('last'))
    .executeTakeFirstOrThrow();
  const next = ((last as number | null) ?? -1) + 1;
  // What is executed and final is forgotten, but the last.
  return { isExecuted: counter < next, before: Math.max(0, counter - next), handedAt: own?.sentAt ?? 0 };
}

async function batchPlace(db: Database, { routeId, sent }: MessageRecord, startBlock: number): Promise<BatchPlace> {
  const [newest] = await newestBatches(db, routeId, { limit: 1 });
  const end = newest === undefined ? 0 : Number(newest.prevTotalElements + newest.batchSize);
  return { batch: await batchOfElement(db, routeId, sent.blockNumber - startBlock), nextBlock: startBlock + end };
}
