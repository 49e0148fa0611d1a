import type { LaneClient } from '../../../sdk/chain/client.ts';
import { proveMessages } from '../../../sdk/chain/proofs.ts';
import { encodeRootProof } from '../../../sdk/chain/relayCalls.ts';
import { toXdmError } from '../../../sdk/chain/rpcErrors.ts';
import { XdmError } from '../../../sdk/core/errors.ts';
import { messageKeysOf } from '../../../sdk/core/message.ts';
import { rootOfPeaks } from '../../../sdk/core/messageTree.ts';
import { isEndpointFault } from '../../endpointFault.ts';
import type { ParkedReason } from '../../parkedReasons.ts';
import type { Proofs, Prover } from '../../route.ts';
import { forgetTrees, recordTreeProof } from '../../store/messageTrees.ts';
import type { PendingMessage } from '../../store/messages.ts';
import type { Database } from '../../store/schema.ts';
import {
  batchOfElement,
  forgetBatches,
  newestBatches,
  unfoundedMessages,
  type StoredBatch,
} from '../../store/stateBatches.ts';
import { keepTreeNodes } from '../../store/treeNodes.ts';
import { encodeProof, NO_OWN_PROOF } from './storedProof.ts';

/** Messages under one batch that have proofs of their own each. More of them go by the tree, which costs less then. */
const MOST_OWN_PROOFS = 16;

/** Why a message was set aside for the batch that covers it: our L2 node has forgotten its state, or denies it. */
const UNUSABLE: ReadonlySet<ParkedReason | null> = new Set<ParkedReason>(['state-unavailable', 'proof-invalid']);

/**
 * Proves messages from L2 under the state roots that were committed to L1, at the last block of the batch that covers them,
 * and with them the message tree as it was in that block. Nothing is proven under a root that our own L2 node denies.
 */
export function rollupProver(client: LaneClient, routeId: number): Prover {
  const keyOf = messageKeysOf(client.lane);

  async function proveUnder(batch: StoredBatch, messages: readonly PendingMessage[]): Promise<Proofs | XdmError> {
    const readyAt = Number(batch.timestamp + client.lane.fraudProofWindow);
    try {
      // Many go by the tree, whose proof is enough for them.
      const hashes = messages.length > MOST_OWN_PROOFS ? [] : messages.map(({ messageHash }) => messageHash);
      const { proofs, l2Block, tree } = await proveMessages(client, batch, hashes);
      const rest = { readyAt, blockNumber: Number(l2Block), batchEventId: batch.eventId };
      const proven = messages.map(({ id }, position) => {
        const own = proofs[position];
        return { id, proof: own === undefined ? NO_OWN_PROOF : encodeProof(own), ...rest };
      });
      const root = rootOfPeaks(tree.peaks);
      const treeProof = { ...rest, count: tree.count, root, call: encodeRootProof(tree) };
      return { proven, refused: [], record: async (db) => await recordTreeProof(db, routeId, treeProof) };
    } catch (cause) {
      const error = toXdmError(cause);
      if (isEndpointFault(error)) return error;
      return { proven: [], refused: messages.map((message) => ({ message, error })), record: nothing };
    }
  }

  return {
    unfounded: async (db) => await unfoundedMessages(db, routeId),
    async forget(db, finalNumber) {
      await forgetBatches(db, routeId, { startBlock: Number(client.lane.startBlock), finalNumber });
      await forgetTrees(db, routeId, finalNumber);
      await keepTreeNodes(db, routeId, { finalNumber, keyOf });
    },
    async prove(db, messages) {
      const groups = await byBatch(db, { routeId, startBlock: Number(client.lane.startBlock) }, messages);
      const results: Proofs[] = [];
      let fault: XdmError | undefined;
      for (const [batch, covered] of groups) {
        const result = await proveUnder(batch, covered);
        if (result instanceof XdmError) fault = result;
        else results.push(result);
      }
      // What some batch's endpoint answers to is not lost because another's is too large for it.
      if (fault !== undefined && results.length === 0) throw fault;
      return {
        proven: results.flatMap(({ proven }) => proven),
        refused: results.flatMap(({ refused }) => refused),
        async record(transaction) {
          for (const { record } of results) await record(transaction);
        },
      };
    },
  };
}

/** Messages by the stored batches that they are proven under, as far as there are such. */
async function byBatch(
  db: Database,
  { routeId, startBlock }: { readonly routeId: number; readonly startBlock: number },
  messages: readonly PendingMessage[],
): Promise<Map<StoredBatch, PendingMessage[]>> {
  const groups = new Map<StoredBatch, PendingMessage[]>();
  for (const message of messages) {
    const element = message.blockNumber - startBlock;
    const known = [...groups.keys()].find((each) => covers(each, element));
    const batch = known ?? (await batchOfElement(db, routeId, element));
    // Messages come in the order of their blocks: where this one has no batch yet, neither have those after it.
    if (batch === undefined) break;
    const used = UNUSABLE.has(message.parkedReason) ? await newestOf(db, routeId, [...groups.keys()]) : batch;
    if (used === undefined) continue;
    const group = groups.get(used);
    if (group === undefined) groups.set(used, [message]);
    else group.push(message);
  }
  return groups;
}

/**
 * The newest batch, under which a message can be proven, too, where the one that covers it is of no use: its slot stays set. It has to
 * wait for another window.
 */
async function newestOf(
  db: Database,
  routeId: number,
  known: readonly StoredBatch[],
): Promise<StoredBatch | undefined> {
  const [newest] = await newestBatches(db, routeId, { limit: 1 });
  return known.find(({ eventId }) => eventId === newest?.eventId) ?? newest;
}

async function nothing(): Promise<void> {
  await Promise.resolve();
}

function covers({ prevTotalElements, batchSize }: StoredBatch, element: number): boolean {
  return Number(prevTotalElements) <= element && element < Number(prevTotalElements + batchSize);
}
