import type { LaneClient } from '../../../sdk/chain/client.ts';
import type { MessageProof } from '../../../sdk/chain/contracts.ts';
import { proveMessages } from '../../../sdk/chain/proofs.ts';
import { XdmError } from '../../../sdk/core/errors.ts';
import { readProof, type PendingMessage } from '../../store/messages.ts';
import type { Database } from '../../store/schema.ts';
import { batchOfElement } from '../../store/stateBatches.ts';
import { decodeProof, NO_OWN_PROOF } from './storedProof.ts';

/** A lane's endpoints, and the number that the way from L2 to L1 has in the store. */
export interface RoutedClient extends LaneClient {
  readonly routeId: number;
}

/**
 * A proven message's own proof. Where the tree was to be enough for it, it is built now: an L2 node that has forgotten the
 * block's state cannot help then, and the message waits for the tree.
 * @throws {XdmError} `not-ready` where it is not proven any more; what `proveMessages` throws
 */
export async function ownProofOf(client: RoutedClient, db: Database, message: PendingMessage): Promise<MessageProof> {
  const { id, messageHash, blockNumber } = message;
  const stored = await readProof(db, id);
  if (stored === undefined) throw new XdmError('not-ready', `the proof of ${messageHash} was withdrawn`);
  if (stored !== NO_OWN_PROOF) return decodeProof(stored);
  const batch = await batchOfElement(db, client.routeId, blockNumber - Number(client.lane.startBlock));
  if (batch === undefined) throw new XdmError('not-ready', `the batch of ${messageHash} is gone`);
  const { proofs } = await proveMessages(client, batch, [messageHash]);
  return proofs[0] as MessageProof;
}
