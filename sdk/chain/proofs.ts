import { toQuantity } from 'ethers';

import { XdmError } from '../core/errors.ts';
import { messageKey, sentMessageSlot } from '../core/message.ts';
import { packStorageProof, readStorageProof } from '../core/storageProof.ts';
import type { LaneClient } from './client.ts';
import { toXdmError } from './rpcErrors.ts';

interface ProofAnswer {
  readonly accountProof: readonly string[];
  readonly storageProof: readonly { readonly proof: readonly string[] }[];
}

/**
 * Proves that the passer has recorded messages, each by itself, in the state of an L2 block. What the node answers is
 * verified against the state root before it is returned.
 * @returns packed nodes, in the order of the messages
 * @throws {XdmError} `proof-invalid`, and what the endpoint throws
 */
export async function getMessageNodes(
  { lane, l2 }: LaneClient,
  messageHashes: readonly string[],
  at: { readonly block: bigint; readonly stateRoot: string },
): Promise<string[]> {
  const slots = messageHashes.map((hash) => sentMessageSlot(messageKey(hash, lane)));
  const parameters = [lane.messagePasser, slots, toQuantity(at.block)];
  let answer: ProofAnswer;
  try {
    answer = (await l2.send('eth_getProof', parameters)) as ProofAnswer;
  } catch (error) {
    throw toXdmError(error);
  }
  return slots.map((slot, position) => {
    const nodes = packStorageProof(answer.accountProof, answer.storageProof[position]?.proof ?? []);
    const proven = readStorageProof(nodes, lane.messagePasser, slot);
    if (proven.stateRoot !== at.stateRoot || proven.value !== 1n) {
      const hint = 'ask another L2 node, which serves eth_getProof for this block';
      throw new XdmError(
        'proof-invalid',
        `the node proves value ${proven.value} under state root ${proven.stateRoot} for message ` +
          `${messageHashes[position] ?? ''}, not 1 under ${at.stateRoot} of block ${at.block}`,
        { hint },
      );
    }
    return nodes;
  });
}
