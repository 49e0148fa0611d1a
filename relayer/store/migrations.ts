import { sql, type Kysely, type Migration } from 'kysely';

import { initialTables, type ColumnTypes } from './initialTables.ts';

/**
 * The versions of the store, in order. A version that was released is never changed: what comes later gets a version of its
 * own.
 */
export function migrations(types: ColumnTypes): Record<string, Migration> {
  return {
    '0001_initial': {
      up: async (db) => {
        for (const statement of initialTables(types)) await sql.raw(statement).execute(db as Kysely<unknown>);
      },
    },
  };
}
