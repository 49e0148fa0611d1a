import { toQuantity } from 'ethers';
import { z } from 'zod';

import { XdmError } from '../core/errors.ts';
import { messageKeysOf, sentMessageSlot } from '../core/message.ts';
import { treeCommitment, treeCommitmentSlot } from '../core/messageTree.ts';
import { packStorageProof, readStorageProof, type ProvenSlot } from '../core/storageProof.ts';
import type { LaneClient } from './client.ts';
import { messagePasserOf, type MessageProof } from './contracts.ts';
import { EndpointError } from './endpoints/answers.ts';
import { hex, request } from './request.ts';
import { toXdmError } from './rpcErrors.ts';
import { lastBlockOf, readStateBatchTree, readStateRoots, type StateBatch } from './stateBatches.ts';
import { counted } from '../core/counted.ts';

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
  /** The message tree as it was in that block, which holds them all. */
  readonly tree: ProvenTree;
}

/** A message tree that the passer has committed to. */
export interface ProvenTree {
  /** Number of leaves. */
  readonly count: number;
  /** Roots of its complete subtrees, from the left. */
  readonly peaks: readonly string[];
  /** What `proveMessageRoot` of the L1 messenger takes beside them. */
  readonly proof: MessageProof;
}

/** A slot of the passer, and what must stand in it. */
interface ExpectedSlot {
  readonly slot: string;
  readonly value: bigint;
  /** What it is of. */
  readonly what: string;
}

/**
 * Proves messages under a batch, at its last block, and verifies what it built: our own L2 node has the state roots that were
 * committed, the passer is under the state root, each message is in the passer, and the passer has committed to the tree.
 * @param messageHashes of messages that the batch covers, at least one
 * @throws {XdmError} `proof-invalid`, `state-unavailable` where the node does not serve that block's state, and what the endpoints
 * throw
 */
export async function proveMessages(
  client: LaneClient,
  batch: StateBatch,
  messageHashes: readonly string[],
): Promise<ProvenMessages> {
  const { lane, l2 } = client;
  const roots = await readStateBatchTree(client, batch);
  const l2Block = lastBlockOf(client, batch);
  const [stateRoot = ''] = await readStateRoots(client, l2Block, 1);
  const { batchIndex, batchSize, prevTotalElements, timestamp } = batch;
  const index = batchSize - 1n;
  const siblings = roots.siblings(Number(index));
  const stateRootProof = { batchIndex, batchSize, prevTotalElements, timestamp, index, siblings };

  const [count, answer] = await inState(
    l2Block,
    async () => await messagePasserOf(lane, l2).treePeaks({ blockTag: l2Block }),
  );
  // ethers takes no array of its own making back.
  const peaks = [...answer];
  const keyOf = messageKeysOf(lane);
  const slots: ExpectedSlot[] = [
    commitmentTo(Number(count), peaks),
    ...messageHashes.map((hash) => {
      return { slot: sentMessageSlot(keyOf(hash)), value: 1n, what: `message ${hash}` };
    }),
  ];
  const [ofTree, ...proofs] = (await getSlotNodes(client, slots, { block: l2Block, stateRoot })).map((nodes) => {
    return { stateRootProof, nodes };
  });
  return { l2Block, stateRoot, proofs, tree: { count: Number(count), peaks, proof: ofTree as MessageProof } };
}

/** What a node refuses to answer of a block that it has: it has forgotten the state, as many nodes do within an hour. */
async function inState<T>(block: bigint, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    const error = toXdmError(cause);
    // Neither of the two reverts, whatever the state is. What is malformed is no refusal, and has no cause.
    const isRefused = error.code === 'target-reverted' || (error.code === 'rpc-error' && error.cause !== undefined);
    if (!isRefused || error instanceof EndpointError) throw error;
    throw new XdmError(
      'state-unavailable',
      `the L2 node does not serve the state of block ${block}: ${error.message}`,
      {
        cause,
        hint: 'ask a node that keeps older states, or have state batches committed sooner: proposalInterval, maxBatchSize',
      },
    );
  }
}

function commitmentTo(count: number, peaks: readonly string[]): ExpectedSlot {
  try {
    const [slot, value] = [treeCommitmentSlot(count), BigInt(treeCommitment(count, peaks))];
    return { slot, value, what: `the tree of ${counted(count, 'message')}` };
  } catch (cause) {
    throw new XdmError('proof-invalid', `the node gives a message tree that cannot be: ${(cause as Error).message}`, {
      cause,
      hint: 'ask another L2 node, which has the state of the last block of the batch',
    });
  }
}

/** The state that slots are proven in. */
interface ProvenState {
  readonly block: bigint;
  readonly stateRoot: string;
}

/**
 * Proves what slots of the passer hold, each by itself, in the state of an L2 block. What the node answers is verified against
 * the state root before it is returned.
 * @returns packed nodes, in the order of the slots
 * @throws {XdmError} `proof-invalid`, and what the endpoint throws
 */
async function getSlotNodes(
  { lane, l2 }: LaneClient,
  expected: readonly ExpectedSlot[],
  at: ProvenState,
): Promise<string[]> {
  const packed: string[] = [];
  for (let start = 0; start < expected.length; start += SLOTS) {
    const some = expected.slice(start, start + SLOTS);
    const parameters = [lane.messagePasser, some.map(({ slot }) => slot), toQuantity(at.block)];
    const answer = await inState(
      at.block,
      async () => await request(l2, 'eth_getProof', { parameters, schema: proofAnswer }),
    );
    for (const [position, one] of some.entries()) {
      const nodes = packStorageProof(answer.accountProof, answer.storageProof[position]?.proof ?? []);
      verify(readStorageProof(nodes, lane.messagePasser, one.slot), one, at);
      packed.push(nodes);
    }
  }
  return packed;
}

function verify(proven: ProvenSlot, { value, what }: ExpectedSlot, at: ProvenState): void {
  if (proven.stateRoot === at.stateRoot && proven.value === value) return;
  throw new XdmError(
    'proof-invalid',
    `the node proves value ${proven.value} under state root ${proven.stateRoot} for ${what}, ` +
      `not ${value} under ${at.stateRoot} of block ${at.block}`,
    { hint: 'ask another L2 node, which serves eth_getProof for this block' },
  );
}
