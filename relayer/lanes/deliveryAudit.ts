import type { LogSource } from '../route.ts';
import { unseenDeliveries } from '../store/gaps.ts';
import type { Database } from '../store/schema.ts';

type Audit = NonNullable<LogSource['audit']>;

/** What a contract has recorded of a message as of a block; undefined, or no attempts, where it has not tried to deliver it. */
export type RecordOf = (
  messageHash: string,
  block: number,
) => Promise<{ readonly attempts: bigint; readonly blockNumber: bigint } | undefined>;

/** Most messages of a kind that are asked for, and milliseconds from one time to the next. */
const LIMIT = 50;
const INTERVAL_MS = 2000;

/**
 * Asks a route's destination for messages that it must have tried to deliver by all that is known, and of which no event was read.
 * Deliveries have no number of their own that could show a gap.
 */
export function deliveryAudit(db: Database, routeId: number, recordOf: RecordOf): Audit {
  let askedAt = Number.NEGATIVE_INFINITY;
  return async ({ number }) => {
    const isDue = performance.now() - askedAt >= INTERVAL_MS;
    const suspects = isDue ? await unseenDeliveries(db, routeId, LIMIT) : [];
    if (isDue) askedAt = performance.now();
    const records = await Promise.all(suspects.map(async (hash) => await recordOf(hash, number)));
    const attempted = new Map(
      suspects.flatMap((hash, position) => {
        const { attempts = 0n, blockNumber = 0n } = records[position] ?? {};
        return attempts === 0n ? [] : [[hash, Number(blockNumber)] as const];
      }),
    );
    return async (now) => {
      if (attempted.size === 0) return undefined;
      const unseen = await unseenDeliveries(now, routeId, LIMIT);
      const blocks = unseen.flatMap((hash) => attempted.get(hash) ?? []);
      return blocks.length === 0 ? undefined : Math.min(...blocks);
    };
  };
}

/** Several audits of one contract: reads again from where the first gap is. */
export function allOf(...audits: readonly Audit[]): Audit {
  return async (read) => {
    const checks = await Promise.all(audits.map(async (audit) => await audit(read)));
    return async (db) => {
      const found = await Promise.all(checks.map(async (check) => await check(db)));
      const blocks = found.filter((block) => block !== undefined);
      return blocks.length === 0 ? undefined : Math.min(...blocks);
    };
  };
}
