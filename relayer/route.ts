import type { JsonRpcProvider } from 'ethers';

import type { RawLog } from '../sdk/chain/logs.ts';
import type { XdmError } from '../sdk/core/errors.ts';
import type { AlarmChanges } from './alarms.ts';
import type { PendingMessage, ProvenMessage } from './store/messages.ts';
import type { Database } from './store/schema.ts';
import type { Submission, TransactionEngine } from './tx/engine.ts';
import type { Signers } from './tx/signers.ts';

/** From which block on a chain is believed: the node's own word for it, or the newest. */
export type Finality = 'latest' | 'safe' | 'finalized';

/** A chain that the node reads. */
export interface WatchedChain {
  readonly chainId: number;
  readonly provider: JsonRpcProvider;
  readonly finality: Finality;
  /** Block before the first log. */
  readonly deployedAt: number;
  readonly sources: readonly LogSource[];
}

/** A contract whose logs are read, and what is recorded of them. */
export interface LogSource {
  readonly address: string;
  readonly topics: readonly string[];
  /** What else it depends on which of the logs are recorded: where that becomes another, all is read again. */
  readonly knows?: readonly string[];
  /**
   * Called in the transaction that moves the cursor; `logs` are of all sources of the chain, in order. What they show to be
   * wrong is an alarm: other logs are recorded all the same.
   */
  record(db: Database, logs: readonly RawLog[], alarms: AlarmChanges): Promise<void>;
  /**
   * Asks the contract how much it has sent as of the last block read, which can show that an endpoint has left out logs.
   * The check is called in the same transaction, after `record`.
   */
  audit?(read: { readonly number: number; readonly finalNumber: number }): Promise<GapCheck>;
}

/** Returns the block from which to read again, where something is missing. */
export type GapCheck = (db: Database) => Promise<number | undefined>;

/** A message that something speaks against now. */
export interface Refusal {
  readonly message: PendingMessage;
  readonly error: XdmError;
}

export interface Proofs {
  readonly proven: readonly ProvenMessage[];
  readonly refused: readonly Refusal[];
  /** Records what else was proven, in the transaction that records the messages' proofs. */
  readonly record: (db: Database) => Promise<void>;
}

/** How messages of a route are proven. */
export interface Prover {
  /** Proves those that can be proven now; what is in neither list is asked for again. */
  prove(db: Database, messages: readonly PendingMessage[]): Promise<Proofs>;
  /** Messages, by their number in the store, whose proofs no longer hold. */
  unfounded(db: Database): Promise<number[]>;
  /** Forgets what no message needs any more, as far as the destination's block of the number is final. */
  forget(db: Database, finalNumber: number): Promise<void>;
}

/** A transaction that was tried at the destination and can be sent. */
export interface PreparedDelivery extends Pick<Submission, 'purpose' | 'to' | 'data' | 'gasLimit'> {
  /** What it delivers. None where it only makes ready for what comes after it. */
  readonly messages: readonly PendingMessage[];
}

export interface Prepared {
  readonly deliveries: readonly PreparedDelivery[];
  readonly refused: readonly Refusal[];
  /** Why messages go in a dearer way than was chosen for them. */
  readonly setbacks: readonly XdmError[];
}

/** How messages of a route are delivered. */
export interface Submitter {
  readonly signers: Signers;
  /** Chooses what goes into which transaction, and tries each. What is in neither list is asked for again. */
  prepare(db: Database, messages: readonly PendingMessage[], limits: DeliveryLimits): Promise<Prepared>;
}

export interface DeliveryLimits {
  /** Who sends what is prepared: it is tried as from that account. */
  readonly engine: TransactionEngine;
  /** Most transactions. */
  readonly transactions: number;
  /** The destination's timestamp, seconds: of the last block that was read. */
  readonly timestamp: number;
  /** The same, or the time of now where that is later: the next block's can be. */
  readonly readyBy: number;
}

/**
 * One direction of a lane, as data: the pipeline knows nothing else of it. Where the destination chain delivers by itself,
 * as L2 does with the queue, there is neither prover nor submitter: the outcome is all there is to see.
 */
export interface Route {
  /** In the store. */
  readonly id: number;
  /** For logs, such as `901 -> 900`. */
  readonly name: string;
  readonly sourceChainId: number;
  readonly destinationChainId: number;
  readonly prover?: Prover;
  readonly submitter?: Submitter;
}
