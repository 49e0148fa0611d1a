import { EventEmitter } from 'node:events';

import type { Call, DroppedEndpoint, Failover, FinalityDispute, Lag } from '../sdk/chain/endpoints/observer.ts';
import type { ErrorCode } from '../sdk/core/errors.ts';
import type { Alarm } from './alarm.ts';
import type { SettledDelivery } from './store/deliveries.ts';

/** Something that a signer's transactions met with. */
interface SignerEvent {
  readonly chainId: number;
  readonly signer: string;
}

interface MinedTransaction extends SignerEvent {
  readonly purpose: string;
  /** Number of messages that it was to deliver. */
  readonly messages: number;
  readonly reverted: boolean;
  readonly gasUsed: bigint;
  /** All that it cost. */
  readonly wei: bigint;
}

/** What a chain knows of another one. */
export interface SeenLightClient {
  readonly on: number;
  readonly of: number;
  /** Newest block that is known. */
  readonly head: number;
  /** Seconds that it is trusted yet; below 0 once it is not. Undefined where that does not end. */
  readonly expiresIn: number | undefined;
}

/** What happens in a node, for whoever counts it or passes it on. The pipeline never listens. */
interface SignalMap {
  /** A pass of a stage has ended, and has moved so many rows. */
  stagePassed: [{ readonly stage: string; readonly moved: number; readonly milliseconds: number }];
  /** A pass of a stage has failed, with a reason for people, in which what is to be done stands, too. */
  stageFailed: [{ readonly stage: string; readonly code: ErrorCode; readonly reason: string }];
  /** A chain's endpoint has told its newest block, and the node has read up to one; neither need be new. */
  chainRead: [{ readonly chainId: number; readonly head: number; readonly read: number }];
  /** A chain was asked what is final there; with what is wrong where nobody says it. */
  finalityAsked: [{ readonly chainId: number; readonly problem: string | undefined }];
  /** A light client that this node keeps in sync was looked at. */
  lightClientSeen: [SeenLightClient];
  /** So many updates of it were sent. */
  lightClientUpdated: [Pick<SeenLightClient, 'on' | 'of'> & { readonly count: number }];
  /** Blocks were dropped that had been read. */
  reorganised: [{ readonly chainId: number; readonly depth: number }];
  /** Logs were missing, and are read again. */
  gapFound: [{ readonly chainId: number; readonly from: number }];
  /** Outcomes of messages have become final, at a time in milliseconds. */
  delivered: [{ readonly route: string; readonly at: number; readonly deliveries: readonly SettledDelivery[] }];
  /** This replica acts for the lane. */
  leaseAcquired: [{ readonly lane: string; readonly token: number }];
  /** It does so no more: it has given the lease back, or another one has taken over. */
  leaseLost: [{ readonly lane: string; readonly token: number; readonly isReleased: boolean }];
  /** An endpoint was called; each request of a batch counts. */
  rpcCall: [Call];
  /** Requests go to another endpoint. */
  endpointChanged: [Failover];
  /** An endpoint answers from behind its own earlier answer. */
  endpointLags: [Lag];
  /** Two endpoints have different blocks where both say that it is final. */
  finalityDisputed: [FinalityDispute];
  /** An endpoint is of another chain, and is asked no more. */
  endpointDropped: [DroppedEndpoint];
  /** A transaction of ours is mined, in a block that is final: once for each. */
  transactionMined: [MinedTransaction];
  /** One was signed anew, with the same nonce and higher fees. */
  transactionReplaced: [SignerEvent & { readonly purpose: string; readonly nonce: number; readonly hash: string }];
  /** The node takes one in no case: its nonce is used up by another that does nothing. */
  transactionGivenUp: [SignerEvent & { readonly purpose: string; readonly nonce: number; readonly reason: string }];
  /** A node did not take one, for now. */
  broadcastRefused: [SignerEvent & { readonly hash: string; readonly code: ErrorCode }];
  /** The chain asks for more than the highest fee that is allowed: something waits. */
  feeCapped: [SignerEvent];
  /** Something waits, because its cost could exceed what may be spent in a day. */
  spendingLimitHit: [SignerEvent];
  /** The watchtower has compared a state batch with L2; `agrees` is its answer. */
  batchChecked: [{ readonly batchIndex: number; readonly agrees: boolean }];
  /** A transaction was sent that deletes a state batch. */
  batchChallenged: [{ readonly batchIndex: number }];
  /** The watchtower has found deposits on L2 to be the queue's next elements. */
  depositsMatched: [{ readonly count: number }];
  alarmRaised: [Alarm];
  alarmCleared: [Pick<Alarm, 'kind' | 'subject'>];
}

export type Signals = EventEmitter<SignalMap>;

export function newSignals(): Signals {
  return new EventEmitter<SignalMap>();
}
