import type { LaneClient } from '../chain/client.ts';
import type { MessageProof } from '../chain/contracts.ts';
import type { StateBatchAppended } from '../chain/logs.ts';
import type { LaneMessage } from '../chain/messages.ts';
import { proveMessages } from '../chain/proofs.ts';
import { toXdmError } from '../chain/rpcErrors.ts';
import { getStateBatch, notCovered, type StateBatch } from '../chain/stateBatches.ts';
import { XdmError } from '../core/errors.ts';

/** A proof, and the batch it rests on. */
export interface BuiltProof {
  /** What `relayMessage` of the L1 messenger takes. */
  readonly proof: MessageProof;
  readonly batch: StateBatch;
  /** L2 block whose state the proof is of: the batch's last. */
  readonly l2Block: bigint;
  /** State root of that block, 32 bytes. */
  readonly stateRoot: string;
  /** First L1 timestamp, seconds, at which L1 takes the proof. */
  readonly readyAt: bigint;
}

/**
 * Builds the proof of a message from L2, and verifies it: the state root is in the batch as it was committed, the passer is
 * under the state root, the message is in the passer. It can be built while the window is still open.
 * @throws {XdmError} `not-ready` while no batch covers the message, `proof-invalid` when the L2 node has another state
 * than was committed, and what the endpoints throw
 */
export async function buildProof(client: LaneClient, sent: LaneMessage): Promise<BuiltProof> {
  try {
    const batch = await coveringBatch(client, sent);
    const { proofs, l2Block, stateRoot } = await proveMessages(client, batch, [sent.messageHash]);
    const readyAt = batch.timestamp + client.lane.fraudProofWindow;
    return { proof: proofs[0] as MessageProof, batch, l2Block, stateRoot, readyAt };
  } catch (error) {
    throw toXdmError(error);
  }
}

/**
 * The batch that covers a message from L2.
 * @throws {XdmError} `invalid-argument` for a message from L1, `not-ready` while no batch covers it
 */
export async function coveringBatch(client: LaneClient, sent: LaneMessage): Promise<StateBatchAppended> {
  if (sent.fromChain === 'l1') {
    throw new XdmError('invalid-argument', `message ${sent.messageHash} is from L1: only messages from L2 are proven`);
  }
  const batch = await getStateBatch(client, BigInt(sent.blockNumber));
  if (batch === undefined) throw notCovered(sent.blockNumber);
  return batch;
}
