import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import pg from 'pg';

import { XdmError } from '../../../sdk/core/errors.ts';
import { showStore } from '../location.ts';
import { toStoreError } from './postgresErrors.ts';
import type { Schema } from '../schema.ts';

const { INT8, BYTEA } = pg.types.builtins;

/** Longest time, milliseconds, to connect, and for the answer to one statement. */
const CONNECT_MS = 5000;
const ANSWER_MS = 30_000;

/**
 * Longest time, milliseconds, that Postgres lets a transaction wait for its process. One that hangs must not keep for ever what others
 * wait for.
 */
const IDLE_TRANSACTION_MS = 5000;

/** Connections that read; stages that run side by side seldom ask in the same instant. */
const READERS = 4;

/** Two ways into one database. */
export interface PostgresDatabase {
  readonly reading: PostgresDialect;
  /** On one connection: transactions come one after the other, as SQLite has it. */
  readonly writing: PostgresDialect;
}

/**
 * Describes a Postgres database; nothing is sent before the first statement.
 * @throws {XdmError} `invalid-config` for what is no URL
 */
export function openPostgres(url: string): PostgresDatabase {
  return {
    reading: new PostgresDialect({ pool: newPool(url, READERS) }),
    writing: new PostgresDialect({ pool: newPool(url, 1) }),
  };
}

/** One connection, and what is locked over it. */
export interface PostgresSession {
  readonly db: Kysely<Schema>;
  /** Aborted when the connection is gone, and with it the locks. */
  readonly ended: AbortSignal;
  end(): void;
}

/**
 * Describes a connection, which is opened for the first statement and never replaced.
 * @param idle milliseconds without a statement after which Postgres ends it: the locks of a process that hangs are given back
 * @throws {XdmError} `invalid-config` for what is no URL
 */
export function newSession(url: string, idle: number): PostgresSession {
  const client = new pg.Client({ ...connectionOf(url), application_name: 'xdm lease' });
  const ended = new AbortController();
  client.on('error', () => ended.abort());
  client.on('end', () => ended.abort());
  const store = showStore(url);
  const wrapped = wrap(client, store, () => undefined);
  const open = async (): Promise<void> => {
    try {
      await client.connect();
      await client.query(`set idle_session_timeout = ${idle}`);
    } catch (error) {
      throw toStoreError(error, store);
    }
  };
  let opened: Promise<void> | undefined;
  const pool: PostgresPool = {
    async connect() {
      await (opened ??= open());
      return wrapped;
    },
    end: async () => await Promise.resolve(),
  };
  return {
    db: new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) }),
    ended: ended.signal,
    end: () => void client.end().catch(() => undefined),
  };
}

/**
 * What every connection is opened with.
 * @throws {XdmError} `invalid-config` for what is no URL
 */
function connectionOf(url: string): pg.ClientConfig {
  if (!URL.canParse(url)) {
    throw new XdmError('invalid-config', "the store's URL cannot be read", {
      hint: 'write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE, special characters as %XX',
    });
  }
  return {
    connectionString: url,
    application_name: 'xdm',
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ANSWER_MS,
    keepAlive: true,
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_MS,
    types: { getTypeParser },
  };
}

function newPool(url: string, max: number): PostgresPool {
  const store = showStore(url);
  const pool = new pg.Pool({ ...connectionOf(url), max });
  // Each is said by the next statement: a connection that is lost while nobody uses it is no event.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return {
    async connect() {
      try {
        const client = await pool.connect();
        return wrap(client, store, (isLost) => client.release(isLost));
      } catch (error) {
        throw toStoreError(error, store);
      }
    },
    end: async () => await pool.end(),
  };
}

/** A client whose statements wait for each other, and whose errors are ours. */
function wrap(client: pg.ClientBase, store: string, release: (isLost: boolean) => void): PostgresPoolClient {
  let last: Promise<unknown> = Promise.resolve();
  let isLost = false;
  const query = async (text: string, values: readonly unknown[]): Promise<unknown> => {
    const answer = last.then(async () => await client.query(text, [...values]));
    last = answer.catch(() => undefined);
    try {
      return await answer;
    } catch (error) {
      isLost ||= !(error instanceof pg.DatabaseError);
      throw toStoreError(error, store);
    }
  };
  // What is no answer of the server's leaves a connection of which nobody knows what it will say next.
  return { query: query as PostgresPoolClient['query'], release: () => release(isLost) };
}

/** Numbers and bytes as SQLite gives them. All of our numbers are exact as such: the larger ones are stored as text. */
function getTypeParser(...[type, format]: Parameters<typeof pg.types.getTypeParser>): (text: string) => unknown {
  if (type === INT8) return Number;
  if (type === BYTEA) return bytesOf;
  return pg.types.getTypeParser(type, format) as (text: string) => unknown;
}

/** @param text `\x` and hex */
function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.slice(2), 'hex'));
}
