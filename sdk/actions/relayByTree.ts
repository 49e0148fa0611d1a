import { ZeroHash, type TransactionReceipt } from 'ethers';

import { l1MessengerOf } from '../chain/contracts.ts';
import { readDelivery } from '../chain/deliveries.ts';
import type { ProvenTree } from '../chain/proofs.ts';
import type { ReadyMessage } from '../chain/readyMessages.ts';
import { encodeRelay, encodeRootProof } from '../chain/relayCalls.ts';
import { toXdmError } from '../chain/rpcErrors.ts';
import { fitTreeRelay, type TreeRelayCall } from '../chain/treeRelay.ts';
import { XdmError, type ErrorCode } from '../core/errors.ts';
import type { MessageTree } from '../core/messageTree.ts';
import { alreadyRelayed, attemptRelay, resultsOf, sendToL1 as send } from './attemptRelay.ts';
import { getStatuses } from './getStatus.ts';
import type { RelayRun } from './relayRun.ts';

/** How often something is tried that fails, while others change the chain. */
const TRIES = 3;

/** What a transaction ends with that others have come before, and that is worth another try. */
const CHANGED: ReadonlySet<ErrorCode> = new Set(['transaction-reverted', 'nonce-conflict']);

/** A message tree as it was with so many leaves, the root of which is proven on L1. */
export interface AnchoredTree {
  readonly tree: MessageTree;
  readonly count: number;
}

async function sendToL1(run: RelayRun, call: Parameters<typeof send>[2]): Promise<TransactionReceipt> {
  return await send(run.client, await run.signerOn('l1'), call);
}

/** Whether what goes wrong with a transaction would go wrong with any other just now. */
export function isForAll({ code, retryable }: XdmError): boolean {
  // What an endpoint answers can be due to the size of the transaction.
  return retryable && code !== 'rpc-error';
}

/** Relays messages one after the other, each with a proof of its own, and says what came of each. */
export async function relayDirectly(run: RelayRun, messages: readonly ReadyMessage[]): Promise<void> {
  for (const { sent, proof } of messages) {
    const data = encodeRelay(sent.message, proof);
    await run.relayAlone(sent, async () => await sendToL1(run, { data }));
  }
}

/**
 * Proves the root of the message tree on L1, unless it is proven there.
 * @returns the receipt of the transaction, if there was one
 * @throws {XdmError} the code of what the messenger refuses, and what the endpoint throws
 */
export async function proveRoot(run: RelayRun, tree: ProvenTree): Promise<TransactionReceipt | undefined> {
  const { messageRoots } = l1MessengerOf(run.client.lane, run.client.l1);
  for (let tries = 1; ; tries++) {
    if ((await messageRoots(tree.count)) !== ZeroHash) return undefined;
    try {
      return await sendToL1(run, { data: encodeRootProof(tree) });
    } catch (error) {
      // An estimate made while somebody else was about to prove it is too low when that comes to nothing.
      if (tries === TRIES || !CHANGED.has(toXdmError(error).code)) throw error;
    }
  }
}

/**
 * Relays messages by a tree, in as few transactions as their gas allows, and says what came of each.
 * @param messages in the order of their indices, all of them leaves of the tree
 * @throws {XdmError} the code of what the messenger refuses, and what the endpoint throws
 */
export async function relayByTree(run: RelayRun, at: AnchoredTree, messages: readonly ReadyMessage[]): Promise<void> {
  let waiting = await withoutDelivered(run, messages);
  for (let fruitless = 0; waiting.length > 0;) {
    const problem = await relayOnce(run, at, waiting);
    const left = await withoutDelivered(run, waiting);
    fruitless = left.length < waiting.length ? 0 : fruitless + 1;
    if (fruitless === TRIES) throw problem ?? new XdmError('internal', 'messages were relayed, and still wait for it');
    waiting = left;
  }
}

/**
 * Relays in one transaction as many of the messages as it can, from the first.
 * @returns why that came to nothing, if it did, and others may have been the reason
 */
async function relayOnce(
  run: RelayRun,
  at: AnchoredTree,
  messages: readonly ReadyMessage[],
): Promise<XdmError | undefined> {
  const { client } = run;
  try {
    const { length, data, gasLimit } = await fit(run, at, messages);
    const [first] = messages;
    if (gasLimit === undefined) {
      if (first !== undefined) await relayByPath(run, at, first, data);
      return undefined;
    }
    const receipt = await sendToL1(run, { data, gasLimit });
    const results = resultsOf(client, { fromChain: 'l2' }, receipt);
    for (const { sent } of messages.slice(0, length)) {
      const result = results.get(sent.messageHash);
      if (result !== undefined) run.settleByTree(sent, result, at.count);
    }
    // Whether it did, the caller finds out from the records: of what is settled nothing waits any more.
    return new XdmError('transaction-reverted', `transaction ${receipt.hash} delivered none of its messages`);
  } catch (cause) {
    const error = toXdmError(cause);
    if (CHANGED.has(error.code)) return error;
    throw error;
  }
}

/** Relays a message by its path, or with a proof of its own where L1 has something against that. */
async function relayByPath(run: RelayRun, { count }: AnchoredTree, message: ReadyMessage, data: string): Promise<void> {
  const { client } = run;
  const { sent } = message;
  await run.attempt([sent], async () => {
    try {
      const result = await attemptRelay(client, sent, async () => await sendToL1(run, { data }));
      run.settleByTree(sent, result, count);
    } catch (cause) {
      const error = toXdmError(cause);
      if (isForAll(error)) throw error;
      run.trouble(error);
      await relayDirectly(run, [message]);
    }
  });
}

/** As many of the messages as one transaction can relay, from the first. */
async function fit(run: RelayRun, at: AnchoredTree, messages: readonly ReadyMessage[]): Promise<TreeRelayCall> {
  const { client } = run;
  const from = await (await run.signerOn('l1')).getAddress();
  const relayer = { ...at, from, to: client.lane.l1Messenger, maxGas: await run.maxGas() };
  return await fitTreeRelay(
    client.l1,
    relayer,
    messages.map(({ sent }) => sent.message),
  );
}

/** Those of the messages that wait to be delivered; says of the others what came of them. */
async function withoutDelivered(run: RelayRun, messages: readonly ReadyMessage[]): Promise<ReadyMessage[]> {
  const { client } = run;
  const unsettled = messages.filter(({ sent }) => !run.isSettled(sent));
  const records = await Promise.all(unsettled.map(async ({ sent }) => await readDelivery(client, sent)));
  const isDelivered = (position: number): boolean => records[position]?.delivery === 'relayed';
  const delivered = unsettled.filter((_, position) => isDelivered(position)).map(({ sent }) => sent);
  for (const [position, state] of (await getStatuses(client, delivered)).entries()) {
    const message = delivered[position];
    if (message !== undefined) run.settle(message, { result: alreadyRelayed(state) });
  }
  return unsettled.filter((_, position) => !isDelivered(position));
}
