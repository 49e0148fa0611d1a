import type { Signer } from 'ethers';

import type { LaneClient } from '../chain/client.ts';
import type { MessageRootProven } from '../chain/logs.ts';
import { messageIdentity, type LaneMessage } from '../chain/messages.ts';
import { getProvenRoot, readMessageTree } from '../chain/messageTree.ts';
import { proveReady, type ReadyMessage, type ReadyMessages } from '../chain/readyMessages.ts';
import type { ProvenTree } from '../chain/proofs.ts';
import { proofLength } from '../chain/relayCalls.ts';
import { toXdmError } from '../chain/rpcErrors.ts';
import { XdmError } from '../core/errors.ts';
import { rootOfPeaks, type MessageTree } from '../core/messageTree.ts';
import { hashMessage } from '../core/optimism.ts';
import { planRelay, type RelayPlan, type TreeRelay } from '../core/relayPlan.ts';
import { alreadyRelayed, retryOnL2, verifyReady } from './attemptRelay.ts';
import { getStatuses, type MessageState } from './getStatus.ts';
import { isForAll, proveRoot, relayByTree, relayDirectly, type AnchoredTree } from './relayByTree.ts';
import { RelayRun, type RelayCallbacks, type RelayedMessage, type RelayOutcome } from './relayRun.ts';
import { counted } from '../core/counted.ts';

/** Which messages to deliver, who pays for it, and who is told how it goes. */
export interface RelayMessagesParameters extends RelayCallbacks {
  /** In any order, of both directions; one that is there twice is relayed once. */
  readonly messages: readonly LaneMessage[];
  /** Pays, on the chains that the messages go to: as it is on a chain that it is connected to, and a copy of it on others. */
  readonly signer: Signer;
}

/**
 * Delivers messages by hand, as `relayMessage` does one, at the least cost: those from L2 that can be relayed now alone, or by
 * their paths or in batches, in a tree whose root is proven on L1 or that is proven first where that pays. What happens to one
 * does not hold up the others. An endpoint's error is the error of each message that cannot be relayed for it.
 * @returns what came of each, in the order of `messages`
 * @throws at the end what a callback has thrown, and nothing else
 */
export async function relayMessages(
  client: LaneClient,
  parameters: RelayMessagesParameters,
): Promise<RelayedMessage[]> {
  const { messages, signer, ...callbacks } = parameters;
  const run = new RelayRun(client, signer, callbacks);
  const distinct = [...new Map(messages.map((message) => [messageIdentity(message), message])).values()];
  await run.attempt(distinct, async () => {
    const ready = await selectReady(run, distinct);
    const fromL2 = ready.filter(({ fromChain }) => fromChain === 'l2');
    await run.attempt(fromL2, async () => await relayToL1(run, fromL2));
    for (const message of ready.filter(({ fromChain }) => fromChain === 'l1')) {
      await run.relayAlone(message, async () => await retryOnL2(client, message, await run.signerOn('l2')));
    }
  });
  run.end();
  return messages.map((message) => ({ message, ...run.outcomeOf(message) }));
}

/** Those that can be relayed now; says of the others what came of them, or why not. */
async function selectReady(run: RelayRun, messages: readonly LaneMessage[]): Promise<LaneMessage[]> {
  const states = await getStatuses(run.client, messages);
  return messages.filter((message, position) => {
    const outcome = outcomeOf(message, states[position] as MessageState);
    if (outcome !== undefined) run.settle(message, outcome);
    return outcome === undefined;
  });
}

/** Undefined for a message that can be relayed now. */
function outcomeOf(sent: LaneMessage, state: MessageState): RelayOutcome | undefined {
  if (state.status === 'relayed') return { result: alreadyRelayed(state) };
  try {
    verifyReady(sent, state);
    verifyHash(sent);
    return undefined;
  } catch (error) {
    return { error: toXdmError(error) };
  }
}

/** One whose fields are not those of its hash would make a whole batch fail. */
function verifyHash({ message, messageHash }: LaneMessage): void {
  const actual = hashMessage(message);
  if (actual === messageHash) return;
  throw new XdmError('invalid-argument', `the hash of the message given as ${messageHash} is ${actual}`, {
    hint: 'give messages as getMessages, listMessages or sendMessage return them',
  });
}

