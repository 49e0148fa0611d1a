import type { Signer, TransactionReceipt } from 'ethers';

import type { LaneClient } from '../chain/client.ts';
import { messageIdentity, type LaneMessage } from '../chain/messages.ts';
import { toXdmError } from '../chain/rpcErrors.ts';
import { XdmError } from '../core/errors.ts';
import { attemptRelay, type RelayResult } from './attemptRelay.ts';

/** What came of a message: what relaying it alone returns or throws. */
export type RelayOutcome = { readonly result: RelayResult } | { readonly error: XdmError };

/** A message that was to be relayed, and what came of it. */
export type RelayedMessage = { readonly message: LaneMessage } & RelayOutcome;

/** Relaying of several messages: who pays, and what has come of each message. */
export class RelayRun {
  readonly client: LaneClient;
  readonly #signer: Signer;
  readonly #onSettled: ((relayed: RelayedMessage) => void) | undefined;
  readonly #thrown: unknown[] = [];
  readonly #outcomes = new Map<string, RelayOutcome>();

  constructor(client: LaneClient, signer: Signer, onSettled: ((relayed: RelayedMessage) => void) | undefined) {
    this.client = client;
    this.#signer = signer;
    this.#onSettled = onSettled;
  }

  /** The account that pays on L1. */
  get l1Signer(): Signer {
    return this.#signer.connect(this.client.l1);
  }

  /** The account that pays on L2. */
  get l2Signer(): Signer {
    return this.#signer.connect(this.client.l2);
  }

  /** Says what came of a message. */
  settle(message: LaneMessage, outcome: RelayOutcome): void {
    this.#outcomes.set(messageIdentity(message), outcome);
    this.tell(() => this.#onSettled?.({ message, ...outcome }));
  }

  /** Calls back; what the caller's function throws waits for the end, or it would pass for an error of a relay. */
  tell(callBack: () => void): void {
    try {
      callBack();
    } catch (error) {
      this.#thrown.push(error);
    }
  }

  /** Throws the first error that a function of the caller has thrown. */
  end(): void {
    if (this.#thrown.length > 0) throw this.#thrown[0];
  }

  isSettled(message: LaneMessage): boolean {
    return this.#outcomes.has(messageIdentity(message));
  }

  /** What came of a message. */
  outcomeOf(message: LaneMessage): RelayOutcome {
    const unknown = new XdmError('internal', `nothing is known of message ${message.messageHash}`);
    return this.#outcomes.get(messageIdentity(message)) ?? { error: unknown };
  }

  /** Does something for messages; what it throws is the error of those of which nothing is said by then. */
  async attempt(messages: readonly LaneMessage[], act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (cause) {
      const error = toXdmError(cause);
      for (const message of messages) if (!this.isSettled(message)) this.settle(message, { error });
    }
  }

  /** Delivers a message by a transaction of its own. */
  async relayAlone(message: LaneMessage, send: () => Promise<TransactionReceipt>): Promise<void> {
    await this.attempt([message], async () => {
      this.settle(message, { result: await attemptRelay(this.client, message, send) });
    });
  }
}
