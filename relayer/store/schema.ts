import type { Generated, Kysely, Transaction } from 'kysely';

import type { ParkedReason } from '../parkedReasons.ts';
import type { AlarmKind } from '../alarm.ts';
import type { Bytes, Decimal, Event, Flag } from './columns.ts';
import type { BatchCheckTable, BatchLeavesTable, DepositCheckTable, ExpectedDepositTable } from './watchtowerSchema.ts';

/** One direction of a lane. */
interface RouteTable {
  readonly id: Generated<number>;
  readonly sourceChainId: number;
  readonly sourceMessenger: Bytes;
  readonly destinationChainId: number;
  readonly destinationMessenger: Bytes;
}

/** How far a chain has been read: the cursor. */
interface ChainTable {
  readonly chainId: number;
  /** Digest of the contracts and events that were read: where others are to be, all is read again. */
  readonly sources: Bytes;
  /** The last block that was read. */
  readonly blockNumber: number;
  readonly blockHash: Bytes;
  /** Of that block, seconds. */
  readonly timestamp: number;
  /** The last block that was read and cannot be dropped any more. */
  readonly finalNumber: number;
  /** How often blocks were dropped that had been read. */
  readonly reorganisations: Generated<number>;
}

/** Blocks that were read while they could still be dropped, each linked to its parent. */
interface BlockTable {
  readonly chainId: number;
  readonly number: number;
  readonly hash: Bytes;
  readonly orphaned: Flag;
}

/** `sent -> proven -> submitted -> relayed | failed`; a failed one can still become relayed. */
export type MessageStage = 'sent' | 'proven' | 'submitted' | 'relayed' | 'failed';

/** A message; route and hash are its identity. */
export interface MessageTable extends Event {
  readonly id: Generated<number>;
  readonly routeId: number;
  readonly messageHash: Bytes;
  /** Counter of the nonce; the version is 1. */
  readonly counter: number;
  readonly sender: Bytes;
  readonly target: Bytes;
  readonly value: Decimal;
  readonly gasLimit: Decimal;
  readonly data: Bytes;
  readonly stage: MessageStage;
  /** The event of the state batch that the proof rests on. */
  readonly batchEventId: number | null;
  /** First timestamp of the destination, seconds, at which it can be delivered. */
  readonly readyAt: number | null;
  /** The transaction of ours that is to deliver it, or was the last to when it was delivered. */
  readonly transactionId: number | null;
  /** Why it was set aside. */
  readonly parkedReason: ParkedReason | null;
  /** When it is looked at again, milliseconds. */
  readonly nextTryAt: Generated<number>;
  readonly tries: Generated<number>;
  readonly relayTransactionHash: Bytes | null;
  /** First bytes of the target's revert data. */
  readonly failureReason: Bytes | null;
}

/** What can happen to a message. */
export type MessageEvent =
  /** Its block was read for the first time. */
  | 'sent'
  /** A reorganisation has dropped its block; it has come back in another. */
  | 'orphaned'
  | 'returned'
  | 'proven'
  /** Its proof no longer holds. */
  | 'withdrawn'
  /** Set aside with a reason, until its next try. */
  | 'parked'
  /** A transaction that delivers it was signed and stored. */
  | 'submitted'
  /** That transaction came to nothing. */
  | 'reopened'
  /** The messenger's final word. */
  | 'relayed'
  | 'failed'
  /** Somebody has asked for the next try at once. */
  | 'retried';

/** What happened to messages. */
export interface HistoryTable {
  readonly id: Generated<number>;
  readonly messageId: number;
  readonly event: MessageEvent;
  /** Milliseconds. */
  readonly at: number;
  readonly reason: string | null;
  readonly transactionHash: Bytes | null;
  /** How often it happened in a row, and when last, milliseconds, if that is not `at`. */
  readonly times: Generated<number>;
  readonly lastAt: number | null;
}

/** Proofs, until delivery is final: in a table of their own, so that the room they took is given back. */
interface ProofTable {
  readonly messageId: number;
  /** Block of the source chain whose state the proof is of. */
  readonly blockNumber: number;
  /** Empty where the message goes by what proves many at once. */
  readonly proof: Bytes;
}

/** Roots of the message tree that were proven on the destination: what is final and smaller than another is forgotten. */
interface MessageRootTable extends Event {
  readonly routeId: number;
  /** Number of leaves. */
  readonly count: number;
  readonly root: Bytes;
}

/** Nodes of complete subtrees of the message tree, as far as a final root holds them: to hash all again takes long. */
interface TreeNodeTable {
  readonly routeId: number;
  /** From the left, from 0. */
  readonly subtree: number;
  /** By level, from the leaves up: 32 bytes each. */
  readonly nodes: Bytes;
}

/** Proofs of message trees, one for each state batch that messages wait for. */
interface TreeProofTable {
  /** The event of the state batch that it rests on. */
  readonly batchEventId: number;
  readonly routeId: number;
  /** Block of the source chain whose state the proof is of. */
  readonly blockNumber: number;
  /** Number of leaves. */
  readonly count: number;
  readonly root: Bytes;
  /** First timestamp of the destination, seconds, at which it is taken. */
  readonly readyAt: number;
  /** Calldata that proves the root. */
  readonly call: Bytes;
}

