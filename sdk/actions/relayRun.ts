import type { Signer, TransactionReceipt } from 'ethers';

import type { LaneClient } from '../chain/client.ts';
import { messageIdentity, type LaneMessage } from '../chain/messages.ts';
import { toXdmError } from '../chain/rpcErrors.ts';
import { signerOn } from '../chain/signers.ts';
import type { Side } from '../core/deployment.ts';
import { XdmError } from '../core/errors.ts';
import { affordableGas, mostGas } from '../core/gas.ts';
import { attemptRelay, type RelayResult } from './attemptRelay.ts';

/** What came of a message: what relaying it alone returns or throws. */
export type RelayOutcome = { readonly result: RelayResult } | { readonly error: XdmError };

/** A message that was to be relayed, and what came of it. */
export type RelayedMessage = { readonly message: LaneMessage } & RelayOutcome;

/** A root of the message tree that was proven on L1, and what that took. */
export interface ProvenRoot {
  /** Number of leaves of the tree. */
  readonly count: number;
  readonly transactionHash: string;
  readonly gasUsed: bigint;
}

/** Who is told how relaying goes. */
export interface RelayCallbacks {
  /** Told of each message once, as soon as it is known what came of it. */
  readonly onAttempt?: ((relayed: RelayedMessage) => void) | undefined;
  /** Told of the transaction, if one was needed, that proved a root of the message tree, by which several are relayed. */
  readonly onRootProven?: ((root: ProvenRoot) => void) | undefined;
  /** Told why messages are relayed at a higher cost than they could be. */
  readonly onTrouble?: ((error: XdmError) => void) | undefined;
}

/** Relaying of several messages: who pays, and what has come of each message. */
export class RelayRun {
  readonly client: LaneClient;
  readonly #signer: Signer;
  readonly #callbacks: RelayCallbacks;
  readonly #outcomes = new Map<string, RelayOutcome>();
  /** Those that this run has proven, by the number of leaves. */
  readonly #roots = new Map<number, ProvenRoot>();
  readonly #thrown: unknown[] = [];

  constructor(client: LaneClient, signer: Signer, callbacks: RelayCallbacks) {
    this.client = client;
    this.#signer = signer;
    this.#callbacks = callbacks;
  }

  /** The account that pays on a chain. */
  async signerOn(side: Side): Promise<Signer> {
    return await signerOn(this.client[side], this.#signer);
  }

  /** Most gas of a transaction on L1 that the account can pay for. */
  async maxGas(): Promise<bigint> {
    const { l1 } = this.client;
    const [balance, { maxFeePerGas, gasPrice }] = await Promise.all([
      l1.getBalance(await (await this.signerOn('l1')).getAddress()),
      l1.getFeeData(),
    ]);
    return mostGas(affordableGas(balance, maxFeePerGas ?? gasPrice ?? 0n));
  }

  /** Says what came of a message. */
  settle(message: LaneMessage, outcome: RelayOutcome): void {
    this.#outcomes.set(messageIdentity(message), outcome);
    this.#tell(() => this.#callbacks.onAttempt?.({ message, ...outcome }));
  }

  /** Says what came of a message that went by the root of a tree of so many leaves. */
  settleByTree(message: LaneMessage, result: RelayResult, count: number): void {
    // What somebody else has delivered did not go by it.
    const root = result.gasUsed === undefined ? undefined : this.#roots.get(count);
    const by = { rootTransactionHash: root?.transactionHash, rootGasUsed: root?.gasUsed };
    this.settle(message, { result: { ...result, ...by } });
  }

  isSettled(message: LaneMessage): boolean {
    return this.#outcomes.has(messageIdentity(message));
  }

  /** What came of a message. */
  outcomeOf(message: LaneMessage): RelayOutcome {
    const unknown = new XdmError('internal', `nothing is known of message ${message.messageHash}`);
    return this.#outcomes.get(messageIdentity(message)) ?? { error: unknown };
  }

  /** Says by which transaction the root of a tree was proven. */
  rootProven(count: number, { hash: transactionHash, gasUsed }: TransactionReceipt): void {
    const root = { count, transactionHash, gasUsed };
    this.#roots.set(count, root);
    this.#tell(() => this.#callbacks.onRootProven?.(root));
  }

  /** Says why messages are relayed at a higher cost than they could be. */
  trouble(error: XdmError): void {
    this.#tell(() => this.#callbacks.onTrouble?.(error));
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

  /** Throws the first error that a callback has thrown. */
  end(): void {
    if (this.#thrown.length > 0) throw this.#thrown[0];
  }

  /** What a callback throws waits for the end, or it would pass for an error of a relay. */
  #tell(callBack: () => void): void {
    try {
      callBack();
    } catch (error) {
      this.#thrown.push(error);
    }
  }
}
