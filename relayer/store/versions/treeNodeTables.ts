import type { ColumnTypes } from './initialTables.ts';

/** Nodes of the message tree below a final root, which came with the store's eleventh version. */
export function treeNodeTables({ bytes }: ColumnTypes): string[] {
  return [
    `create table "treeNodes" (
      "routeId" integer not null references "routes" ("id"),
      "subtree" bigint not null,
      "nodes" ${bytes} not null,
      primary key ("routeId", "subtree"))`,
  ];
}
