import type { Signer, TransactionReceipt } from 'ethers';

import { otherSide, type LaneClient } from '../chain/client.ts';
import { l2MessengerOf } from '../chain/contracts.ts';
import { withBatchSizes } from '../chain/deliveries.ts';
import { parseDeliveries } from '../chain/logs.ts';
import { messengerAddress, type LaneMessage } from '../chain/messages.ts';
import { waitForReceipt } from '../chain/receipts.ts';
import { describeRevert } from '../chain/reverts.ts';
import { toXdmError } from '../chain/rpcErrors.ts';
import { notCovered } from '../chain/stateBatches.ts';
import { XdmError, type ErrorCode } from '../core/errors.ts';
import { withMargin } from '../core/gas.ts';
import { formatTime } from '../chain/time.ts';
import { getStatus, type MessageState } from './getStatus.ts';
import { waitForRelay } from './waitForRelay.ts';

/** What came of a relay. */
export interface RelayResult {
  /** `failed` if the target failed; `already-relayed` if somebody else has delivered it. */
  readonly outcome: 'relayed' | 'failed' | 'already-relayed';
  /** The transaction that delivered it, or tried to. */
  readonly transactionHash: string | undefined;
  /** Messages that this transaction delivered, or tried to: 1, or more in a batch. */
  readonly batchSize: number | undefined;
  /** Who made the attempt. */
  readonly relayer: string | undefined;
  /** Gas of the transaction, for all of its messages together; none where there was nothing left to do. */
  readonly gasUsed: bigint | undefined;
  /** The transaction by which this run proved the root that the message went by; none where it needed none, or the root was there. */
  readonly rootTransactionHash: string | undefined;
  /** Gas of that transaction, for all messages together that go by the root; `gasUsed` is without it. */
  readonly rootGasUsed: bigint | undefined;
  /** Why the target failed. */
  readonly failureReason: string | undefined;
}

/** Longest wait for somebody else's transaction, milliseconds. */
const PENDING_MS = 30_000;

/** Of a message for which no root was proven. */
const NO_ROOT = { rootTransactionHash: undefined, rootGasUsed: undefined };

/** What it looks like when somebody else was faster. */
const LOST_RACE: ReadonlySet<ErrorCode> = new Set(['already-relayed', 'not-replayable', 'transaction-reverted']);

/**
 * Delivers a message by a transaction of its own, unless somebody else is faster.
 * @param send sends the transaction, and waits for it
 * @throws {XdmError} what `send` and the endpoints throw
 */
export async function attemptRelay(
  client: LaneClient,
  message: LaneMessage,
  send: () => Promise<TransactionReceipt>,
): Promise<RelayResult> {
  try {
    const receipt = await send();
    const result = resultsOf(client, message, receipt).get(message.messageHash);
    if (result !== undefined) return result;
    throw new XdmError('transaction-reverted', `transaction ${receipt.hash} delivered no ${message.messageHash}`);
  } catch (error) {
    const xdmError = toXdmError(error);
    if (!LOST_RACE.has(xdmError.code)) throw xdmError;
    // Nodes try it on top of what is pending: whoever was faster need not be in a block yet.
    const signal = AbortSignal.timeout(PENDING_MS);
    const isPending = xdmError.code === 'already-relayed';
    const now = await (isPending ? waitForRelay(client, { message, signal }) : getStatus(client, message));
    if (now.status === 'relayed') return alreadyRelayed(now);
    throw xdmError;
  }
}

/** What is to be said of a message that was delivered before. */
export function alreadyRelayed({ relayTransactionHash, batchSize, relayer }: MessageState): RelayResult {
  return {
    outcome: 'already-relayed',
    transactionHash: relayTransactionHash,
    batchSize,
    relayer,
    gasUsed: undefined,
    ...NO_ROOT,
    failureReason: undefined,
  };
}

/** What came of the messages that a transaction attempted, by message hash, as far as they are from the same chain. */
export function resultsOf(
  client: LaneClient,
  { fromChain }: Pick<LaneMessage, 'fromChain'>,
  receipt: TransactionReceipt,
): Map<string, RelayResult> {
  const { from: relayer, gasUsed } = receipt;
  const attempts = withBatchSizes(parseDeliveries(receipt.logs, messengerAddress(client, otherSide(fromChain))));
  return new Map(
    attempts.map(({ messageHash, outcome, reason, transactionHash, batchSize }) => {
      const failureReason = outcome === 'failed' ? describeRevert(reason ?? '0x') : undefined;
      return [messageHash, { outcome, transactionHash, batchSize, relayer, gasUsed, ...NO_ROOT, failureReason }];
    }),
  );
}

/**
 * Makes sure that a message which was not delivered can be delivered by hand now.
 * @throws {XdmError} `not-ready`, with `readyAt` where it is known
 */
export function verifyReady({ fromChain, messageHash, blockNumber }: LaneMessage, state: MessageState): void {
  const { status, readyAt, l1Timestamp } = state;
  if (fromChain === 'l1' && status !== 'failed') {
    throw new XdmError('not-ready', `message ${messageHash} has not been executed on L2 yet`, {
      hint: 'wait until the queue has been executed up to it; only a message that failed there is delivered by hand',
    });
  }
  if (status === 'state-root-not-published') throw notCovered(blockNumber);
  if (status === 'in-challenge-period' && readyAt !== undefined) {
    const seconds = readyAt - l1Timestamp;
    throw new XdmError('not-ready', `the fraud-proof window of message ${messageHash} is open for ${seconds} s more`, {
      readyAt,
      hint: `relay it from ${formatTime(readyAt)} on, L1 timestamp ${readyAt}`,
    });
  }
}

/**
 * Sends a call to the L1 messenger, and waits until it stands in a block.
 * @param signer connected to L1
 * @param gasLimit estimated where it is not given
 */
export async function sendToL1(
  { lane, l1 }: LaneClient,
  signer: Signer,
  call: { readonly data: string; readonly gasLimit?: bigint | undefined },
): Promise<TransactionReceipt> {
  const transaction = { to: lane.l1Messenger, data: call.data };
  const gasLimit = call.gasLimit ?? withMargin(await signer.estimateGas(transaction));
  return await waitForReceipt(l1, await signer.sendTransaction({ ...transaction, gasLimit }));
}

/**
 * Delivers a message from L1 again that has failed on L2, with the value that arrived then, and waits until that stands in a block.
 * @param signer connected to L2
 * @param gas limit of the transaction; estimated where it is not given
 */
export async function retryOnL2(
  { lane, l2 }: LaneClient,
  { message }: LaneMessage,
  signer: Signer,
  gas?: bigint,
): Promise<TransactionReceipt> {
  const { nonce, sender, target, value, gasLimit: promised, data } = message;
  const { relayMessage: relay } = l2MessengerOf(lane, signer);
  const gasLimit = gas ?? withMargin(await relay.estimateGas(nonce, sender, target, value, promised, data));
  return await waitForReceipt(l2, await relay(nonce, sender, target, value, promised, data, { gasLimit }));
}
