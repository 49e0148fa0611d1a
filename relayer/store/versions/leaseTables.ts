/** Who acts for a lane, which came with the store's sixth version. */
export function leaseTables(): string[] {
  return [
    `create table "leases" (
      "lane" text primary key,
      "token" bigint not null,
      "holder" text not null,
      "expiresAt" bigint not null,
      "settled" integer not null)`,
  ];
}
