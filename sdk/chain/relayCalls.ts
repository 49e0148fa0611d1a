import { AbiCoder, dataLength, Interface, type JsonRpcProvider, type ParamType } from 'ethers';

import { l1CrossDomainMessenger } from '../abi/L1CrossDomainMessenger.ts';
import { MAX_TRANSACTION_GAS } from '../core/gas.ts';
import { decodeNonce, type Message } from '../core/message.ts';
import type { MessageTree } from '../core/messageTree.ts';
import type { MessageProof } from './contracts.ts';
import type { ProvenTree } from './proofs.ts';

const messenger = new Interface(l1CrossDomainMessenger.abi);

/** The type of a proof, which is the second parameter of `relayMessage`. */
const PROOF = messenger.getFunction('relayMessage')?.inputs[1] as ParamType;

/** Calldata that relays a message on L1 with a proof of its own. */
export function encodeRelay(message: Message, proof: MessageProof): string {
  return messenger.encodeFunctionData('relayMessage', [message, proof]);
}

/** Bytes that a proof takes in the calldata of what proves by it. */
export function proofLength(proof: MessageProof): number {
  return dataLength(AbiCoder.defaultAbiCoder().encode([PROOF], [proof]));
}

/** Calldata that proves a root of the message tree on L1. */
export function encodeRootProof({ count, peaks, proof }: ProvenTree): string {
  return messenger.encodeFunctionData('proveMessageRoot', [count, peaks, proof]);
}

/**
 * Calldata that relays messages on L1 by a tree whose root was proven there: one by its path, several as a batch.
 * @param messages in the order of their nonces, at least one, all of them leaves of the tree
 * @param count number of leaves of the proven tree
 * @throws {RangeError} when the tree does not hold them
 */
export function encodeTreeRelay(messages: readonly Message[], tree: MessageTree, count: number): string {
  const siblings = tree.multiproof(messages.map(leafIndex), count);
  const [single] = messages;
  return messages.length === 1
    ? messenger.encodeFunctionData('relayMessageByPath', [single, count, siblings])
    : messenger.encodeFunctionData('relayMessages', [messages, count, siblings]);
}

/** Index of a message's leaf in the message tree. */
export function leafIndex({ nonce }: Message): number {
  return Number(decodeNonce(nonce).counter);
}

/** A batch to be tried. */
export interface BatchCall {
  readonly from: string;
  /** The L1 messenger. */
  readonly to: string;
  readonly data: string;
  /** Messages in it. */
  readonly length: number;
  /** Gas limit to begin with. */
  readonly gasLimit: bigint;
}

/** How far a batch comes. */
export interface TriedBatch {
  /** Messages it is done with, from the first. */
  readonly done: number;
  /** Gas limit with which it is. */
  readonly gasLimit: bigint;
}

/**
 * Finds a gas limit with which a batch is done with all of its messages, or how far it comes with the gas of one transaction.
 * An estimate would be of no use: a batch succeeds when it has started its first message.
 * @throws what the call reverts with
 */
export async function tryBatch(provider: JsonRpcProvider, batch: BatchCall): Promise<TriedBatch> {
  const { from, to, data, length } = batch;
  for (let gasLimit = batch.gasLimit; ; gasLimit *= 2n) {
    const isMost = gasLimit >= MAX_TRANSACTION_GAS;
    const limit = isMost ? MAX_TRANSACTION_GAS : gasLimit;
    const answer = await provider.call({ from, to, data, gasLimit: limit });
    const done = Number(messenger.decodeFunctionResult('relayMessages', answer)[0]);
    if (done === length || isMost) return { done, gasLimit: limit };
  }
}
