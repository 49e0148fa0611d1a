import type { LaneClient } from '../chain/client.ts';
import type { LaneMessage } from '../chain/messages.ts';
import { sleep } from '../chain/sleep.ts';
import { unlessAborted } from '../core/abort.ts';
import { XdmError } from '../core/errors.ts';
import { getStatus, type MessageState } from './getStatus.ts';

/** What to wait for, and for how long. */
export interface WaitForRelayParameters {
  readonly message: LaneMessage;
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds between two looks, 500 where it is not given. */
  readonly interval?: number;
  /** Told of every look: the status, and how long each clock still runs. */
  readonly onState?: (state: MessageState) => void;
  /** Told when a look has failed in a way that passes, such as an endpoint that does not answer. */
  readonly onTrouble?: (error: XdmError) => void;
}

const DEFAULT_INTERVAL_MS = 500;

/**
 * Waits until a message has been delivered, or an attempt to deliver it has failed. An endpoint that does not answer is
 * asked again.
 * @throws {XdmError} `timeout` when the signal ends the wait, and what the endpoints throw for good
 */
export async function waitForRelay(client: LaneClient, parameters: WaitForRelayParameters): Promise<MessageState> {
  const { message, signal, interval = DEFAULT_INTERVAL_MS, onState } = parameters;
  const ended = ({ reason }: AbortSignal): XdmError =>
    new XdmError('timeout', `message ${message.messageHash} was not delivered while it was waited for`, {
      hint: 'ask for its status later: it goes on without whoever waits',
      cause: reason,
    });
  for (;;) {
    const state = await unlessAborted(look(client, parameters), signal, ended);
    if (state !== undefined) onState?.(state);
    if (state?.status === 'relayed' || state?.status === 'failed') return state;
    await sleep(interval, signal);
    if (signal?.aborted === true) throw ended(signal);
  }
}

/** Undefined when an endpoint failed in a way that passes. */
async function look(
  client: LaneClient,
  { message, onTrouble }: WaitForRelayParameters,
): Promise<MessageState | undefined> {
  try {
    return await getStatus(client, message);
  } catch (error) {
    if (!(error instanceof XdmError) || !error.retryable) throw error;
    onTrouble?.(error);
    return undefined;
  }
}
