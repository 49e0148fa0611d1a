import { l1MessengerOf, l2MessengerOf } from '../../../sdk/chain/contracts.ts';
import { otherSide, type LaneClient } from '../../../sdk/chain/client.ts';
import type { Side } from '../../../sdk/core/deployment.ts';
import type { LogSource } from '../../route.ts';
import { unseenDeliveries } from '../../store/gaps.ts';
import type { Database } from '../../store/schema.ts';

type Audit = NonNullable<LogSource['audit']>;

/** Most messages of a kind that are asked for, and milliseconds from one time to the next. */
const LIMIT = 50;
const INTERVAL_MS = 2000;

/**
 * Asks a messenger for messages that it must have tried to deliver by all that is known, and of which no event was read. Deliveries have
 * no number of their own that could show a gap.
 * @param from the chain that the messages come from
 */
export function deliveryAudit(db: Database, { lane, ...chains }: LaneClient, from: Side, routeId: number): Audit {
  const to = otherSide(from);
  const messenger = to === 'l1' ? l1MessengerOf(lane, chains.l1) : l2MessengerOf(lane, chains.l2);
  let askedAt = Number.NEGATIVE_INFINITY;
  return async ({ number: blockTag }) => {
    const isDue = performance.now() - askedAt >= INTERVAL_MS;
    const suspects = isDue ? await unseenDeliveries(db, routeId, LIMIT) : [];
    if (isDue) askedAt = performance.now();
    const records = await Promise.all(suspects.map(async (hash) => await messenger.delivery(hash, { blockTag })));
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
