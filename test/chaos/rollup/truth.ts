import { keccak256, toQuantity } from 'ethers';

import type { LaneClient } from '../../../sdk/chain/client.ts';
import {
  parseDeliveries,
  parseQueueElements,
  parseSentMessages,
  type DeliveryEvent,
  type SentMessage,
} from '../../../sdk/chain/logs.ts';
import { messengerAddress } from '../../../sdk/chain/messages.ts';
import { queueSourceHash } from '../../../sdk/core/deposit.ts';
import type { Side } from '../../../sdk/core/deployment.ts';
import { encodeDeposit } from '../../../sdk/core/optimism.ts';

/** What both chains say, whatever the node knows of it. */
export interface Truth {
  readonly l1: ChainTruth;
  readonly l2: ChainTruth;
  /** Hashes of the deposits that the queue's elements are, in its order. */
  readonly queue: readonly string[];
  /** Hashes of the deposits that L2 has executed, in the order of the chain. */
  readonly executed: readonly string[];
}

interface ChainTruth {
  /** Messages that were sent from it. */
  readonly sent: readonly SentMessage[];
  /** Attempts to deliver those of the other chain. */
  readonly attempts: readonly DeliveryEvent[];
}

const DEPOSIT_TYPE = '0x7e';

export async function readTruth(client: LaneClient): Promise<Truth> {
  const [l1, l2, queue, executed] = await Promise.all([
    readChain(client, 'l1'),
    readChain(client, 'l2'),
    readQueue(client),
    readExecuted(client),
  ]);
  return { l1, l2, queue, executed };
}

async function readChain(client: LaneClient, side: Side): Promise<ChainTruth> {
  const address = messengerAddress(client, side);
  const logs = await client[side].getLogs({ address, fromBlock: 0, toBlock: 'latest' });
  return { sent: parseSentMessages(logs, address), attempts: parseDeliveries(logs, address) };
}

async function readQueue({ lane, l1 }: LaneClient): Promise<string[]> {
  const address = lane.canonicalTransactionChain;
  const logs = await l1.getLogs({ address, fromBlock: 0, toBlock: 'latest' });
  return parseQueueElements(logs, address).map(({ index, deposit }) => {
    const sourceHash = queueSourceHash(lane.l1ChainId, address, index);
    return keccak256(encodeDeposit({ ...deposit, sourceHash }));
  });
}

interface Block {
  readonly transactions: readonly { readonly type: string; readonly hash: string }[];
}

/** Those of the lane: before it was deployed, it was tried out whether L2 takes deposits. */
async function readExecuted({ lane, l2 }: LaneClient): Promise<string[]> {
  const head = await l2.getBlockNumber();
  const first = Number(lane.l2DeployedAt) + 1;
  const numbers = Array.from({ length: Math.max(0, head - first + 1) }, (_, offset) => first + offset);
  const blocks = await Promise.all(
    numbers.map(async (number) => (await l2.send('eth_getBlockByNumber', [toQuantity(number), true])) as Block | null),
  );
  const transactions = blocks.flatMap((block) => block?.transactions ?? []);
  return transactions.filter(({ type }) => type === DEPOSIT_TYPE).map(({ hash }) => hash);
}
