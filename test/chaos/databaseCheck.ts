import { DatabaseSync } from 'node:sqlite';

import { query } from '../support/postgres.ts';
import type { World } from './world.ts';

/** What the database finds wrong with itself. */
export async function checkDatabase({ store, postgres }: Pick<World, 'store' | 'postgres'>): Promise<string[]> {
  return postgres === undefined ? checkSqlite(store) : await checkPostgres(store);
}

function checkSqlite(path: string): string[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const integrity = database.prepare('pragma integrity_check').all() as { integrity_check: string }[];
    const keys = database.prepare('pragma foreign_key_check').all();
    return [
      ...integrity.map(({ integrity_check: words }) => words).filter((words) => words !== 'ok'),
      ...keys.map((key) => `foreign key: ${JSON.stringify(key)}`),
    ];
  } finally {
    database.close();
  }
}

/** Postgres' own extension reads every page of each table, and looks whether each index holds all rows in order, and once. */
const TABLES = `
  select relname::text as name, format('block %s, row %s: %s', blkno, offnum, msg) as problem
  from pg_class cross join lateral verify_heapam(pg_class.oid)
  where relkind = 'r' and relnamespace = 'public'::regnamespace`;

/** Ends with an error at the first index with which something is wrong. */
const INDICES = `
  select bt_index_parent_check(indexrelid, heapallindexed => true, rootdescend => true, checkunique => true)
  from pg_class join pg_index on indexrelid = pg_class.oid
  where relkind = 'i' and relnamespace = 'public'::regnamespace`;

/** A query of each foreign key of one column, which finds the rows whose parent is not there. */
const FOREIGN_KEYS = `
  select conname::text as name, format(
    'select count(*)::int as count from only %s child left join %s parent on child.%I = parent.%I where child.%I is not null and parent.%I is null',
    conrelid::regclass, confrelid::regclass, own.attname, other.attname, own.attname, other.attname
  ) as text
  from pg_constraint
  join pg_attribute own on own.attrelid = conrelid and own.attnum = conkey[1]
  join pg_attribute other on other.attrelid = confrelid and other.attnum = confkey[1]
  where contype = 'f'`;

async function checkPostgres(url: string): Promise<string[]> {
  await query(url, 'create extension if not exists amcheck');
  const tables = (await query(url, TABLES)).rows as { name: string; problem: string }[];
  const indices = await query(url, INDICES).catch((error: unknown) => error as Error);
  const keys = (await query(url, FOREIGN_KEYS)).rows as { name: string; text: string }[];
  const problems = tables.map(({ name, problem }) => `table ${name}: ${problem}`);
  if (indices instanceof Error) problems.push(indices.message);
  // A check that looks at nothing finds nothing.
  else if (indices.rowCount === 0 || keys.length === 0) problems.push('there is nothing to be checked');
  for (const { name, text } of keys) {
    const [row] = (await query(url, text)).rows as { count: number }[];
    if (row?.count !== 0) problems.push(`foreign key ${name}: ${row?.count} rows without a parent`);
  }
  return problems;
}
