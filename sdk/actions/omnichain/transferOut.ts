import { ZeroAddress, type Signer } from 'ethers';

import { chainOf, type OmnichainClient } from '../../chain/omnichain/client.ts';
import { serviceAt } from '../../chain/omnichain/contracts.ts';
import { parseMessagesOut, type OrderEvent } from '../../chain/omnichain/logs.ts';
import { waitForReceipt } from '../../chain/receipts.ts';
import { toXdmError } from '../../chain/rpcErrors.ts';
import { signerOn } from '../../chain/signers.ts';
import { XdmError } from '../../core/errors.ts';
import { withMargin } from '../../core/gas.ts';
import { findChain, routeOf } from '../../core/omnichain/deployment.ts';
import { decodeMessageData, encodeMessageData, type MessageData } from '../../core/omnichain/messageData.ts';
import { serviceOf } from './serviceOf.ts';

/** A message to send over the omnichain lane. */
export interface TransferOutParameters {
  /** Name or id of the chain it is sent from, and of its destination. */
  readonly fromChain: string | bigint;
  readonly toChain: string | bigint;
  /** Sends and pays, on the chain it is sent from. */
  readonly signer: Signer;
  readonly message: MessageData;
  /** Token to pay the fee with, which the signer has approved for the service; the chain's own where it is not given. */
  readonly feeToken?: string | undefined;
  /** Blocks to wait for, the message's own included; 1 where it is not given. */
  readonly confirmations?: number | undefined;
  /** Ends the wait for a block; the message may be sent nevertheless. */
  readonly signal?: AbortSignal | undefined;
}

/** A message that was sent. */
export interface SentOrder extends OrderEvent {
  /** What it has cost, in the fee token's smallest unit. */
  readonly fee: bigint;
}

/**
 * Sends a message, with the fee that its service asks for it, and waits until it stands in a block.
 * @throws {XdmError} `invalid-argument` with the offending value, `insufficient-funds`, the code of what the service refuses, and
 * what the endpoint throws
 */
export async function transferOut(client: OmnichainClient, parameters: TransferOutParameters): Promise<SentOrder> {
  const { message, feeToken = ZeroAddress, confirmations, signal } = parameters;
  // Nothing is asked of the destination: whoever sends need not be connected to it.
  const [from, to] = [chainOf(client, parameters.fromChain), findChain(client.lane, parameters.toChain)];
  verifyTransfer(client, { fromChain: from.chainId, toChain: to.chainId, message });
  try {
    const service = serviceAt(from.service, await signerOn(from.provider, parameters.signer));
    const [fee] = await service.getMessageFee(to.chainId, feeToken, message.gasLimit);
    const value = feeToken === ZeroAddress ? fee : 0n;
    const data = encodeMessageData(message);
    const estimate = await service.transferOut.estimateGas(to.chainId, data, feeToken, { value });
    const overrides = { value, gasLimit: withMargin(estimate) };
    const { hash } = await service.transferOut(to.chainId, data, feeToken, overrides);
    const receipt = await waitForReceipt(from.provider, hash, { confirmations, signal });
    const [sent] = parseMessagesOut(receipt.logs, from.service, serviceOf(client)).orders;
    if (sent !== undefined) return { ...sent, fee };
    throw new XdmError('transaction-reverted', `transaction ${hash} has no mapMessageOut event`, {
      hint: 'check that the deployment file belongs to this chain',
    });
  } catch (error) {
    throw toXdmError(error);
  }
}

/**
 * What a service would refuse, said before anything is asked of a chain.
 * @throws {XdmError} `invalid-argument`
 */
export function verifyTransfer(
  { lane }: OmnichainClient,
  {
    fromChain,
    toChain,
    message,
  }: { readonly fromChain: bigint; readonly toChain: bigint; readonly message: MessageData },
): void {
  const route = routeOf(lane, fromChain, toChain);
  decodeMessageData(encodeMessageData(message));
  if (message.relay && route.length === 2) {
    throw new XdmError('invalid-argument', 'a message between a chain and the relay chain has no target in between', {
      hint: 'send it with relay = false',
    });
  }
  if (message.value !== 0n) {
    throw new XdmError('invalid-argument', `the message has value ${message.value}, and none crosses`, {
      hint: 'send a message without value',
    });
  }
}
