import type { TransactionReceipt } from 'ethers';

import type { LaneClient } from '../../sdk/chain/client.ts';
import { parseQueueElements } from '../../sdk/chain/logs.ts';
import { queueSourceHash } from '../../sdk/core/deposit.ts';
import { encodeDeposit } from '../../sdk/core/optimism.ts';

/**
 * Executes all elements of the queue from an index on, as a sequencer does; one that is executed twice is sent twice.
 * @returns the deposits' receipts, in order
 */
export async function executeQueue({ lane, l1, l2 }: LaneClient, from = 0n): Promise<TransactionReceipt[]> {
  const queue = lane.canonicalTransactionChain;
  const logs = await l1.getLogs({ address: queue, fromBlock: 0 });
  const receipts: TransactionReceipt[] = [];
  for (const { index, deposit } of parseQueueElements(logs, queue)) {
    if (index < from) continue;
    const sourceHash = queueSourceHash(lane.l1ChainId, queue, index);
    // Not `waitForTransaction`: it can wait for a block after the one that mined the deposit, and there is none.
    const raw = encodeDeposit({ ...deposit, sourceHash });
    const { transactionHash } = (await l2.send('eth_sendRawTransactionSync', [raw])) as { transactionHash: string };
    const receipt = await l2.getTransactionReceipt(transactionHash);
    receipts.push(receipt!);
  }
  return receipts;
}
