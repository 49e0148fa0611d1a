import type { Signer, TransactionReceipt } from 'ethers';

import { planAncestor } from '../../chain/omnichain/ancestors.ts';
import {
  chainOf,
  lightClientBetween,
  type ConnectedChain,
  type OmnichainClient,
} from '../../chain/omnichain/client.ts';
import { SERVICE_CALLS, serviceAt } from '../../chain/omnichain/contracts.ts';
import { parseMessagesIn, parseMessagesOut, type OrderAttempt, type OrderEvent } from '../../chain/omnichain/logs.ts';
import { getBlockOf, proveMessage } from '../../chain/omnichain/messageProof.ts';
import { waitForReceipt } from '../../chain/receipts.ts';
import { toXdmError } from '../../chain/rpcErrors.ts';
import { signerOn } from '../../chain/signers.ts';
import { withMargin } from '../../core/gas.ts';
import { routeOf } from '../../core/omnichain/deployment.ts';
import { serviceOf } from './serviceOf.ts';

/** One hop of a message: what proves it to the next service. */
export interface BuiltTransferIn {
  /** The chain that the proof is for. */
  readonly onChain: bigint;
  /** Calls to make first, in order: they make the message's block known to the light client. */
  readonly ancestors: readonly { readonly purpose: string; readonly to: string; readonly data: string }[];
  /** The service. */
  readonly to: string;
  /** Calldata of `transferInWithIndex`, hex. */
  readonly data: string;
}

/** Whose delivery is asked for, and who pays. */
export interface TransferInParameters {
  /** Name or id of the chain that logged the message. */
  readonly fromChain: string | bigint;
  /** As that chain's service has logged it. */
  readonly order: OrderEvent;
  /** Sends and pays, on the next chain of the message's route. */
  readonly signer: Signer;
  /** Gas limit of the transaction; what the message needs where it is not given. */
  readonly gasLimit?: bigint | undefined;
  /** Ends the wait for a block. */
  readonly signal?: AbortSignal | undefined;
}

/** What a hop came to: the target's word, or the message as it goes on; both where the target on the relay chain has answered. */
export interface TransferInResult {
  readonly transactionHash: string;
  readonly attempt: OrderAttempt | undefined;
  readonly forwarded: OrderEvent | undefined;
}

/**
 * Proves a message that a chain's service has logged to the next service on its way.
 * @param fromChain name or id of the chain that logged it
 * @throws {XdmError} `not-ready` where the light client there is not so far, `proof-invalid`, `light-client-frozen`, and what the
 * endpoints throw
 */
export async function buildTransferIn(
  client: OmnichainClient,
  fromChain: string | bigint,
  order: OrderEvent,
): Promise<BuiltTransferIn> {
  const from = chainOf(client, fromChain);
  const on = nextChain(client, from, order);
  try {
    const block = await getBlockOf(from, order);
    const { proof, logIndex } = await proveMessage(from, block, order);
    const ancestors = await planAncestor(on, from, lightClientBetween(client, on.chainId, from.chainId), block);
    const data = SERVICE_CALLS.encodeFunctionData('transferInWithIndex', [from.chainId, logIndex, proof]);
    return { onChain: on.chainId, ancestors, to: on.service, data };
  } catch (error) {
    throw toXdmError(error);
  }
}

/** The chain after one on a message's way. */
function nextChain(client: OmnichainClient, from: ConnectedChain, { fromChain, toChain }: OrderEvent): ConnectedChain {
  const route = routeOf(client.lane, fromChain, toChain);
  return chainOf(client, route[route.indexOf(from.chainId) + 1] ?? toChain);
}

/**
 * Takes a message over one hop: makes its block known to the light client where it is not, and proves it to the service.
 * @throws {XdmError} what `buildTransferIn` throws, `already-relayed`, `insufficient-gas`, the code of what the service refuses
 */
export async function transferIn(client: OmnichainClient, parameters: TransferInParameters): Promise<TransferInResult> {
  const { order, signal } = parameters;
  const { onChain, ancestors, to, data } = await buildTransferIn(client, parameters.fromChain, order);
  const on = chainOf(client, onChain);
  try {
    const signer = await signerOn(on.provider, parameters.signer);
    for (const call of ancestors) {
      const gasLimit = withMargin(await signer.estimateGas({ to: call.to, data: call.data }));
      const { hash } = await signer.sendTransaction({ to: call.to, data: call.data, gasLimit });
      await waitForReceipt(on.provider, hash, { signal });
    }
    const gasLimit = parameters.gasLimit ?? withMargin(await signer.estimateGas({ to, data }));
    const { hash } = await signer.sendTransaction({ to, data, gasLimit });
    return resultOf(client, { on, orderId: order.orderId }, await waitForReceipt(on.provider, hash, { signal }));
  } catch (error) {
    throw toXdmError(error);
  }
}

/** A failed message to try again. */
export interface RetryMessageParameters {
  /** Name or id of the chain where it failed. */
  readonly onChain: string | bigint;
  /** As `mapMessageIn` has it there. */
  readonly order: OrderEvent;
  readonly signer: Signer;
  /** Gas limit of the transaction: the target gets what is left of it. */
  readonly gasLimit?: bigint | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Tries a message again whose target has failed. Anyone can, for ever; on the relay chain, what the target answers goes on.
 * @throws {XdmError} `not-replayable` where it has not failed, the code of what the service refuses, and what the endpoint throws
 */
export async function retryMessageIn(
  client: OmnichainClient,
  { onChain, order, ...parameters }: RetryMessageParameters,
): Promise<TransferInResult> {
  const on = chainOf(client, onChain);
  try {
    const service = serviceAt(on.service, await signerOn(on.provider, parameters.signer));
    const args = [order.fromChain, order.toChain, order.orderId, order.sender, order.callData] as const;
    const gasLimit = parameters.gasLimit ?? withMargin(await service.retryMessageIn.estimateGas(...args));
    const { hash } = await service.retryMessageIn(...args, { gasLimit });
    return resultOf(
      client,
      { on, orderId: order.orderId },
      await waitForReceipt(on.provider, hash, { signal: parameters.signal }),
    );
  } catch (error) {
    throw toXdmError(error);
  }
}

/** What a transaction came to for a message; others can be in it, if its target has sent some. */
function resultOf(
  client: OmnichainClient,
  { on, orderId }: { readonly on: ConnectedChain; readonly orderId: string },
  receipt: TransactionReceipt,
): TransferInResult {
  const isOwn = (order: OrderEvent): boolean => order.orderId === orderId;
  const attempt = parseMessagesIn(receipt.logs, on.service, serviceOf(client)).orders.find(isOwn);
  const forwarded = parseMessagesOut(receipt.logs, on.service, serviceOf(client)).orders.find(isOwn);
  return { transactionHash: receipt.hash, attempt, forwarded };
}
