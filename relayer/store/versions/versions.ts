import { Migrator, type Kysely, type MigrationProvider } from 'kysely';

import { XdmError } from '../../../sdk/core/errors.ts';
import type { ColumnTypes } from './initialTables.ts';
import { migrations } from './migrations.ts';
import type { Schema } from '../schema.ts';

/** A store whose version is looked at. */
export interface VersionedStore {
  readonly db: Kysely<Schema>;
  /** As it may be shown. */
  readonly name: string;
  readonly types: ColumnTypes;
}

/**
 * Brings a store to the newest version, in one transaction. Several processes may do so at once: one does, the others wait for it.
 * @throws {XdmError} `store-incompatible` when a newer xdm has written it, or it cannot be changed
 */
export async function migrate({ db, name, types }: VersionedStore): Promise<void> {
  const versions = migrations(types);
  verifyKnown(await executedVersions(db), Object.keys(versions), name);
  const provider: MigrationProvider = { getMigrations: async () => await Promise.resolve(versions) };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error instanceof XdmError) throw error;
  if (error !== undefined) {
    throw new XdmError('store-incompatible', `the store ${name} cannot be brought to this version`, {
      cause: error,
      hint: 'move it away, or give another one with --store: a new one is filled from the chains',
    });
  }
}

/**
 * Tables are changed by the node alone: what it writes while it runs would not fit them.
 * @throws {XdmError} `store-not-found` when no xdm has written it; `store-outdated` when an older one has, and
 * `store-incompatible` when a newer one has
 */
export async function verifyNewest({ db, name, types }: VersionedStore): Promise<void> {
  const versions = Object.keys(migrations(types));
  const executed = await executedVersions(db);
  if (executed.length === 0) {
    throw new XdmError('store-not-found', `there is no store in ${name}`, {
      hint: 'name the one of the node with --store; a node creates its store when it first starts',
    });
  }
  verifyKnown(executed, versions, name);
  if (versions.every((version) => executed.includes(version))) return;
  throw new XdmError('store-outdated', `the store ${name} was written by an older xdm`, {
    hint: 'start the node of this version once: it brings the store up to date',
  });
}

function verifyKnown(executed: readonly string[], versions: readonly string[], name: string): void {
  const unknown = executed.find((version) => !versions.includes(version));
  if (unknown === undefined) return;
  throw new XdmError('store-incompatible', `the store ${name} was written by a newer xdm (version ${unknown})`, {
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