/** Attempts to deliver, until they are final. */
interface DeliveryTable extends Event {
  readonly id: Generated<number>;
  readonly routeId: number;
  readonly messageHash: Bytes;
  readonly outcome: 'relayed' | 'failed';
  readonly reason: Bytes | null;
}

/** Elements of the queue that a sequencer of ours executes; what is executed and final is forgotten, but the last. */
interface QueueElementTable extends Event {
  readonly routeId: number;
  readonly queueIndex: number;
  /** Hash of the deposit transaction on L2, which binds all of its content. */
  readonly depositHash: Bytes;
  /** The deposit transaction. */
  readonly raw: Bytes;
  /** When it was last handed to L2, milliseconds; 0 before the first time. */
  readonly sentAt: Generated<number>;
  readonly executed: Generated<Flag>;
  /** Number of the L2 block that has executed it. */
  readonly executedIn: number | null;
  /** Hash of that block, until it was found among the final ones. */
  readonly executedHash: Bytes | null;
}

/** State batches committed and deleted, as events: a reorganisation can undo either. */
interface StateBatchEventTable extends Event {
  readonly id: Generated<number>;
  readonly routeId: number;
  readonly kind: 'appended' | 'deleted';
  readonly batchIndex: number;
  readonly batchRoot: Bytes | null;
  readonly batchSize: number | null;
  readonly prevTotalElements: number | null;
  /** L1 timestamp, seconds. */
  readonly timestamp: number | null;
}

/** `pending -> mined -> final`; `replaced` when another transaction took the nonce. */
export type TransactionStage = 'pending' | 'mined' | 'final' | 'replaced';

/** A transaction of ours, whatever it takes to get it mined. */
export interface TransactionTable {
  readonly id: Generated<number>;
  readonly chainId: number;
  readonly signer: Bytes;
  readonly nonce: number;
  readonly purpose: string;
  readonly stage: TransactionStage;
  readonly createdAt: number;
  /** Hash of the attempt that was mined. */
  readonly transactionHash: Bytes | null;
  readonly blockNumber: number | null;
  readonly reverted: Flag | null;
  /** Number of messages that it was to deliver when it was signed. One of none is forgotten when it is over. */
  readonly messages: Generated<number>;
  /** Whether what it was for was given up: its nonce goes to an attempt that does nothing. */
  readonly givenUp: Generated<Flag>;
  /** Wei, of the attempt that was mined. */
  readonly paid: Decimal | null;
}

/** A signed transaction, stored before it is broadcast. */
export interface AttemptTable {
  readonly hash: Bytes;
  readonly transactionId: number;
  /** Counts the attempts of a transaction, from 0; those of a store's first versions are told apart by their fees. */
  readonly position: Generated<number>;
  /** Nothing once an attempt of the nonce is final. */
  readonly raw: Bytes;
  readonly maxFeePerGas: Decimal;
  /** Null on a chain without EIP-1559, and of the store's first versions. */
  readonly maxPriorityFeePerGas: Decimal | null;
  /** Null of the store's first versions. */
  readonly gasLimit: Decimal | null;
  /** Milliseconds. */
  readonly signedAt: number;
  /** When it was first handed to a node, milliseconds, whatever that said. */
  readonly broadcastAt: number | null;
  /** What a node said that did not take it; null where one did. */
  readonly refusal: string | null;
}

/** What an account has paid on a day (UTC, counted from 1970), for transactions that became final on it. */
interface SpendingTable {
  readonly chainId: number;
  readonly signer: Bytes;
  readonly day: number;
  readonly wei: Decimal;
}

/** What an operator must look at, for as long as it lasts. */
interface AlarmTable {
  readonly kind: AlarmKind;
  /** What it is about, such as a chain id or the index of a batch. */
  readonly subject: string;
  readonly message: string;
  /** Whether the lane stands still meanwhile. */
  readonly halts: Flag;
  /** Milliseconds. */
  readonly raisedAt: number;
}

/** Who acts for a lane, where several processes share the store. */
interface LeaseTable {
  /** Its identity. */
  readonly lane: string;
  /** Grows with each holder: what is written with a smaller one is refused. */
  readonly token: number;
  /** The process; empty where none has it. */
  readonly holder: string;
  /** Milliseconds, by the database's clock. */
  readonly expiresAt: number;
  /** Whether nothing is on its way that an earlier holder has sent. */
  readonly settled: Flag;
}

export interface Schema {
  readonly routes: RouteTable;
  readonly chains: ChainTable;
  readonly blocks: BlockTable;
  readonly messages: MessageTable;
  readonly proofs: ProofTable;
  readonly messageRoots: MessageRootTable;
  readonly treeProofs: TreeProofTable;
  readonly treeNodes: TreeNodeTable;
  readonly deliveries: DeliveryTable;
  readonly queueElements: QueueElementTable;
  readonly stateBatchEvents: StateBatchEventTable;
  readonly transactions: TransactionTable;
  readonly attempts: AttemptTable;
  readonly spending: SpendingTable;
  readonly alarms: AlarmTable;
  readonly leases: LeaseTable;
  readonly history: HistoryTable;
  readonly batchChecks: BatchCheckTable;
  readonly batchLeaves: BatchLeavesTable;
  readonly expectedDeposits: ExpectedDepositTable;
  readonly depositChecks: DepositCheckTable;
}

/** The store, or a transaction of it. */
export type Database = Kysely<Schema> | Transaction<Schema>;
