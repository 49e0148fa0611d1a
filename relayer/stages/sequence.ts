import type { JsonRpcProvider } from 'ethers';

import { toXdmError } from '../../sdk/chain/rpcErrors.ts';
import { decodeDeposit } from '../../sdk/core/optimism.ts';
import type { Finality } from '../route.ts';
import { readCursor } from '../store/blocks.ts';
import { forgetExecuted, markExecuted, nextQueueElements, type QueuedElement } from '../store/queueElements.ts';
import type { StageContext } from './stage.ts';

/** A queue whose elements are executed here, because L2's node does not derive them itself. */
export interface SequencedQueue {
  /** The route that its messages take. */
  readonly routeId: number;
  readonly l1ChainId: number;
  readonly l1: JsonRpcProvider;
  readonly l2: JsonRpcProvider;
  /** How final an element's L1 block must be: L2 would have to be wound back if it were dropped later. */
  readonly finality: Finality;
}

/** Elements looked at in one pass. */
const PASS_LIMIT = 100;

/**
 * Executes the queue's elements on L2: in order, each once. An element's transaction hash binds its index and its content,
 * so that L2 itself knows what it has executed, whatever was lost here.
 * @returns number of elements executed
 */
export async function sequence(queue: SequencedQueue, { store, logger }: StageContext): Promise<number> {
  const next = await nextQueueElements(store.db, queue.routeId, PASS_LIMIT);
  if (next.length === 0) return 0;
  const final = await queue.l1.getBlock(queue.finality);
  const elements = next.filter(({ blockNumber }) => final !== null && blockNumber <= final.number);
  if (elements.length === 0) return 0;

  const receipts = await Promise.all(
    elements.map(async ({ depositHash }) => await queue.l2.getTransactionReceipt(depositHash)),
  );
  for (const [position, element] of elements.entries()) {
    const { index, depositHash } = element;
    const outcome = (receipts[position] ?? null) === null ? await execute(queue, element) : 'executed';
    await markExecuted(store.db, queue.routeId, index);
    if (outcome === 'void') logger.warn({ index, depositHash }, 'an element that cannot be executed: passed over');
  }
  const cursor = await readCursor(store.db, queue.l1ChainId);
  await forgetExecuted(store.db, queue.routeId, cursor?.finalNumber ?? -1);
  logger.info({ count: elements.length, upTo: elements.at(-1)?.index }, 'executed the queue');
  return elements.length;
}

/** Returns `void` for an element that no state of L2 lets be executed: a replay whose value has arrived before. */
async function execute({ l2 }: SequencedQueue, element: QueuedElement): Promise<'executed' | 'void'> {
  try {
    // Answers when the transaction is in a block: the next one may depend on it.
    await l2.send('eth_sendRawTransactionSync', [element.raw]);
    return 'executed';
  } catch (error) {
    // The answer can be lost, or an earlier process have sent it.
    if ((await l2.getTransactionReceipt(element.depositHash)) !== null) return 'executed';
    if (await lacksFunds(l2, element.raw)) return 'void';
    throw toXdmError(error);
  }
}

/** Whether the sender lacks the value even with what the element mints. An OP-stack node includes such a one as failed. */
async function lacksFunds(l2: JsonRpcProvider, raw: string): Promise<boolean> {
  const { from, mint, value } = decodeDeposit(raw);
  const balance = BigInt((await l2.send('eth_getBalance', [from, 'latest'])) as string);
  return balance + mint < value;
}
