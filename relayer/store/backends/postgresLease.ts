import { createHash, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import process from 'node:process';

import { sql, type Kysely } from 'kysely';

import { XdmError } from '../../../sdk/core/errors.ts';
import { InFlight, type Claim, type Lease } from '../lease.ts';
import { leaseLost, releaseLease, renewLease, takeLease, type Taken } from './leases.ts';
import { showStore } from '../location.ts';
import { newSession, type PostgresSession } from './postgres.ts';
import type { Schema } from '../schema.ts';

/** Milliseconds that a lease lasts, and between two times that it is renewed. */
const TTL_MS = 5000;
const RENEWAL_MS = TTL_MS / 3;

/** Milliseconds before its end from which on nothing is sent any more: a request takes its time to leave. */
const MARGIN_MS = 500;

/** Milliseconds without a renewal after which Postgres ends a connection: before the lease ends, so that its locks are free by then. */
const SILENCE_MS = TTL_MS - MARGIN_MS;

/** A lease that this process has. */
export interface HeldLease extends Lease {
  readonly token: number;
  readonly lost: AbortSignal;
  /** Gives up, as when the lease is found to be lost. */
  lose(error: XdmError): void;
  release(isSettled: boolean): Promise<void>;
}

/** Takes leases in a database, over a connection of their own: locks are lost with it, and so is the lease. */
export class LeaseTaker {
  readonly #url: string;
  readonly #holder = `${hostname()} ${process.pid} ${randomUUID()}`;
  #session: PostgresSession | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  /**
   * Takes the lease of a lane, with what no two processes may use at once; undefined while another process has it.
   * @throws {XdmError} `in-use` where a process has one of the resources for another lane; `store-unreachable`
   */
  async take({ lane, resources }: Claim): Promise<HeldLease | undefined> {
    const session = (this.#session ??= newSession(this.#url, SILENCE_MS));
    const { db } = session;
    try {
      const applicant = { lane, holder: this.#holder, ttl: TTL_MS };
      const sent = clocks();
      const taken = await db.transaction().execute(async (transaction) => await takeLease(transaction, applicant));
      if (taken === undefined) return undefined;
      await this.#lock(db, resources, { lane, ...taken });
      this.#session = undefined;
      return hold({ session, lane, taken, sent });
    } catch (error) {
      // Whatever it has, it must not keep.
      this.#session = undefined;
      session.end();
      throw error;
    }
  }

  /** Of what it has taken nothing is given back. */
  close(): void {
    this.#session?.end();
    this.#session = undefined;
  }

  async #lock(
    db: Kysely<Schema>,
    resources: readonly string[],
    taken: Taken & { readonly lane: string },
  ): Promise<void> {
    for (const resource of resources) {
      const { rows } = await sql<{ isLocked: boolean }>`
        select pg_try_advisory_lock(${keyOf(resource)}) as "isLocked"`.execute(db);
      if (rows[0]?.isLocked === true) continue;
      await releaseLease(db, { ...taken, isSettled: taken.wasSettled });
      throw new XdmError('in-use', `another node uses ${resource}, with the store ${showStore(this.#url)}`, {
        hint: 'give each lane keys of its own; after a crash of the other node this ends by itself in seconds',
      });
    }
  }
}

/** The number of a lock: Postgres knows them by 64 bits. */
function keyOf(resource: string): string {
  return createHash('sha256').update(`xdm ${resource}`).digest().readBigInt64BE().toString();
}

/** Two clocks: nobody sets the first, the second goes on where a machine that sleeps stops the first. */
interface Clocks {
  readonly steady: number;
  readonly wall: number;
}

function clocks(): Clocks {
  return { steady: performance.now(), wall: Date.now() };
}

interface Holding {
  readonly session: PostgresSession;
  readonly lane: string;
  readonly taken: Taken;
  /** When the lease was asked for. */
  readonly sent: Clocks;
}

function hold({ session, lane, taken: { token, wasSettled }, sent }: Holding): HeldLease {
  const { db } = session;
  const lost = new AbortController();
  const inFlight = new InFlight(wasSettled ? -Infinity : performance.now());
  // Counted from before the request: the database counts from later on.
  let from = sent;
  let isReleased = false;
  const isOver = (): boolean => {
    const { steady, wall } = clocks();
    return Math.max(steady - from.steady, wall - from.wall) >= TTL_MS - MARGIN_MS;
  };
  let end: XdmError | undefined;
  const lose = (error: XdmError): void => {
    if (end !== undefined || isReleased) return;
    clearInterval(timer);
    end = error;
    lost.abort(error);
    session.end();
  };
  const renew = async (): Promise<void> => {
    const now = clocks();
    if (now.steady - from.steady >= TTL_MS) {
      lose(leaseLost('it was not renewed in time'));
      return;
    }
    try {
      const isKept = await renewLease(db, { lane, token, ttl: TTL_MS });
      if (isKept) from = now;
      else lose(leaseLost('another replica has taken over'));
    } catch (cause) {
      lose(leaseLost('the connection to the store was lost', cause));
    }
  };
  const timer = setInterval(() => void renew(), RENEWAL_MS);
  const onEnded = (): void => lose(leaseLost('the connection to the store was lost'));
  session.ended.addEventListener('abort', onEnded);
  if (session.ended.aborted) onEnded();
  return {
    token,
    inFlight,
    lost: lost.signal,
    lose,
    verify() {
      if (end !== undefined) throw end;
      if (isReleased || isOver()) throw leaseLost('it was not renewed in time');
    },
    async release(isSettled) {
      clearInterval(timer);
      if (end !== undefined) return;
      isReleased = true;
      try {
        await releaseLease(db, { lane, token, isSettled: isSettled && !inFlight.canArrive });
      } finally {
        session.end();
      }
    },
  };
}
