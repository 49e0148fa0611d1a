import { toQuantity } from 'ethers';
import { z } from 'zod';

import { XdmError } from '../core/errors.ts';
import { messageKey, sentMessageSlot } from '../core/message.ts';
import { packStorageProof, readStorageProof } from '../core/storageProof.ts';
import type { LaneClient } from './client.ts';
import type { MessageProof } from './contracts.ts';
import { hex, request } from './request.ts';
import { lastBlockOf, readStateBatchTree, readStateRoots, type StateBatch } from './stateBatches.ts';

/** Slots asked for in one `eth_getProof`: one call for many costs a node little more than one for one. */
const SLOTS = 200;

/** What is read of an `eth_getProof` answer. */
const proofAnswer = z.object({
  accountProof: z.array(hex),
  storageProof: z.array(z.object({ proof: z.array(hex) })),
});

/** Proofs of messages that one state batch covers. */
export interface ProvenMessages {
  /** L2 block whose state they are of: the batch's last. */
  readonly l2Block: bigint;
  readonly stateRoot: string;
  /** In the order of the messages. */
  readonly proofs: readonly MessageProof[];
}

/**
 * Proves messages under a batch, at its last block, and verifies what it built: our own L2 node has the state roots that were
 * committed, the passer is under the state root, each message is in the passer.
 * @throws {XdmError} `proof-invalid`, and what the endpoints throw
 */
export async function proveMessages(
  client: LaneClient,
  batch: StateBatch,
  messageHashes: readonly string[],
): Promise<ProvenMessages> {
  const tree = await readStateBatchTree(client, batch);
  const l2Block = lastBlockOf(client, batch);
  const [stateRoot = ''] = await readStateRoots(client, l2Block, 1);
  const { batchIndex, batchSize, prevTotalElements, timestamp } = batch;
  const index = batchSize - 1n;
  const siblings = tree.siblings(Number(index));
  const stateRootProof = { batchIndex, batchSize, prevTotalElements, timestamp, index, siblings };
  const proofs: MessageProof[] = [];
  for (let start = 0; start < messageHashes.length; start += SLOTS) {
    const hashes = messageHashes.slice(start, start + SLOTS);
    const nodes = await getMessageNodes(client, hashes, { block: l2Block, stateRoot });
    proofs.push(...nodes.map((packed) => ({ stateRootProof, nodes: packed })));
  }
  return { l2Block, stateRoot, proofs };
}

/**
 * Proves that the passer has recorded messages, each by itself, in the state of an L2 block. What the node answers is
 * verified against the state root before it is returned.
 * @returns packed nodes, in the order of the messages
 * @throws {XdmError} `proof-invalid`, and what the endpoint throws
 */
async function getMessageNodes(
  { lane, l2 }: LaneClient,
  messageHashes: readonly string[],
  at: { readonly block: bigint; readonly stateRoot: string },
): Promise<string[]> {
  const slots = messageHashes.map((hash) => sentMessageSlot(messageKey(hash, lane)));
  const parameters = [lane.messagePasser, slots, toQuantity(at.block)];
  const answer = await request(l2, 'eth_getProof', { parameters, schema: proofAnswer });
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
