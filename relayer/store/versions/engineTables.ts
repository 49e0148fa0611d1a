import type { ColumnTypes } from './initialTables.ts';

/** What the transaction engine remembers beyond finality, which came with the store's fourth version. */
export function engineTables({ bytes }: ColumnTypes): string[] {
  return [
    `alter table "attempts" add column "position" integer not null default 0`,
    `alter table "attempts" add column "gasLimit" text`,
    `alter table "attempts" add column "maxPriorityFeePerGas" text`,
    `alter table "attempts" add column "broadcastAt" bigint`,
    `alter table "attempts" add column "refusal" text`,
    `alter table "transactions" add column "messages" integer not null default 0`,
    `alter table "transactions" add column "givenUp" integer not null default 0`,
    `alter table "transactions" add column "paid" text`,
    `update "transactions" set "messages" =
      (select count(*) from "messages" where "messages"."transactionId" = "transactions"."id")`,
    // What no message refers to is all that is ever deleted: to find it, the rest is not read.
    `create index "transactionsToForget" on "transactions" ("chainId", "signer", "nonce")
      where "messages" = 0 and ("stage" = 'final' or "stage" = 'replaced')`,
    `create table "spending" (
      "chainId" bigint not null,
      "signer" ${bytes} not null,
      "day" bigint not null,
      "wei" text not null,
      primary key ("chainId", "signer", "day"))`,
  ];
}
