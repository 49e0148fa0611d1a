import { haltsBetween } from '../alarm.ts';
import { openAlarms, type OpenAlarm } from './alarms.ts';
import { readCursor, type Cursor } from './blocks.ts';
import { toBytes, toHex } from './bytes.ts';
import { historyOf, type HistoryEntry } from './history.ts';
import type { MessageRecord } from './messageRecords.ts';
import type { Database } from './schema.ts';
import { batchOfElement, newestBatches, type StoredBatch } from './stateBatches.ts';
import { findTransactions, type TransactionRecord } from './transactionRecords.ts';

/** What messages of a route wait for until they can be delivered. */
export type WaitsFor =
  /** For their turn in a queue, which delivers them. */
  | { readonly by: 'queue' }
  /** For a state batch that covers their block, to be proven under it, and for the end of its window. */
  | {
      readonly by: 'state-batches';
      /** Block of the source chain that is the first one of the first batch. */
      readonly startBlock: number;
      /** How long a batch can be deleted, and is not final. */
      readonly windowSeconds: number;
    }
  /** For their block to be final, and to be proven. */
  | { readonly by: 'proof' };

/** What must be known of a route to tell why its messages stand where they do. */
export interface RouteTerms {
  readonly waitsFor: WaitsFor;
  /** What tries a message again whose target has failed, before its hash, such as `xdm relayMessage`. */
  readonly retryCommand: string;
}

/** A delivery that was read and is not final. */
interface SeenDelivery {
  readonly outcome: 'relayed' | 'failed';
  readonly blockNumber: number;
  readonly transactionHash: string;
}

/** How the queue stands to a message that it delivers. */
interface QueuePlace {
  readonly isExecuted: boolean;
  /** Elements before it that are not executed. */
  readonly before: number;
  /** When it was last handed to L2, milliseconds; 0 before the first time. */
  readonly handedAt: number;
}

/** How the state batches stand to a message that is proven under them. */
interface BatchPlace {
  /** The batch that covers its block; undefined while there is none. */
  readonly batch: StoredBatch | undefined;
  /** First block that no batch covers. */
  readonly nextBlock: number;
}

/** All that the node knows of a message, and of what it waits for. */
export interface MessageDetails {
  readonly message: MessageRecord;
  readonly retryCommand: string;
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
  /** Undefined for a message that waits for no queue. */
  readonly queue: QueuePlace | undefined;
  /** Undefined for a message that waits for no state batch. */
  readonly batches: BatchPlace | undefined;
  /** Alarms for which the lane stands still. */
  readonly halts: readonly OpenAlarm[];
}

/** Reads what there is to know of a message of a route. */
export async function readMessageDetails(
  db: Database,
  { waitsFor, retryCommand }: RouteTerms,
  message: MessageRecord,
): Promise<MessageDetails> {
  const route = await db.selectFrom('routes').selectAll().where('id', '=', message.routeId).executeTakeFirstOrThrow();
  const { sourceChainId, destinationChainId } = route;
  const history = await historyOf(db, message.id);
  const hashes = history.filter(({ event }) => event === 'submitted').map(({ transactionHash }) => transactionHash);
  const ids = message.transactionId === null ? [] : [message.transactionId];
  return {
    message,
    retryCommand,
    sourceChainId,
    destinationChainId,
    history,
    transactions: await findTransactions(db, ids, [...new Set(hashes.filter((hash) => hash !== null))]),
    source: await readCursor(db, sourceChainId),
    destination: await readCursor(db, destinationChainId),
    delivery: await seenDelivery(db, message),
    queue: waitsFor.by === 'queue' ? await queuePlace(db, message) : undefined,
    batches: waitsFor.by === 'state-batches' ? await batchPlace(db, message, waitsFor.startBlock) : undefined,
    halts: (await openAlarms(db)).filter((alarm) => haltsBetween(alarm, [sourceChainId, destinationChainId])),
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
