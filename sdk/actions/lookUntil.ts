import { sleep } from '../chain/sleep.ts';
import { unlessAborted } from '../core/abort.ts';
import { XdmError } from '../core/errors.ts';

/** How long to wait for something, and who is told. */
export interface WaitParameters<T> {
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds between two looks, 500 where it is not given. */
  readonly interval?: number;
  /** Told of every look. */
  readonly onState?: (state: T) => void;
  /** Told when a look has failed in a way that passes, such as an endpoint that does not answer. */
  readonly onTrouble?: (error: XdmError) => void;
}

/** What is waited for. */
interface Awaited<T> {
  readonly look: () => Promise<T>;
  readonly isOver: (state: T) => boolean;
  /** What was not delivered when the signal ended the wait, such as `message 0x...`. */
  readonly subject: string;
}

const DEFAULT_INTERVAL_MS = 500;

/**
 * Looks again and again until it is over. An endpoint that does not answer is asked again.
 * @throws {XdmError} `timeout` when the signal ends the wait, and what the look throws for good
 */
export async function lookUntil<T>({ look, isOver, subject }: Awaited<T>, parameters: WaitParameters<T>): Promise<T> {
  const { signal, interval = DEFAULT_INTERVAL_MS, onState, onTrouble } = parameters;
  const ended = ({ reason }: AbortSignal): XdmError =>
    new XdmError('timeout', `${subject} was not delivered while it was waited for`, {
      hint: 'ask for its status later: it goes on without whoever waits',
      cause: reason,
    });
  for (;;) {
    const state = await unlessAborted(attempt(look, onTrouble), signal, ended);
    if (state !== undefined) {
      onState?.(state);
      if (isOver(state)) return state;
    }
    await sleep(interval, signal);
    if (signal?.aborted === true) throw ended(signal);
  }
}

/** Undefined when an endpoint failed in a way that passes. */
async function attempt<T>(look: () => Promise<T>, onTrouble: WaitParameters<T>['onTrouble']): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof XdmError) || !error.retryable) throw error;
    onTrouble?.(error);
    return undefined;
  }
}