async function relayToL1(run: RelayRun, messages: readonly LaneMessage[]): Promise<void> {
  const ready = await proveReady(run.client, messages, (message, error) => run.settle(message, { error }));
  if (ready.tree === undefined) return;
  const { plan, tree } = await choose(run, ready);
  const byIndex = new Map(ready.messages.map((message) => [message.size.index, message]));
  const pick = (indices: readonly number[]): ReadyMessage[] =>
    indices.map((index) => byIndex.get(index)).filter((message) => message !== undefined);
  const relayAll = async (relays: readonly TreeRelay[]): Promise<void> => {
    for (const { count, indices } of relays) {
      if (tree !== undefined) await relayTogether(run, { tree, count }, pick(indices));
    }
  };

  await relayAll(plan.byTree);
  await relayDirectly(run, pick(plan.direct));
  if (plan.root === undefined) return;
  if (await isRootProven(run, ready.tree)) await relayAll(plan.root.batches);
  else await relayDirectly(run, pick(plan.root.batches.flatMap(({ indices }) => indices)));
}

/** Relays messages by a tree. What L1 has against them together need not be true of each: then they go alone. */
async function relayTogether(run: RelayRun, at: AnchoredTree, messages: readonly ReadyMessage[]): Promise<void> {
  const sent = messages.map((message) => message.sent);
  await run.attempt(sent, async () => {
    try {
      await relayByTree(run, at, messages);
    } catch (cause) {
      const error = toXdmError(cause);
      if (isForAll(error)) throw error;
      run.trouble(error);
      const left = messages.filter((message) => !run.isSettled(message.sent));
      await relayDirectly(run, left);
    }
  });
}

/** Proves the root of a tree; false if that fails. */
async function isRootProven(run: RelayRun, tree: ProvenTree): Promise<boolean> {
  try {
    const receipt = await proveRoot(run, tree);
    if (receipt !== undefined) run.rootProven(tree.count, receipt);
    return true;
  } catch (error) {
    run.trouble(toXdmError(error));
    return false;
  }
}

/** How to relay, and the tree that this takes. */
interface Choice {
  readonly plan: RelayPlan;
  /** Undefined where all are relayed alone. */
  readonly tree: MessageTree | undefined;
}

/** Chooses how to relay at the least cost. Where the message tree cannot be built, each message goes alone. */
async function choose(run: RelayRun, { messages, tree: provable, since }: ReadyMessages): Promise<Choice> {
  const { client } = run;
  const [proven, { gasPrice }, maxGas] = await Promise.all([
    getProvenRoot(client, since),
    client.l1.getFeeData(),
    run.maxGas(),
  ]);
  const plan = planRelay({
    messages: messages.map(({ size }) => size),
    proven: proven?.count ?? 0,
    provable: provable && { count: provable.count, proofBytes: proofLength(provable.proof) },
    prices: { gas: gasPrice ?? 1n, byte: 0n },
    maxGas,
  });
  const roots = [
    ...(plan.root && provable ? [{ count: provable.count, root: rootOfPeaks(provable.peaks) }] : []),
    ...(plan.byTree.length > 0 && proven ? [proven] : []),
  ];
  try {
    return { plan, tree: await buildTree(client, roots) };
  } catch (error) {
    run.trouble(toXdmError(error));
    const direct = messages.map(({ size }) => size.index);
    return { plan: { byTree: [], direct, root: undefined }, tree: undefined };
  }
}

/** A tree that has these roots, the largest first; undefined where there are none. */
async function buildTree(
  client: LaneClient,
  [largest, ...smaller]: readonly Pick<MessageRootProven, 'count' | 'root'>[],
): Promise<MessageTree | undefined> {
  if (largest === undefined) return undefined;
  const tree = await readMessageTree(client, largest);
  const other = smaller.find(({ count, root }) => tree.root(count) !== root);
  if (other === undefined) return tree;
  throw new XdmError(
    'proof-invalid',
    `the tree of ${counted(other.count, 'message')} has not the root ${other.root} proven on L1`,
    {
      hint: 'ask another L2 node; if all agree, a false state batch has become final',
    },
  );
}
