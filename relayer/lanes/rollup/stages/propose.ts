import { getAgreedBlock } from '../../../../sdk/chain/agreedBlock.ts';
import type { LaneClient } from '../../../../sdk/chain/client.ts';
import { stateCommitmentChainOf } from '../../../../sdk/chain/contracts.ts';
import { readStateRoots } from '../../../../sdk/chain/stateBatches.ts';
import { buildStateBatchTree, MAX_STATE_BATCH_SIZE } from '../../../../sdk/core/stateBatchTree.ts';
import type { Finality } from '../../../route.ts';
import { firstCondemned, recordLeaves } from '../../../store/batchChecks.ts';
import { readCursor } from '../../../store/blocks.ts';
import type { Database } from '../../../store/schema.ts';
import type { TransactionEngine } from '../../../tx/engine.ts';
import type { WatchedLane } from '../watchtower.ts';
import type { StageContext } from '../../../stages/stage.ts';

/** A state-commitment chain that batches are committed to. */
export interface ProposedChain {
  readonly client: LaneClient;
  /** Of the proposer, on L1. */
  readonly engine: TransactionEngine;
  /** How final an L2 block must be before its state root is committed. */
  readonly finality: Finality;
  /** Most state roots in a batch, 1 to 65,536: their number makes a batch no dearer, but each proof from it longer. */
  readonly maxBatchSize: number;
  /** Where the lane is watched here too: what is committed is remembered until it has been checked. */
  readonly watched?: WatchedLane | undefined;
}

const PURPOSE = 'state-batch';

/** Gas of committing a batch of any size is some 61,000, of the first one some 82,000. */
const GAS_LIMIT = 150_000n;

/**
 * Commits the state roots of the L2 blocks that are not committed yet, in one batch. Waits while an earlier one is not mined:
 * a batch says where it starts.
 * @returns number of batches, 0 or 1
 */
export async function propose(chain: ProposedChain, { store, logger }: StageContext): Promise<number> {
  const { client, engine, finality } = chain;
  if ((await engine.pending(PURPOSE)) > 0 || (await isToBeDeleted(chain, store.db))) return 0;
  const commitments = stateCommitmentChainOf(client.lane, client.l1);
  const [start, head] = await Promise.all([commitments.getTotalElements(), getAgreedBlock(client.l2, finality)]);
  const first = client.lane.startBlock + start;
  const last = BigInt(head.number);
  if (last < first) return 0;

  const limit = BigInt(Math.min(chain.maxBatchSize, MAX_STATE_BATCH_SIZE));
  const size = last - first + 1n < limit ? last - first + 1n : limit;
  const stateRoots = await readStateRoots(client, first, Number(size));
  const { root } = buildStateBatchTree(stateRoots);
  // Who may not, or is not the only one, learns it here and not from a transaction that reverts.
  await commitments.appendStateBatch.estimateGas(root, Number(size), start, { from: engine.address });
  const { to, data } = await commitments.appendStateBatch.populateTransaction(root, Number(size), start);
  const onStored = async (db: Database): Promise<void> => {
    if (chain.watched === undefined) return;
    await recordLeaves(db, chain.watched.l2ToL1, { batchRoot: root, end: Number(start + size), stateRoots });
  };
  await engine.submit([{ purpose: PURPOSE, to, data, gasLimit: GAS_LIMIT, onStored }]);
  logger.info({ start, size }, 'committed a state batch');
  return 1;
}

/** Whether the chain's end is about to be deleted from here: what is committed on top would go with it. */
async function isToBeDeleted({ client, watched }: ProposedChain, db: Database): Promise<boolean> {
  if (watched?.challenger === undefined) return false;
  const l1 = await readCursor(db, Number(client.lane.l1ChainId));
  const after = (l1?.timestamp ?? 0) - Number(client.lane.fraudProofWindow);
  return (await firstCondemned(db, watched.l2ToL1, { after, fromElement: undefined })) !== undefined;
}
