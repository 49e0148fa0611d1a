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
export function eventColumns({ bytes }: ColumnTypes): string {
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
      "sources" ${bytes} not null,
      "blockNumber" bigint not null,
      "blockHash" ${bytes} not null,
      "timestamp" bigint not null,
      "finalNumber" bigint not null,
      "reorganisations" bigint not null default 0)`,
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
    // What is done is most of the table, and no stage looks for it. The order is the one in which they are worked on.
    `create index "messagesAtWork" on "messages" ("routeId", "stage", "blockNumber", "logIndex")
      where "stage" = 'sent' or "stage" = 'proven' or "stage" = 'submitted'`,
    `create table "proofs" (
      "messageId" bigint primary key references "messages" ("id"),
      "blockNumber" bigint not null,
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
      "sentAt" bigint not null default 0,
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
    `create index "stateBatchesByElement" on "stateBatchEvents" ("routeId", "kind", "prevTotalElements")`,
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
      "reverted" integer,
      unique ("chainId", "signer", "nonce"))`,
    `create index "transactionsAtWork" on "transactions" ("chainId", "signer", "nonce")
      where "stage" = 'pending' or "stage" = 'mined'`,
    `create table "attempts" (
      "hash" ${bytes} primary key,
      "transactionId" bigint not null references "transactions" ("id"),
      "raw" ${bytes} not null,
      "maxFeePerGas" text not null,
      "signedAt" bigint not null)`,
    `create index "attemptsOfTransactions" on "attempts" ("transactionId")`,
  ];
}
