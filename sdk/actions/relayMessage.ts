import type { Signer, TransactionReceipt } from 'ethers';

import { otherSide, type LaneClient } from '../chain/client.ts';
import { l1MessengerOf, l2MessengerOf } from '../chain/contracts.ts';
import { parseDeliveries } from '../chain/logs.ts';
import { messengerAddress, type LaneMessage } from '../chain/messages.ts';
import { waitForReceipt } from '../chain/receipts.ts';
import { describeRevert } from '../chain/reverts.ts';
import { toXdmError } from '../chain/rpcErrors.ts';
import { XdmError, type ErrorCode } from '../core/errors.ts';
import { withMargin } from '../core/gas.ts';
import { buildProof } from './buildProof.ts';
import { getStatus, type MessageState } from './getStatus.ts';
import { waitForRelay } from './waitForRelay.ts';

/** What came of a relay. */
export interface RelayResult {
  /** `failed` if the target failed; `already-relayed` if somebody else has delivered it. */
  readonly outcome: 'relayed' | 'failed' | 'already-relayed';
  /** The transaction that delivered it, or tried to. */
  readonly transactionHash: string | undefined;
  /** Who made the attempt. */
  readonly relayer: string | undefined;
  /** Gas of the transaction; none where there was nothing left to do. */
  readonly gasUsed: bigint | undefined;
  /** Why the target failed. */
  readonly failureReason: string | undefined;
}

/** Which message to deliver, and who pays for it. */
export interface RelayMessageParameters {
  readonly message: LaneMessage;
  /** Pays, on the chain the message goes to. */
  readonly signer: Signer;
}

/** Longest wait, milliseconds, for a block with what somebody else has sent. */
const PENDING_MS = 60_000;

/** What it looks like when somebody else was faster. */
const LOST_RACE: ReadonlySet<ErrorCode> = new Set(['already-relayed', 'not-replayable', 'transaction-reverted']);

/**
 * Delivers a message by hand: one from L2 with a proof, once its window has passed; one from L1 only after its first
 * delivery has failed, with the value that arrived then. A message that was delivered is left alone.
 * @throws {XdmError} `not-ready` with `readyAt` where it is known, `insufficient-funds`, the code of what the messenger
 * refuses, and what the endpoints throw
 */
export async function relayMessage(client: LaneClient, parameters: RelayMessageParameters): Promise<RelayResult> {
  const { message } = parameters;
  const state = await getStatus(client, message);
  if (state.status === 'relayed') return alreadyRelayed(state);
  try {
    const signer = parameters.signer.connect(client[otherSide(message.fromChain)]);
    const receipt = await (message.fromChain === 'l2'
      ? relayToL1(client, message, { signer, state })
      : retryOnL2(client, message, { signer, state }));
    return resultOf(client, message, receipt);
  } catch (error) {
    const xdmError = toXdmError(error);
    if (!LOST_RACE.has(xdmError.code)) throw xdmError;
    const now = await (xdmError.code === 'already-relayed' ? whenMined(client, message) : getStatus(client, message));
    if (now.status === 'relayed') return alreadyRelayed(now);
    throw xdmError;
  }
}

/** Nodes estimate on top of what is not mined yet: somebody else's relay can be known before it is in a block. */
async function whenMined(client: LaneClient, message: LaneMessage): Promise<MessageState> {
  return await waitForRelay(client, { message, signal: AbortSignal.timeout(PENDING_MS) });
}

function alreadyRelayed({ relayTransactionHash: transactionHash, relayer }: MessageState): RelayResult {
  return { outcome: 'already-relayed', transactionHash, relayer, gasUsed: undefined, failureReason: undefined };
}

interface Attempt {
  readonly signer: Signer;
  readonly state: MessageState;
}

async function relayToL1(
  client: LaneClient,
  { messageHash, message, ...sent }: LaneMessage,
  { signer, state }: Attempt,
): Promise<TransactionReceipt> {
  if (state.status === 'in-challenge-period' && state.readyAt !== undefined) {
    const seconds = state.readyAt - state.l1Timestamp;
    throw new XdmError('not-ready', `the fraud-proof window of message ${messageHash} is open for ${seconds} s more`, {
      readyAt: state.readyAt,
      hint: `relay it from L1 timestamp ${state.readyAt} on`,
    });
  }
  const { proof } = await buildProof(client, { messageHash, message, ...sent });
  const { relayMessage: relay } = l1MessengerOf(client.lane, signer);
  const gasLimit = withMargin(await relay.estimateGas(message, proof));
  const { hash } = await relay(message, proof, { gasLimit });
  return await waitForReceipt(client.l1, hash);
}

async function retryOnL2(
  client: LaneClient,
  { messageHash, message }: LaneMessage,
  { signer, state }: Attempt,
): Promise<TransactionReceipt> {
  if (state.status !== 'failed') {
    throw new XdmError('not-ready', `message ${messageHash} has not been executed on L2 yet`, {
      hint: 'wait until the queue has been executed up to it; only a message that failed there is delivered by hand',
    });
  }
  const { nonce, sender, target, value, gasLimit: promised, data } = message;
  const { relayMessage: relay } = l2MessengerOf(client.lane, signer);
  const gasLimit = withMargin(await relay.estimateGas(nonce, sender, target, value, promised, data));
  const { hash } = await relay(nonce, sender, target, value, promised, data, { gasLimit });
  return await waitForReceipt(client.l2, hash);
}

function resultOf(
  client: LaneClient,
  { fromChain, messageHash }: LaneMessage,
  receipt: TransactionReceipt,
): RelayResult {
  const deliveries = parseDeliveries(receipt.logs, messengerAddress(client, otherSide(fromChain)));
  const delivery = deliveries.find((event) => event.messageHash === messageHash);
  if (delivery === undefined) {
    throw new XdmError('transaction-reverted', `transaction ${receipt.hash} delivered no ${messageHash}`);
  }
  const { outcome, reason, transactionHash } = delivery;
  const failureReason = outcome === 'failed' ? describeRevert(reason ?? '0x') : undefined;
  return { outcome, transactionHash, relayer: receipt.from, gasUsed: receipt.gasUsed, failureReason };
}
