import type { ColumnTypes } from './initialTables.ts';

/** The hash of the L2 block that an element was executed in, which came with the store's twelfth version. */
export function settlementTables({ bytes }: ColumnTypes): string[] {
  return [
    `alter table "queueElements" add column "executedHash" ${bytes}`,
    `create index "unsettled" on "queueElements" ("routeId", "queueIndex") where "executedHash" is not null`,
  ];
}
