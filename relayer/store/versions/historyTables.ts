import type { ColumnTypes } from './initialTables.ts';

/** What happened to messages, and what counts them quickly, which came with the store's fifth version. */
export function historyTables({ bytes, id }: ColumnTypes): string[] {
  return [
    `create table "history" (
      "id" ${id},
      "messageId" bigint not null,
      "event" text not null,
      "at" bigint not null,
      "reason" text,
      "transactionHash" ${bytes},
      "times" integer not null default 1,
      "lastAt" bigint)`,
    `create index "historyOfMessages" on "history" ("messageId", "id")`,
    // Few messages are one of these at a time: counting them must not read the others.
    `create index "messagesFailed" on "messages" ("routeId") where "stage" = 'failed'`,
    `create index "messagesOrphaned" on "messages" ("routeId", "stage") where "orphaned" = 1`,
    `create index "messagesParked" on "messages" ("routeId", "parkedReason", "stage") where "parkedReason" is not null`,
    `create index "messagesReady" on "messages" ("routeId", "readyAt")
      where "stage" = 'proven' and "parkedReason" is null`,
    // What those who ask look for.
    `create index "messagesByTransaction" on "messages" ("transactionHash")`,
    `create index "messagesBySender" on "messages" ("sender", "id")`,
    `create index "messagesByTarget" on "messages" ("target", "id")`,
  ];
}
