import { existsSync, mkdirSync, realpathSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';

import {
  CompiledQuery,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  type DatabaseConnection,
  type Driver,
  type SqliteDatabase,
  type SqliteDialectConfig,
} from 'kysely';

import { XdmError } from '../../../sdk/core/errors.ts';
import { isLocked, openError, statementError } from './sqliteErrors.ts';

/** Longest wait, milliseconds, for another process that writes: `xdm retry` beside the node, for an instant. */
const BUSY_TIMEOUT_MS = 5000;

/** What a SQLite file of ours says it is: `xdm` and a count, in ASCII. */
const APPLICATION_ID = 0x78_64_6d_31;

/**
 * SQLite undoes a change of tables with its transaction, which Kysely does not count on: a migration that a kill ends would
 * leave some tables behind, and no later one would get past them.
 */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/**
 * A transaction that reads first and then writes cannot wait for another process that has written meanwhile: SQLite refuses it at
 * once. One that is to write from its beginning on waits there.
 */
class WritingSqliteDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}

class TransactionalSqliteDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig;

  constructor(config: SqliteDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): Driver {
    return new WritingSqliteDriver(this.#config);
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalSqliteAdapter();
  }
}

/** A SQLite file, and what to do to close it. */
export interface SqliteFile {
  readonly dialect: SqliteDialect;
  /**
   * Runs what commits, and does not wait for the disk: of the log that SQLite writes ahead, the next commit that waits brings all before
   * it along. Not while a transaction is open.
   */
  withoutSync<T>(work: () => Promise<T>): Promise<T>;
  /** Gives the room of what was deleted back to the file system. Not while a transaction is open. */
  compact(): void;
  close(): void;
}

/**
 * Opens a SQLite file for this process alone: two nodes on one store would broadcast twice. Its folder is created.
 * @throws {XdmError} `in-use` when another process has it open, `store-incompatible` when it is damaged or not ours,
 * `invalid-config` when it cannot be opened
 */
export function openSqlite(path: string): SqliteFile {
  let lock: DatabaseSync | undefined;
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true });
    lock = acquireLock(path);
    database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    if (isNew(database, path)) {
      database.exec(`
        pragma auto_vacuum = incremental;
        pragma journal_mode = wal;
        pragma application_id = ${APPLICATION_ID};
      `);
    }
    // What a commit has stored survives a loss of power.
    database.exec('pragma synchronous = full; pragma foreign_keys = on;');
    return sqliteFile(path, database, lock);
  } catch (error) {
    database?.close();
    if (lock !== undefined) release(lock);
    throw openError(path, error);
  }
}

/**
 * Opens a SQLite file beside the process that has it for itself.
 * @throws {XdmError} `store-not-found`; `store-incompatible` when it is damaged or not ours, `invalid-config` when it cannot be opened
 */
export function openSharedSqlite(path: string): SqliteFile {
  if (!existsSync(path)) {
    throw new XdmError('store-not-found', `there is no store at ${path}`, {
      hint: 'name the one of the node with --store; a node creates its store when it first starts',
    });
  }
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    if (isNew(database, path)) {
      throw new XdmError('store-incompatible', `the store ${path} is empty`, {
        hint: 'start the node once: it fills it',
      });
    }
    database.exec('pragma synchronous = full; pragma foreign_keys = on;');
    return sqliteFile(path, database);
  } catch (error) {
    database?.close();
    throw openError(path, error);
  }
}

/** @param lock of the process that has the file for itself, which alone gives back room */
function sqliteFile(path: string, database: DatabaseSync, lock?: DatabaseSync): SqliteFile {
  const compact = (): void => {
    if (lock === undefined) return;
    try {
      database.exec('pragma incremental_vacuum; pragma wal_checkpoint(truncate);');
    } catch (error) {
      throw statementError(path, error);
    }
  };
  return {
    dialect: new TransactionalSqliteDialect({ database: adapt(database, path) }),
    async withoutSync(work) {
      database.exec('pragma synchronous = normal');
      try {
        return await work();
      } finally {
        database.exec('pragma synchronous = full');
      }
    },
    compact,
    close() {
      try {
        compact();
      } finally {
        database.close();
        if (lock !== undefined) release(lock);
      }
    },
  };
}

