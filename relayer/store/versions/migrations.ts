import { sql, type Kysely, type Migration } from 'kysely';

import { alarmTables } from './alarmTables.ts';
import { droppedMessageTables } from './droppedMessageTables.ts';
import { engineTables } from './engineTables.ts';
import { executionTables } from './executionTables.ts';
import { historyTables } from './historyTables.ts';
import { initialTables, type ColumnTypes } from './initialTables.ts';
import { leaseTables } from './leaseTables.ts';
import { messageTreeTables } from './messageTreeTables.ts';
import { settlementTables } from './settlementTables.ts';
import { treeNodeTables } from './treeNodeTables.ts';
import { watchtowerTables } from './watchtowerTables.ts';

/**
 * The versions of the store, in order. A version that was released is never changed: what comes later gets a version of its
 * own.
 */
export function migrations(types: ColumnTypes): Record<string, Migration> {
  return {
    '0001_initial': creating(initialTables(types)),
    '0002_message_tree': creating(messageTreeTables(types)),
    '0003_alarms': creating(alarmTables()),
    '0004_engine': creating(engineTables(types)),
    '0005_history': creating(historyTables(types)),
    '0006_leases': creating(leaseTables()),
    '0007_watchtower': creating(watchtowerTables(types)),
    '0009_executions': creating(executionTables()),
    '0010_dropped_messages': creating(droppedMessageTables()),
    '0011_tree_nodes': creating(treeNodeTables(types)),
    '0012_settlements': creating(settlementTables(types)),
  };
}

function creating(statements: readonly string[]): Migration {
  return {
    up: async (db) => {
      for (const statement of statements) await sql.raw(statement).execute(db as Kysely<unknown>);
    },
  };
}
