/** In which L2 block an element of the queue was executed, which came with the store's ninth version. */
export function executionTables(): string[] {
  return [`alter table "queueElements" add column "executedIn" bigint`];
}
