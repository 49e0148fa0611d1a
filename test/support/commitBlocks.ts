import type { Signer } from 'ethers';

import type { LaneClient } from '../../sdk/chain/client.ts';
import { stateCommitmentChainOf } from '../../sdk/chain/contracts.ts';
import { parseStateBatches } from '../../sdk/chain/logs.ts';
import { waitForReceipt } from '../../sdk/chain/receipts.ts';
import { connectionOf } from '../../sdk/chain/signers.ts';
import { readStateRoots, type StateBatch } from '../../sdk/chain/stateBatches.ts';
import { buildStateBatchTree } from '../../sdk/core/stateBatchTree.ts';

/** Enough: the estimate is of the moment before, when a slot could still be another one. */
const GAS = { gasLimit: 150_000n };

/**
 * Commits the state roots of all L2 blocks that no batch covers yet in one batch, as the proposer does.
 * @param last L2 block to end with; the latest where it is not given
 */
export async function commitBlocks(client: LaneClient, proposer: Signer, last?: number): Promise<StateBatch> {
  const { lane, l2 } = client;
  const chain = stateCommitmentChainOf(lane, proposer);
  const start = await chain.getTotalElements();
  const first = lane.startBlock + start;
  const count = (last ?? (await l2.getBlockNumber())) + 1 - Number(first);
  const tree = buildStateBatchTree(await readStateRoots(client, first, count));
  const { hash } = await chain.appendStateBatch(tree.root, tree.size, start, GAS);
  const { logs } = await waitForReceipt(connectionOf(proposer), hash);
  const [batch] = parseStateBatches(logs, lane.stateCommitmentChain);
  return batch!;
}
