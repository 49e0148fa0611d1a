import { existsSync, rmSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';

import { SqliteDialect, type SqliteDatabase } from 'kysely';

import { XdmError } from '../../sdk/core/errors.ts';

/** SQLite's code for a database that another process has locked. */
const SQLITE_BUSY = 5;

/** A SQLite file, and what to do to close it. */
export interface SqliteFile {
  readonly dialect: SqliteDialect;
  /** Gives the room of what was deleted back to the file system. */
  compact(): void;
  close(): void;
}

/**
 * Opens a SQLite file for this process alone: two nodes on one store would broadcast twice.
 * @throws {XdmError} `in-use` when another process has it open
 */
export function openSqlite(path: string): SqliteFile {
  const lock = acquireLock(path);
  const database = new DatabaseSync(path);
  // What a commit has stored survives a loss of power.
  database.exec(`
    pragma auto_vacuum = incremental;
    pragma journal_mode = wal;
    pragma synchronous = full;
    pragma foreign_keys = on;
  `);
  return {
    dialect: new SqliteDialect({ database: adapt(database) }),
    compact() {
      database.exec('pragma incremental_vacuum; pragma wal_checkpoint(truncate);');
    },
    close() {
      database.exec('pragma incremental_vacuum; pragma wal_checkpoint(truncate);');
      database.close();
      lock.close();
    },
  };
}

/**
 * Deletes a SQLite file, if there is one and no process has it open.
 * @throws {XdmError} `in-use` when another process has it open
 */
export function removeSqlite(path: string): void {
  if (!existsSync(path)) return;
  acquireLock(path).close();
  for (const suffix of ['', '-wal', '-shm', '.lock']) rmSync(`${path}${suffix}`, { force: true });
}

/** A lock that the operating system takes back when the process ends, however it ends. */
function acquireLock(path: string): DatabaseSync {
  const lock = new DatabaseSync(`${path}.lock`);
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive;');
  } catch (cause) {
    lock.close();
    if ((cause as { errcode?: unknown }).errcode !== SQLITE_BUSY) throw cause;
    throw new XdmError('in-use', `the store ${path} is in use by another node`, {
      cause,
      hint: 'stop that node, or give this one another store with --store',
    });
  }
  return lock;
}

/** node:sqlite in the shape that Kysely's dialect takes. */
function adapt(database: DatabaseSync): SqliteDatabase {
  return {
    // Kysely's `destroy` calls it; the file is closed by `close` above, after what is left to do on it.
    close: () => undefined,
    prepare(text) {
      const statement = database.prepare(text);
      const values = (parameters: readonly unknown[]): SQLInputValue[] => parameters as SQLInputValue[];
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...values(parameters)),
        run: (parameters) => statement.run(...values(parameters)),
        iterate: (parameters) => statement.iterate(...values(parameters)),
      };
    },
  };
}
