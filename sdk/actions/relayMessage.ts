import type { Signer } from 'ethers';

import { otherSide, type LaneClient } from '../chain/client.ts';
import type { LaneMessage } from '../chain/messages.ts';
import { encodeRelay } from '../chain/relayCalls.ts';
import { signerOn } from '../chain/signers.ts';
import { alreadyRelayed, attemptRelay, retryOnL2, sendToL1, verifyReady, type RelayResult } from './attemptRelay.ts';
import { buildProof } from './buildProof.ts';
import { getStatus } from './getStatus.ts';

/** Which message to deliver, and who pays for it. */
export interface RelayMessageParameters {
  readonly message: LaneMessage;
  /** Pays, on the chain the message goes to; if it is connected to another, a copy of it does. */
  readonly signer: Signer;
  /**
   * Of the transaction: what the target gets is what is left of it. For a target that needs more than its message promises; an
   * estimate finds no more than that, as the transaction succeeds where the target fails. Estimated where it is not given.
   */
  readonly gasLimit?: bigint | undefined;
}

/**
 * Delivers a message by hand: one from L2 with a proof of its own, once its window has passed; one from L1 only after its first
 * delivery has failed, with the value that arrived then. A message that was delivered is left alone. `relayMessages` is for
 * several, and chooses how.
 * @throws {XdmError} `not-ready` with `readyAt` where it is known, `insufficient-funds`, the code of what the messenger
 * refuses, and what the endpoints throw
 */
export async function relayMessage(client: LaneClient, parameters: RelayMessageParameters): Promise<RelayResult> {
  const { message, gasLimit } = parameters;
  const state = await getStatus(client, message);
  if (state.status === 'relayed') return alreadyRelayed(state);
  verifyReady(message, state);
  return await attemptRelay(client, message, async () => {
    const signer = await signerOn(client[otherSide(message.fromChain)], parameters.signer);
    if (message.fromChain === 'l1') return await retryOnL2(client, message, signer, gasLimit);
    const { proof } = await buildProof(client, message);
    return await sendToL1(client, signer, { data: encodeRelay(message.message, proof), gasLimit });
  });
}
