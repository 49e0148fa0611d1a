import { EventEmitter } from 'node:events';

import type { Call, DroppedEndpoint, Failover, FinalityDispute, Lag } from '../sdk/chain/endpoints/observer.ts';
import type { SettledDelivery } from './store/deliveries.ts';

/** What an operator is called for. */
export type AlarmKind =
  /** A chain has dropped a block that was final. */
  | 'deep-reorganisation'
  /** L1 has replaced an element of the queue that L2 has executed. */
  | 'queue-rewritten';

/** Something that does not mend itself, or that nobody should miss while it does. */
export interface Alarm {
  readonly kind: AlarmKind;
  /** What it is about, such as a chain id or the index of a batch; with `kind` it is the alarm's identity. */
  readonly subject: string;
  /** What is wrong, with the values, and what to do. */
  readonly message: string;
  /** Whether the lane stands still while it lasts: nothing is proven, relayed, committed or executed. */
  readonly halts: boolean;
}

/** What happens in a node, for whoever counts it or passes it on. The pipeline never listens. */
interface SignalMap {
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
  alarmRaised: [Alarm];
  alarmCleared: [Pick<Alarm, 'kind' | 'subject'>];
}

export type Signals = EventEmitter<SignalMap>;

export function newSignals(): Signals {
  return new EventEmitter<SignalMap>();
}
