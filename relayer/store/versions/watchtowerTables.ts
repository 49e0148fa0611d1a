import { eventColumns, type ColumnTypes } from './initialTables.ts';

/** Tables of the watchtower, which came with the store's seventh version. */
export function watchtowerTables(types: ColumnTypes): string[] {
  const { bytes } = types;
  return [
    `create table "batchChecks" (
      "batchEventId" bigint primary key,
      "routeId" integer not null references "routes" ("id"),
      "verdict" text not null default 'open',
      "lastBlockHash" ${bytes},
      "firstBlock" bigint,
      "detail" text,
      "condemned" integer not null default 0,
      "nextCheckAt" bigint not null default 0)`,
    `create table "batchLeaves" (
      "routeId" integer not null references "routes" ("id"),
      "batchRoot" ${bytes} not null,
      "end" bigint not null,
      "leaves" ${bytes} not null,
      primary key ("routeId", "batchRoot"))`,
    `create table "expectedDeposits" (
      "routeId" integer not null references "routes" ("id"),
      "queueIndex" bigint not null,
      "depositHash" ${bytes} not null,
      "canLapse" integer not null,
      "matchedHash" ${bytes},
      ${eventColumns(types)},
      primary key ("routeId", "queueIndex"))`,
    `create table "depositChecks" (
      "routeId" integer primary key references "routes" ("id"),
      "blockNumber" bigint not null,
      "nextIndex" bigint not null,
      "held" text,
      "heldHash" ${bytes},
      "heldBlock" bigint,
      "heldSince" bigint,
      "detail" text)`,
  ];
}
