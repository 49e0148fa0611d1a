import { XdmError } from '../core/errors.ts';
import { sizeOf, type RelayableMessage } from '../core/relayGas.ts';
import type { LaneClient } from './client.ts';
import { l2MessengerOf, type MessageProof } from './contracts.ts';
import type { StateBatchAppended } from './logs.ts';
import type { LaneMessage } from './messages.ts';
import { proveMessages, type ProvenMessages, type ProvenTree } from './proofs.ts';
import { proofLength } from './relayCalls.ts';
import { toXdmError } from './rpcErrors.ts';
import { getStateBatches, notCovered } from './stateBatches.ts';

/** A message from L2 that can be relayed. */
export interface ReadyMessage {
  readonly sent: LaneMessage;
  readonly proof: MessageProof;
  /** What its cost follows from. */
  readonly size: RelayableMessage;
}

/** Messages from L2 that can be relayed. */
export interface ReadyMessages {
  /** In the order of their indices. */
  readonly messages: readonly ReadyMessage[];
  /** The message tree in the newest of their batches; undefined where there is no message. */
  readonly tree: ProvenTree | undefined;
  /** L1 block of the oldest of their batches: no root proven before holds any of them. */
  readonly since: number;
}

/** Is told why a message cannot be proven. */
type OnRefused = (message: LaneMessage, error: XdmError) => void;

/**
 * Proves messages from L2, all that one state batch covers together.
 * @param onRefused is told of each that cannot be proven
 * @throws {XdmError} what L1's endpoint throws
 */
export async function proveReady(
  client: LaneClient,
  messages: readonly LaneMessage[],
  onRefused: OnRefused,
): Promise<ReadyMessages> {
  const batches = await getStateBatches(
    client,
    messages.map(({ blockNumber }) => BigInt(blockNumber)),
  );
  const groups = new Map<StateBatchAppended, LaneMessage[]>();
  for (const message of messages) {
    const batch = batches.get(BigInt(message.blockNumber));
    if (batch === undefined) onRefused(message, notCovered(message.blockNumber));
    else groups.set(batch, [...(groups.get(batch) ?? []), message]);
  }
  const ready: ReadyMessage[] = [];
  let tree: ProvenTree | undefined;
  // One after the other: each can take all of an endpoint's patience.
  for (const [batch, covered] of groups) {
    const proven = await proveCovered(client, { batch, covered }, onRefused);
    if (proven === undefined) continue;
    ready.push(...proven.messages);
    if (proven.tree.count > (tree?.count ?? 0)) ({ tree } = proven);
  }
  const since = Math.min(...[...groups.keys()].map(({ blockNumber }) => blockNumber));
  return { messages: ready.toSorted((one, other) => one.size.index - other.size.index), tree, since };
}

/** Messages, and the batch that covers them. */
interface Covered {
  readonly batch: StateBatchAppended;
  readonly covered: readonly LaneMessage[];
}

interface Proven {
  readonly messages: readonly ReadyMessage[];
  readonly tree: ProvenTree;
}

/** Undefined where none of them can be proven. */
async function proveCovered(
  client: LaneClient,
  { batch, covered }: Covered,
  onRefused: OnRefused,
): Promise<Proven | undefined> {
  try {
    return readyOf(covered, await proveMessages(client, batch, hashesOf(covered)));
  } catch (cause) {
    const error = toXdmError(cause);
    // One that L2 does not have must not hold up the others.
    const known = error.code === 'proof-invalid' ? await whichWereSent(client, covered) : [];
    const refused = covered.filter((message) => !known.includes(message));
    if (known.length === 0 || refused.length === 0) {
      for (const message of covered) onRefused(message, error);
      return undefined;
    }
    for (const { messageHash, ...message } of refused) {
      const problem = new XdmError('proof-invalid', `L2 has not recorded a message ${messageHash}`, {
        hint: 'check that the message was sent through this lane, and is still there',
      });
      onRefused({ messageHash, ...message }, problem);
    }
    return await proveCovered(client, { batch, covered: known }, onRefused);
  }
}

/** Those that L2 has recorded; none where its node does not say. */
async function whichWereSent({ lane, l2 }: LaneClient, messages: readonly LaneMessage[]): Promise<LaneMessage[]> {
  const { sentMessages } = l2MessengerOf(lane, l2);
  try {
    const areSent = await Promise.all(messages.map(async ({ messageHash }) => await sentMessages(messageHash)));
    return messages.filter((_, position) => areSent[position]);
  } catch {
    // What made the proof fail is said already.
    return [];
  }
}

function readyOf(messages: readonly LaneMessage[], { proofs, tree }: ProvenMessages): Proven {
  const ready = messages.map((sent, position) => {
    const proof = proofs[position] as MessageProof;
    return { sent, proof, size: { ...sizeOf(sent.message), proofBytes: proofLength(proof) } };
  });
  return { messages: ready, tree };
}

function hashesOf(messages: readonly LaneMessage[]): string[] {
  return messages.map(({ messageHash }) => messageHash);
}
