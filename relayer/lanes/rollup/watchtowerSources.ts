import { keccak256 } from 'ethers';

import type { LaneClient } from '../../../sdk/chain/client.ts';
import { queueOf } from '../../../sdk/chain/contracts.ts';
import { parseQueueElements, parseStateBatches, TOPICS } from '../../../sdk/chain/logs.ts';
import { queueSourceHash } from '../../../sdk/core/deposit.ts';
import { encodeDeposit } from '../../../sdk/core/optimism.ts';
import type { LogSource } from '../../route.ts';
import { openChecks } from '../../store/batchChecks.ts';
import { expectedNumbers, readDepositCheck, recordExpectedDeposits } from '../../store/depositChecks.ts';
import { auditOf } from '../audit.ts';
import type { RollupLane } from './rollupLane.ts';

/**
 * A lane of which the watchtower, too, keeps what L1's logs say. That there are more sources makes a node that has read L1 before
 * read it once more from the start, so that nothing is missing.
 */
export function withWatchtower(client: LaneClient, lane: RollupLane): RollupLane {
  // After the lane's own: a check rests on the batch that is recorded.
  return { ...lane, l1Sources: [...lane.l1Sources, ...watchtowerSources(client, lane)] };
}

function watchtowerSources(client: LaneClient, { l1ToL2, l2ToL1 }: RollupLane): LogSource[] {
  const { lane } = client;
  const chainId = Number(lane.l1ChainId);
  return [
    {
      address: lane.stateCommitmentChain,
      topics: [TOPICS.stateBatchAppended],
      async record(db, logs) {
        await openChecks(db, l2ToL1.id, parseStateBatches(logs, lane.stateCommitmentChain));
      },
    },
    {
      address: lane.canonicalTransactionChain,
      topics: [TOPICS.transactionDeposited, TOPICS.queueElement],
      // Where a sequencer executes the queue, the elements are audited by the lane's own source.
      ...(lane.deposits === 'derived' && { audit: queueAudit(client, l1ToL2.id) }),
      async record(db, logs) {
        const deposits = parseQueueElements(logs, lane.canonicalTransactionChain).map(
          ({ index, deposit, ...position }) => {
            const sourceHash =
              lane.deposits === 'derived'
                ? deposit.sourceHash
                : queueSourceHash(lane.l1ChainId, lane.canonicalTransactionChain, index);
            const depositHash = keccak256(encodeDeposit({ ...deposit, sourceHash }));
            // Who lacks the value cannot be helped by any state of L2: see `sequence`. An L2 that derives includes it as failed.
            const canLapse = lane.deposits === 'sequencer' && deposit.value > deposit.mint;
            return { ...position, index: Number(index), depositHash, canLapse };
          },
        );
        await recordExpectedDeposits(db, { routeId: l1ToL2.id, chainId }, deposits);
      },
    },
  ];
}

function queueAudit({ lane, l1 }: LaneClient, routeId: number): NonNullable<LogSource['audit']> {
  const queue = queueOf(lane, l1);
  return auditOf({
    deployedAt: Number(lane.l1DeployedAt),
    countAt: async (blockTag) => Number(await queue.getQueueLength({ blockTag })),
    recorded: async (db, range) => await expectedNumbers(db, routeId, range),
    forgotten: async (db) => (await readDepositCheck(db, routeId))?.nextIndex ?? 0,
  });
}
