import type { LaneClient } from '../chain/client.ts';
import { scanMessages, type LaneMessage } from '../chain/messages.ts';
import { toXdmError } from '../chain/rpcErrors.ts';
import type { Side } from '../core/deployment.ts';

/**
 * A chain's messages, the newest first, read as far back as the caller goes on.
 * @throws {XdmError} what the endpoint throws
 */
export async function* listMessages(client: LaneClient, fromChain: Side): AsyncGenerator<LaneMessage> {
  try {
    yield* scanMessages(client, fromChain);
  } catch (error) {
    throw toXdmError(error);
  }
}
