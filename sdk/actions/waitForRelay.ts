import type { LaneClient } from '../chain/client.ts';
import type { LaneMessage } from '../chain/messages.ts';
import { getStatus, type MessageState } from './getStatus.ts';
import { lookUntil, type WaitParameters } from './lookUntil.ts';

/** What to wait for, and for how long. Every look tells the status, and how long each clock still runs. */
export interface WaitForRelayParameters extends WaitParameters<MessageState> {
  readonly message: LaneMessage;
}

/**
 * Waits until a message has been delivered, or an attempt to deliver it has failed. An endpoint that does not answer is
 * asked again.
 * @throws {XdmError} `timeout` when the signal ends the wait, and what the endpoints throw for good
 */
export async function waitForRelay(client: LaneClient, parameters: WaitForRelayParameters): Promise<MessageState> {
  const { message } = parameters;
  return await lookUntil(
    {
      look: async () => await getStatus(client, message),
      isOver: ({ status }) => status === 'relayed' || status === 'failed',
      subject: `message ${message.messageHash}`,
    },
    parameters,
  );
}
