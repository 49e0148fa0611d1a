import { PostgresAdapter, sql, type Kysely } from 'kysely';

import type { Schema } from './schema.ts';

/** Bytes that the store takes: those of its file, or of the whole database on Postgres. */
export async function storeBytes(db: Kysely<Schema>): Promise<number> {
  const isPostgres = db.getExecutor().adapter instanceof PostgresAdapter;
  const size = isPostgres
    ? sql<{ bytes: number }>`select pg_database_size(current_database()) as "bytes"`
    : sql<{ bytes: number }>`select "page_count" * "page_size" as "bytes" from pragma_page_count(), pragma_page_size()`;
  const { rows } = await size.execute(db);
  return rows[0]?.bytes ?? 0;
}
