/** What the databases call the types that differ. */
export interface ColumnTypes {
  readonly bytes: string;
  /** A primary key that counts by itself. */
  readonly id: string;
}

/** The tables of schema.ts, as the store's first version has them. */
export function initialTables(types: ColumnTypes): string[] {
  return [...cursors(types), ...messages(types), ...rollup(types), ...transactions(types)];
}

/** Columns of a row that stands for an event. */
function eventColumns({ bytes }: ColumnTypes): string {
  return `
      "chainId" bigint not null,
      "blockNumber" bigint not null,
      "blockHash" ${bytes} not null,
      "transactionHash" ${bytes} not null,
      "logIndex" integer not null,
      "orphaned" integer not null default 0`;
}

function cursors({ bytes, id }: ColumnTypes): string[] {
  return [
    `create table "routes" (
      "id" ${id},
      "sourceChainId" bigint not null,
      "sourceMessenger" ${bytes} not null,
      "destinationChainId" bigint not null,
      "destinationMessenger" ${bytes} not null,
      unique ("sourceChainId", "sourceMessenger", "destinationChainId", "destinationMessenger"))`,
    `create table "chains" (
      "chainId" bigint primary key,
      "blockNumber" bigint not null,
      "blockHash" ${bytes} not null,
      "timestamp" bigint not null,
      "finalNumber" bigint not null)`,
    `create table "blocks" (
      "chainId" bigint not null,
      "number" bigint not null,
      "hash" ${bytes} not null,
      "orphaned" integer not null default 0,
      primary key ("chainId", "hash"))`,
  ];
}

function messages({ bytes, id }: ColumnTypes): string[] {
  return [
    `create table "messages" (
      "id" ${id},
      "routeId" integer not null references "routes" ("id"),
      "messageHash" ${bytes} not null,
      "counter" bigint not null,
      "sender" ${bytes} not null,
      "target" ${bytes} not null,
      "value" text not null,
      "gasLimit" text not null,
      "data" ${bytes} not null,
      "stage" text not null,
      "batchEventId" bigint,
      "readyAt" bigint,
      "transactionId" bigint,
      "parkedReason" text,
      "nextTryAt" bigint not null default 0,
      "tries" integer not null default 0,
      "relayTransactionHash" ${bytes},
      "failureReason" ${bytes},
      ${eventColumns({ bytes, id })},
      unique ("routeId", "messageHash"))`,
    // What is done is most of the table, and no stage looks for it.
    `create index "messagesAtWork" on "messages" ("routeId", "stage", "nextTryAt")
      where "stage" in ('sent', 'proven', 'submitted')`,
    `create table "proofs" (
      "messageId" bigint primary key references "messages" ("id"),
      "proof" ${bytes} not null)`,
    `create table "deliveries" (
      "id" ${id},
      "routeId" integer not null references "routes" ("id"),
      "messageHash" ${bytes} not null,
      "outcome" text not null,
      "reason" ${bytes},
      ${eventColumns({ bytes, id })},
      unique ("routeId", "blockHash", "logIndex"))`,
    `create index "deliveriesOfMessages" on "deliveries" ("routeId", "messageHash")`,
  ];
}

function rollup({ bytes, id }: ColumnTypes): string[] {
  return [
    `create table "queueElements" (
      "routeId" integer not null references "routes" ("id"),
      "queueIndex" bigint not null,
      "depositHash" ${bytes} not null,
      "raw" ${bytes} not null,
      "executed" integer not null default 0,
      ${eventColumns({ bytes, id })},
      primary key ("routeId", "queueIndex"))`,
    `create table "stateBatchEvents" (
      "id" ${id},
      "routeId" integer not null references "routes" ("id"),
      "kind" text not null,
      "batchIndex" bigint not null,
      "batchRoot" ${bytes},
      "batchSize" integer,
      "prevTotalElements" bigint,
      "timestamp" bigint,
      ${eventColumns({ bytes, id })},
      unique ("routeId", "blockHash", "logIndex"))`,
  ];
}

function transactions({ bytes, id }: ColumnTypes): string[] {
  return [
    `create table "transactions" (
      "id" ${id},
      "chainId" bigint not null,
      "signer" ${bytes} not null,
      "nonce" bigint not null,
      "purpose" text not null,
      "stage" text not null,
      "createdAt" bigint not null,
      "transactionHash" ${bytes},
      "blockNumber" bigint,
      "reverted" integer)`,
    `create index "transactionsAtWork" on "transactions" ("chainId", "signer", "nonce")
      where "stage" in ('pending', 'mined')`,
    `create table "attempts" (
      "hash" ${bytes} primary key,
      "transactionId" bigint not null references "transactions" ("id"),
      "raw" ${bytes} not null,
      "maxFeePerGas" text not null,
      "broadcastAt" bigint not null default 0)`,
    `create index "attemptsOfTransactions" on "attempts" ("transactionId")`,
  ];
}
