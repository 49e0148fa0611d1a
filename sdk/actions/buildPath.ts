import type { LaneClient } from '../chain/client.ts';
import type { LaneMessage } from '../chain/messages.ts';
import { getProvenRoot, readMessageTree } from '../chain/messageTree.ts';
import { proveMessages, type ProvenTree } from '../chain/proofs.ts';
import { toXdmError } from '../chain/rpcErrors.ts';
import { XdmError } from '../core/errors.ts';
import { leafIndex, messageKey } from '../core/message.ts';
import { rootOfPeaks } from '../core/messageTree.ts';
import { coveringBatch } from './buildProof.ts';

/** The path of a message in the message tree, and what its root needs. */
export interface BuiltPath {
  /** Number of leaves of the tree. What `relayMessageByPath` of the L1 messenger takes is the message, this and `siblings`. */
  readonly count: number;
  /** Siblings from the leaf upwards. */
  readonly siblings: readonly string[];
  /** Of the message's leaf, from 0: the counter of its nonce. */
  readonly index: number;
  /** The tree's root, 32 bytes. */
  readonly root: string;
  /** What `proveMessageRoot` of the L1 messenger takes, before the message can be relayed; undefined where the root is proven. */
  readonly rootProof: ProvenTree | undefined;
  /** First L1 timestamp, seconds, at which L1 takes that proof; undefined where the root is proven: L1 takes the path now. */
  readonly readyAt: bigint | undefined;
}

/**
 * Builds the path of a message from L2 in the largest tree whose root is proven on L1, if that holds the message; otherwise in the
 * tree of the last block of its state batch, with a proof of that tree's root. The path is verified, and so is the proof; it can be
 * built while the window is still open.
 * @throws {XdmError} `not-ready` while no batch covers the message, `proof-invalid` when the L2 node does not have the messages of
 * the tree or has another state than was committed, and what the endpoints throw
 */
export async function buildPath(client: LaneClient, sent: LaneMessage): Promise<BuiltPath> {
  const [path] = await buildPaths(client, [sent]);
  return path as BuiltPath;
}

/**
 * Builds the paths of messages that were sent in the same block of L2, as `buildPath` does one: they share batch, root and tree, each of
 * which is read once.
 * @param messages at least one
 * @returns in the order of the messages
 * @throws {XdmError} what `buildPath` throws, for the first message that it concerns
 */
export async function buildPaths(client: LaneClient, messages: readonly LaneMessage[]): Promise<BuiltPath[]> {
  try {
    const first = messages[0] as LaneMessage;
    const batch = await coveringBatch(client, first);
    const indices = messages.map(({ message }) => leafIndex(message));
    // A root that was proven before the batch was committed does not hold the messages.
    const proven = await getProvenRoot(client, batch.blockNumber);
    const isProven = proven !== undefined && Math.max(...indices) < proven.count;
    const rootProof = isProven ? undefined : (await proveMessages(client, batch, [first.messageHash])).tree;
    const { count, root } = isProven ? proven : withRoot(rootProof as ProvenTree);
    const tree = await readMessageTree(client, { count, root });
    const readyAt = isProven ? undefined : batch.timestamp + client.lane.fraudProofWindow;
    return messages.map(({ messageHash, message }) => {
      const index = leafIndex(message);
      if (!tree.holds(messageKey(messageHash, client.lane), index)) {
        throw new XdmError('proof-invalid', `message ${messageHash} is not leaf ${index} of the message tree`, {
          hint: 'check that the message was sent through this lane, and is still there',
        });
      }
      return { count, siblings: tree.path(index), index, root, rootProof, readyAt };
    });
  } catch (error) {
    throw toXdmError(error);
  }
}

function withRoot({ count, peaks }: ProvenTree): { readonly count: number; readonly root: string } {
  return { count, root: rootOfPeaks(peaks) };
}
