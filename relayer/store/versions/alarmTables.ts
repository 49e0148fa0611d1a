/** The table of what an operator must look at, which came with the store's third version. */
export function alarmTables(): string[] {
  return [
    `create table "alarms" (
      "kind" text not null,
      "subject" text not null,
      "message" text not null,
      "halts" integer not null,
      "raisedAt" bigint not null,
      primary key ("kind", "subject"))`,
  ];
}
