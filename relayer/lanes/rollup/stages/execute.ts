import type { JsonRpcProvider } from 'ethers';

import { sendToAll } from '../../../../sdk/chain/pooledProvider.ts';
import { isRejection, toXdmError } from '../../../../sdk/chain/rpcErrors.ts';
import { sleep } from '../../../../sdk/chain/sleep.ts';
import { decodeDeposit } from '../../../../sdk/core/optimism.ts';
import { isEndpointFault } from '../../../endpointFault.ts';
import type { SequencedQueue } from '../sequencedQueue.ts';
import type { QueuedElement } from '../../../store/queueElements.ts';
import type { Store } from '../../../store/store.ts';
import { noteUnanswered } from './handOut.ts';
import { findOnL2, isInBlock, SILENCE_MS, type InBlock, type L2Lookups } from './l2Lookups.ts';

/** Times that an element is handed to an L2 node that refuses it, and milliseconds in between. */
const MOST_REFUSALS = 20;
const REFUSED_MS = 5;

/** A block of L2. */
export interface Place {
  readonly number: number;
  readonly hash: string;
}

/** An element whose turn it is. */
export interface Turn {
  readonly element: QueuedElement;
  /** Hash of the deposit before it, which L2 can have dropped meanwhile; undefined where it cannot. */
  readonly previous: string | undefined;
  readonly lookups: L2Lookups;
}

/**
 * Hands an element to L2, unless it has it.
 * @returns the L2 block that it is in; `void` for an element that no state of L2 lets be executed: a replay whose value
 * has arrived before; `pending` for one that L2 has and has not executed yet, or that must wait for one before it.
 */
export async function execute(
  queue: SequencedQueue,
  { element, previous, lookups }: Turn,
  store: Store,
): Promise<Place | 'void' | 'pending'> {
  const { l2 } = queue;
  // Looked up again, since those before it took their time: what another process has sent meanwhile is not sent twice.
  const [known, before] = await Promise.all([
    lookups.find(element.depositHash),
    previous === undefined ? [] : lookups.find(previous),
  ]);
  if (known.length > 0) return firstPlace(known);
  if (previous !== undefined && !before.some(isInBlock)) return 'pending';
  for (let tries = 1; ; tries++) {
    store.lease.verify();
    try {
      // Answers when the transaction is in a block: the next one may depend on it.
      const receipt = (await l2.send('eth_sendRawTransactionSync', [element.raw])) as InBlock;
      lookups.noteExecuted(element.depositHash, receipt);
      return placeOf(receipt);
    } catch (cause) {
      const error = toXdmError(cause);
      if (isAnswerLost(cause)) await noteUnanswered(queue, element, store);
      // The answer can be lost, or an earlier process have sent it: a node refuses, too, what it has in its pool.
      const found = await findOnL2(l2, element.depositHash);
      if (found.length > 0) return firstPlace(found);
      if (!isEndpointFault(error) && (await lacksFunds(l2, element.raw))) return 'void';
      // A node can have the one before in its pool for a moment after it has mined it. What it has refused it does not have.
      if (!isRejection(cause) || tries === MOST_REFUSALS) throw error;
      await sleep(REFUSED_MS);
    }
  }
}

/** The L2 block that has executed an element, if its node says so. */
export async function findReceipt(
  l2: JsonRpcProvider,
  { depositHash }: Pick<QueuedElement, 'depositHash'>,
): Promise<Place | undefined> {
  const receipt = await l2.getTransactionReceipt(depositHash);
  return receipt === null ? undefined : { number: receipt.blockNumber, hash: receipt.blockHash };
}

/** The block that a transaction is in by the word of any endpoint; `pending` for one that waits in their pools. */
function firstPlace(known: readonly InBlock[]): Place | 'pending' {
  const found = known.find(isInBlock);
  return found === undefined ? 'pending' : placeOf(found);
}

function placeOf({ blockNumber, blockHash }: InBlock): Place {
  return { number: Number(blockNumber), hash: blockHash ?? '' };
}

/** Whether nobody knows what became of a request: that the node refuses it, and that an endpoint has too much to do, is no such error. */
function isAnswerLost(cause: unknown): boolean {
  return !isRejection(cause) && toXdmError(cause).code !== 'rpc-rate-limited';
}

/** Whether the sender lacks the value even with what the element mints. An OP-stack node includes such a one as failed. */
async function lacksFunds(l2: JsonRpcProvider, raw: string): Promise<boolean> {
  const { from, mint, value } = decodeDeposit(raw);
  // An endpoint that is behind lacks what has arrived just before, and one that is not can be silent.
  const call = { method: 'eth_getBalance', params: [from, 'latest'] };
  const balances = (await sendToAll(l2, call, SILENCE_MS)) as string[];
  return balances.every((balance) => BigInt(balance) + mint < value);
}
