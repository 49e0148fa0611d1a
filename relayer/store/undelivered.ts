import { sql } from 'kysely';

/** Of a message: no attempt to deliver it stands in a block that was read. It need not be final. */
export const isUndelivered = sql<boolean>`not exists (
  select 1 from "deliveries" where "deliveries"."routeId" = "messages"."routeId"
  and "deliveries"."messageHash" = "messages"."messageHash" and "deliveries"."orphaned" = 0)`;
