import { Kysely, Migrator, type MigrationProvider } from 'kysely';

import { XdmError } from '../../sdk/core/errors.ts';
import { migrations } from './migrations.ts';
import type { Database, Schema } from './schema.ts';
import { openSharedSqlite, openSqlite } from './sqlite.ts';

/** All that the node knows beside what the chains say; the only state that its stages share. */
export interface Store {
  /** To read from. */
  readonly db: Kysely<Schema>;
  /** Runs `work` in a transaction. All that the stages write goes through it. */
  write<T>(work: (db: Database) => Promise<T>): Promise<T>;
  /** Gives the room of what was deleted back to the file system. */
  compact(): Promise<void>;
  close(): Promise<void>;
}

export interface OpenStoreOptions {
  /** Beside the node that has the store, whether it runs or not: for those who look into it, or write a little. */
  readonly shared?: boolean;
}

/**
 * Opens the store, and brings it to the newest version unless it is shared.
 * @param path of the SQLite file; its folder is created unless it is shared
 * @throws {XdmError} `in-use`; `store-incompatible` when a newer xdm or another program has written it, or it is damaged;
 * `invalid-config` when it cannot be opened. Of a shared one also `store-not-found`, and `store-incompatible` when an older xdm has
 * written it
 */
export async function openStore(path: string, { shared = false }: OpenStoreOptions = {}): Promise<Store> {
  const file = shared ? openSharedSqlite(path) : openSqlite(path);
  const db = new Kysely<Schema>({ dialect: file.dialect });
  const close = async (): Promise<void> => {
    await db.destroy();
    file.close();
  };
  try {
    await (shared ? verifyNewest(db, path) : migrate(db, path));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    db,
    write: async (work) => await db.transaction().execute(work),
    async compact() {
      // Kysely hands out its one connection between transactions.
      await db.connection().execute(async () => {
        await Promise.resolve();
        file.compact();
      });
    },
    close,
  };
}

async function migrate(db: Kysely<Schema>, path: string): Promise<void> {
  const versions = migrations({ bytes: 'blob', id: 'integer primary key' });
  verifyKnown(await executedVersions(db), Object.keys(versions), path);
  const provider: MigrationProvider = { getMigrations: async () => await Promise.resolve(versions) };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error !== undefined) {
    throw new XdmError('store-incompatible', `the store ${path} cannot be brought to this version`, {
      cause: error,
      hint: 'move it away: a new one is filled from the chains',
    });
  }
}

/** Tables are changed by the node alone: what it writes while it runs would not fit them. */
async function verifyNewest(db: Kysely<Schema>, path: string): Promise<void> {
  const versions = Object.keys(migrations({ bytes: 'blob', id: 'integer primary key' }));
  const executed = await executedVersions(db);
  verifyKnown(executed, versions, path);
  if (versions.every((name) => executed.includes(name))) return;
  throw new XdmError('store-incompatible', `the store ${path} was written by an older xdm`, {
    hint: 'start the node of this version once: it brings the store up to date',
  });
}

function verifyKnown(executed: readonly string[], versions: readonly string[], path: string): void {
  const unknown = executed.find((name) => !versions.includes(name));
  if (unknown === undefined) return;
  throw new XdmError('store-incompatible', `the store ${path} was written by a newer xdm (version ${unknown})`, {
    hint: 'use that version, or give this one another store with --store',
  });
}

/** Versions that the store has gone through; none where it is new. */
async function executedVersions(db: Kysely<Schema>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === 'kysely_migration')) return [];
  const rows = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom('kysely_migration')
    .select('name')
    .execute();
  return rows.map(({ name }) => name);
}
