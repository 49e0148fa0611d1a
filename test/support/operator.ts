import type { Signer } from 'ethers';

import type { LaneClient } from '../../sdk/chain/client.ts';
import { stateCommitmentChainOf } from '../../sdk/chain/contracts.ts';
import { parseQueueElements } from '../../sdk/chain/logs.ts';
import { waitForReceipt } from '../../sdk/chain/receipts.ts';
import { readStateRoots } from '../../sdk/chain/stateBatches.ts';
import { queueSourceHash } from '../../sdk/core/deposit.ts';
import { encodeDeposit } from '../../sdk/core/optimism.ts';
import { buildStateBatchTree } from '../../sdk/core/stateBatchTree.ts';

/** Does by hand what a lane needs somebody to do: the test says when. */
export interface Operator {
  /** Executes on L2 what has been enqueued since the last time. */
  readonly executeQueue: () => Promise<void>;
  /** Commits the state roots of all L2 blocks since the last time in one batch. */
  readonly commitBlocks: () => Promise<void>;
  /** Moves L1's clock past the window of what is committed. */
  readonly passWindow: () => Promise<void>;
}

export function createOperator({ lane, l1, l2 }: LaneClient, proposer: Signer): Operator {
  let executed = 0;
  const commitments = stateCommitmentChainOf(lane, proposer);
  return {
    async executeQueue() {
      const address = lane.canonicalTransactionChain;
      const logs = await l1.getLogs({ address, fromBlock: 0 });
      for (const { index, deposit } of parseQueueElements(logs, address).slice(executed)) {
        const sourceHash = queueSourceHash(lane.l1ChainId, address, index);
        const raw = encodeDeposit({ ...deposit, sourceHash });
        await waitForReceipt(l2, (await l2.send('eth_sendRawTransaction', [raw])) as string);
        executed++;
      }
    },
    async commitBlocks() {
      const committed = await commitments.getTotalElements();
      const first = lane.startBlock + committed;
      const roots = await readStateRoots({ lane, l1, l2 }, first, (await l2.getBlockNumber()) - Number(first) + 1);
      const tree = buildStateBatchTree(roots);
      await waitForReceipt(l1, (await commitments.appendStateBatch(tree.root, tree.size, committed)).hash);
    },
    async passWindow() {
      await l1.send('evm_increaseTime', [Number(lane.fraudProofWindow)]);
      await l1.send('evm_mine', []);
    },
  };
}
