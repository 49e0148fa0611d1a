import { setTimeout } from 'node:timers/promises';

import type { Logger } from 'pino';

import { toXdmError } from '../sdk/chain/rpcErrors.ts';
import type { Signals } from './signals.ts';
import type { Claim } from './store/lease.ts';
import type { OpenStore, Store, Tenure } from './store/store.ts';

/** `standby` while another replica acts for the lane, or nobody can; `active` while this one does. */
export type NodeState = 'standby' | 'active' | 'stopping';

/** What a replica does while it acts for the lane. */
export interface Activity {
  /** Ends it. Returns whether all of it ended by itself: nothing that was sent is still on its way. */
  stop(): Promise<boolean>;
}

export interface ReplicaOptions {
  readonly store: OpenStore;
  readonly claim: Claim;
  readonly logger: Logger;
  readonly signals: Signals;
  /** Begins to act, with a store that refuses what is written to it once another replica acts. */
  readonly begin: (store: Store) => Promise<Activity>;
}

/** A process that acts for a lane whenever no other does. */
export interface Replica {
  readonly state: () => NodeState;
  /** Ends it; another one can act at once. The store stays open. */
  stop(): Promise<void>;
}

/** Milliseconds between two times that a replica asks to act, and the most between two where it cannot. */
const STANDBY_MS = 500;
const STANDBY_MAX_MS = 5000;

/** A tenure, and what is done in it. */
interface Active {
  readonly tenure: Tenure;
  readonly activity: Activity;
}

/**
 * Starts a replica: it acts if no other does, and else stands by until it is its turn.
 * @throws {XdmError} `store-unreachable`, and what `begin` throws: what is wrong when it starts is not tried again
 */
export async function startReplica(options: ReplicaOptions): Promise<Replica> {
  const { logger, claim } = options;
  const end = new AbortController();
  let state: NodeState = 'standby';
  let first: Active | undefined;
  try {
    first = await tryBegin(options);
    if (first === undefined) logger.info({ lane: claim.lane }, 'another replica acts: standing by');
  } catch (error) {
    // That a key is in use elsewhere may pass.
    const { code, message, hint } = toXdmError(error);
    if (code !== 'in-use') throw error;
    logger.warn({ code, reason: message, hint }, 'standing by');
  }
  const enter = (next: NodeState): void => {
    state = end.signal.aborted ? 'stopping' : next;
  };
  if (first !== undefined) enter('active');
  const running = run(options, { first, end: end.signal, enter });
  return {
    state: () => state,
    async stop() {
      state = 'stopping';
      end.abort();
      await running;
    },
  };
}

interface Course {
  readonly first: Active | undefined;
  readonly end: AbortSignal;
  readonly enter: (state: NodeState) => void;
}

/** Acts and stands by in turn, until the end. */
async function run(options: ReplicaOptions, { first, end, enter }: Course): Promise<void> {
  let active = first;
  let failures = 0;
  while (active !== undefined || !end.aborted) {
    if (active === undefined) {
      const pause = Math.min(STANDBY_MS * 2 ** failures, STANDBY_MAX_MS);
      await setTimeout(pause * (0.5 + Math.random() / 2), undefined, { signal: end }).catch(() => undefined);
      if (end.aborted) break;
      try {
        active = await tryBegin(options);
        failures = 0;
      } catch (error) {
        failures++;
        const { code, message, hint } = toXdmError(error);
        options.logger[failures === 1 ? 'warn' : 'debug']({ code, reason: message, hint, failures }, 'standing by');
      }
      if (active !== undefined) enter('active');
      continue;
    }
    await aborted([end, active.tenure.lost]);
    enter('standby');
    await cease(options, active);
    active = undefined;
  }
}

async function tryBegin({ store, claim, begin, logger, signals }: ReplicaOptions): Promise<Active | undefined> {
  const tenure = await store.claim(claim);
  if (tenure === undefined) return undefined;
  try {
    const activity = await begin(tenure.store);
    logger.info({ lane: claim.lane, token: tenure.token }, 'acting for the lane');
    signals.emit('leaseAcquired', { lane: claim.lane, token: tenure.token });
    return { tenure, activity };
  } catch (error) {
    // What began before the error is not known: whoever is next waits as if it were on its way.
    await release(tenure, { isSettled: false, logger });
    throw error;
  }
}

async function cease({ claim, logger, signals }: ReplicaOptions, { tenure, activity }: Active): Promise<void> {
  const { lost, token } = tenure;
  if (lost.aborted) {
    const { code, message, hint } = toXdmError(lost.reason);
    logger.warn({ lane: claim.lane, token, code, reason: message, hint }, 'the lease is lost: standing by');
  }
  const isSettled = await activity.stop();
  await release(tenure, { isSettled, logger });
  signals.emit('leaseLost', { lane: claim.lane, token, isReleased: !lost.aborted });
}

async function release(
  tenure: Tenure,
  { isSettled, logger }: { readonly isSettled: boolean; readonly logger: Logger },
): Promise<void> {
  try {
    await tenure.release(isSettled);
  } catch (error) {
    // It ends by itself, in seconds.
    const { code, message } = toXdmError(error);
    logger.warn({ code, reason: message }, 'the lease could not be given back');
  }
}

/** Waits until one of them is aborted. */
async function aborted(signals: readonly AbortSignal[]): Promise<void> {
  const any = AbortSignal.any([...signals]);
  if (any.aborted) return;
  await new Promise<void>((resolve) => any.addEventListener('abort', () => resolve(), { once: true }));
}
