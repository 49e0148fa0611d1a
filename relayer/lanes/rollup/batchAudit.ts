import type { LaneClient } from '../../../sdk/chain/client.ts';
import { stateCommitmentChainOf } from '../../../sdk/chain/contracts.ts';
import type { LogSource } from '../../route.ts';
import { newestSpans } from '../../store/stateBatches.ts';

/** Stored batches that are looked at; those before them were looked at before. */
const LIMIT = 1000;

/**
 * Compares the state batches that are recorded with the elements that L1 counts: a batch of which no event was read would be compared
 * with no L2 node, and one whose deletion was not read would be built upon. Batches that were forgotten are not looked for.
 */
export function batchAudit({ lane, l1 }: LaneClient, routeId: number): NonNullable<LogSource['audit']> {
  const commitments = stateCommitmentChainOf(lane, l1);
  return async ({ number: blockTag }) => {
    const total = Number(await commitments.getTotalElements({ blockTag }));
    return async (db) => {
      const spans = await newestSpans(db, routeId, LIMIT);
      let next = total;
      for (const { start, end, blockNumber } of spans) {
        // It may be this one that was deleted, or one after it that is missing: both stand in its block, or later.
        if (end !== next) return blockNumber;
        next = start;
      }
      return spans.length === 0 && total > 0 ? Number(lane.l1DeployedAt) + 1 : undefined;
    };
  };
}
