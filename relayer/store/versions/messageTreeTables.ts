import { eventColumns, type ColumnTypes } from './initialTables.ts';

/** Tables of the message tree, which came with the store's second version. */
export function messageTreeTables(types: ColumnTypes): string[] {
  const { bytes } = types;
  return [
    `create table "messageRoots" (
      "routeId" integer not null references "routes" ("id"),
      "count" bigint not null,
      "root" ${bytes} not null,
      ${eventColumns(types)},
      primary key ("routeId", "count"))`,
    `create table "treeProofs" (
      "batchEventId" bigint primary key,
      "routeId" integer not null references "routes" ("id"),
      "blockNumber" bigint not null,
      "count" bigint not null,
      "root" ${bytes} not null,
      "readyAt" bigint not null,
      "call" ${bytes} not null)`,
    // The tree's leaves, in order.
    `create index "messagesByCounter" on "messages" ("routeId", "counter")`,
  ];
}
