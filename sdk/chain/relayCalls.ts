import { AbiCoder, dataLength, Interface, type ParamType } from 'ethers';

import { l1CrossDomainMessenger } from '../abi/L1CrossDomainMessenger.ts';
import { leafIndex, type Message } from '../core/message.ts';
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

/** Calldata that relays a message on L1 by its path in a tree of so many leaves, whose root was proven there. */
export function encodePathRelay(message: Message, count: number, siblings: readonly string[]): string {
  return messenger.encodeFunctionData('relayMessageByPath', [message, count, siblings]);
}

/** Bytes that a proof takes in the calldata of what proves by it. */
export function proofLength(proof: MessageProof): number {
  return dataLength(AbiCoder.defaultAbiCoder().encode([PROOF], [proof]));
}

/** Calldata that proves a root of the message tree on L1. */
export function encodeRootProof({ count, peaks, proof }: ProvenTree): string {
  return messenger.encodeFunctionData('proveMessageRoot', [count, peaks, proof]);
}

/** Bytes that the proof takes in such calldata. */
export function rootProofLength(data: string): number {
  return proofLength(messenger.decodeFunctionData('proveMessageRoot', data)[2] as MessageProof);
}

/**
 * Calldata that relays messages on L1 by a tree whose root was proven there: one by its path, several as a batch.
 * @param messages in the order of their nonces, at least one, all of them leaves of the tree
 * @param count number of leaves of the proven tree
 * @throws {RangeError} when the tree does not hold them
 */
export function encodeTreeRelay(messages: readonly Message[], tree: MessageTree, count: number): string {
  const siblings = tree.multiproof(messages.map(leafIndex), count);
  const [single, ...others] = messages;
  return single !== undefined && others.length === 0
    ? encodePathRelay(single, count, siblings)
    : messenger.encodeFunctionData('relayMessages', [messages, count, siblings]);
}
