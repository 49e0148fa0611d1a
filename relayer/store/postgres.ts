import { PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import pg from 'pg';

import { XdmError } from '../../sdk/core/errors.ts';
import { showStore } from './location.ts';
import { toStoreError } from './postgresErrors.ts';

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

/**
 * What every connection is opened with.
 * @throws {XdmError} `invalid-config` for what is no URL
 */
export function connectionOf(url: string): pg.ClientConfig {
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
        return wrap(await pool.connect(), store);
      } catch (error) {
        throw toStoreError(error, store);
      }
    },
    end: async () => await pool.end(),
  };
}

/** A client whose statements wait for each other, and whose errors are ours. */
function wrap(client: pg.PoolClient, store: string): PostgresPoolClient {
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
  return { query: query as PostgresPoolClient['query'], release: () => client.release(isLost) };
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