/**
 * Deletes a SQLite file, if there is one and no process has it open.
 * @throws {XdmError} `in-use` when another process has it open
 */
export function removeSqlite(path: string): void {
  if (!existsSync(path)) return;
  release(acquireLock(path));
  for (const suffix of ['', '-wal', '-shm', '.lock']) rmSync(`${path}${suffix}`, { force: true });
}

/** Whether another process has a SQLite file for itself. */
export function isInUse(path: string): boolean {
  if (!existsSync(`${realpathSync(path)}.lock`)) return false;
  try {
    release(acquireLock(path));
    return false;
  } catch {
    return true;
  }
}

/** Locks that are held. What nobody refers to is closed when garbage is collected, and the lock with it. */
const held = new Set<DatabaseSync>();

/** A lock that the operating system takes back when the process ends, however it ends. */
function acquireLock(path: string): DatabaseSync {
  // By whatever name the file goes, there is one lock.
  const lock = new DatabaseSync(`${existsSync(path) ? realpathSync(path) : path}.lock`);
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive;');
  } catch (cause) {
    lock.close();
    if (!isLocked(cause)) throw cause;
    throw new XdmError('in-use', `the store ${path} is in use by another node`, {
      cause,
      hint: 'stop that node, or give this one another store with --store',
    });
  }
  held.add(lock);
  return lock;
}

function release(lock: DatabaseSync): void {
  held.delete(lock);
  lock.close();
}

/** Whether nothing was ever written to it. A database of another program must not be written to. */
function isNew(database: DatabaseSync, path: string): boolean {
  const { application_id: id } = database.prepare('pragma application_id').get() as { application_id: number };
  if (id === APPLICATION_ID) return false;
  if (id === 0 && database.prepare('select 1 from sqlite_master limit 1').get() === undefined) return true;
  throw new XdmError('store-incompatible', `the file ${path} is a database of another program`, {
    hint: 'give a file of its own with --store',
  });
}

/** Statements that are kept, and their longest text: what names rows by number is not there a second time. */
const KEPT_STATEMENTS = 300;
const KEPT_LENGTH = 20_000;

type Statement = ReturnType<SqliteDatabase['prepare']>;

const NOTHING: Statement = {
  reader: false,
  all: () => [],
  run: () => ({ changes: 0, lastInsertRowid: 0 }),
  iterate: () => [][Symbol.iterator](),
};

/** node:sqlite in the shape that Kysely's dialect takes. */
function adapt(database: DatabaseSync, path: string): SqliteDatabase {
  const kept = new Map<string, Statement>();
  const statementOf = (text: string): Statement => {
    const statement = database.prepare(text);
    const values = (parameters: readonly unknown[]): SQLInputValue[] => parameters as SQLInputValue[];
    const ask = <T>(question: () => T): T => {
      try {
        return question();
      } catch (error) {
        throw statementError(path, error);
      }
    };
    return {
      reader: statement.columns().length > 0,
      all: (parameters) => ask(() => statement.all(...values(parameters))),
      run: (parameters) => ask(() => statement.run(...values(parameters))),
      iterate: (parameters) => statement.iterate(...values(parameters)),
    };
  };
  return {
    // Kysely's `destroy` calls it; the file is closed by `close` above, after what is left to do on it.
    close: () => undefined,
    prepare(text) {
      const known = kept.get(text);
      if (known !== undefined) return known;
      // Where the disk is full SQLite has done so itself, and Kysely would say that it cannot instead of why.
      if (text === 'rollback' && !database.isTransaction) return NOTHING;
      const statement = statementOf(text);
      if (text.length > KEPT_LENGTH || !/^(?:select|insert|update|delete) /iu.test(text)) return statement;
      if (kept.size === KEPT_STATEMENTS) kept.clear();
      kept.set(text, statement);
      return statement;
    },
  };
}
