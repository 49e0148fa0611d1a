import { dataLength } from 'ethers';

import { TOPICS } from '../../sdk/chain/logs.ts';
import { proveMessages } from '../../sdk/chain/proofs.ts';
import { encodeRelay, encodeRootProof, encodeTreeRelay } from '../../sdk/chain/relayCalls.ts';
import type { StateBatch } from '../../sdk/chain/stateBatches.ts';
import { encodeMessage, messageKey, type Message } from '../../sdk/core/message.ts';
import { MessageTree, rootOfPeaks } from '../../sdk/core/messageTree.ts';
import { hashMessage } from '../../sdk/core/optimism.ts';
import { batchGasLimit, directCost, rootCost, sizeOf, treeCost } from '../../sdk/core/relayGas.ts';
import { medianOf, type BatchFigures, type Modelled, type Sampled } from './figures.ts';
import { callMessenger, type Filled } from './messages.ts';
import { targetFor } from './payloads.ts';
import { splitOf, undone, type Mined, type Split } from './transactions.ts';
import type { World } from './world.ts';

/** The tree of all messages, and the cost of proving its root. */
export interface ProvenRoot {
  readonly tree: MessageTree;
  readonly root: Modelled;
}

/** Relays each message alone with a proof of its own, under a state batch. What it did is undone. */
export async function measureDirect(world: World, batch: StateBatch, messages: readonly Message[]): Promise<Sampled> {
  const { proofs } = await proveMessages(world.client, batch, messages.map(hashMessage));
  return await measureEach(world, messages, (message, place) => {
    const data = encodeRelay(message, proofs[place]!);
    const proofBytes = dataLength(data) - dataLength(encodeMessage(message));
    return { data, model: directCost({ ...sizeOf(message), proofBytes }).gas };
  });
}

/** Proves the root of the message tree. What it did stays. */
export async function proveRoot({ world, all }: Filled, batch: StateBatch): Promise<ProvenRoot> {
  const { client, l1, lane } = world;
  const { tree: proven } = await proveMessages(client, batch, []);
  const { count, peaks } = proven;
  const tree = new MessageTree(all.map((message) => messageKey(hashMessage(message), lane)));
  if (tree.root() !== rootOfPeaks(peaks)) throw new Error(`L2 has another tree of ${count} messages than was sent`);
  const data = encodeRootProof(proven);
  const proofBytes = dataLength(data) - 32 * peaks.length;
  const split = await splitOf(l1.provider, await callMessenger(world, data));
  return { tree, root: { ...split, model: rootCost({ count, proofBytes }).gas } };
}

/** Relays each message alone by its path. What it did is undone. */
export async function measurePath(world: World, tree: MessageTree, messages: readonly Message[]): Promise<Sampled> {
  const { count } = tree;
  return await measureEach(world, messages, (message) => {
    return { data: encodeTreeRelay([message], tree, count), model: treeCost([sizeOf(message)], count).gas };
  });
}

/** Relays messages in one transaction. What it did is undone. */
export async function measureBatch(
  world: World,
  tree: MessageTree,
  messages: readonly Message[],
): Promise<BatchFigures> {
  const { call, ...figures } = batchOf(tree, messages);
  const { gas } = await undone(world.l1.provider, async () => await relay(world, messages, call));
  return { ...figures, gas };
}

/** Splits the gas of relaying messages in one transaction. What it did is undone. */
export async function splitBatch(world: World, tree: MessageTree, messages: readonly Message[]): Promise<Split> {
  const { provider } = world.l1;
  const { call } = batchOf(tree, messages);
  return await undone(provider, async () => {
    return await splitOf(provider, await relay(world, messages, call), targetOf(messages, world));
  });
}

/** A batch that is to be relayed. */
interface PlannedBatch extends Omit<BatchFigures, 'gas'> {
  readonly call: RelayCall;
}

function batchOf(tree: MessageTree, messages: readonly Message[]): PlannedBatch {
  const items = messages.map(sizeOf);
  const gasLimit = batchGasLimit(items, tree.count);
  const call = { data: encodeTreeRelay(messages, tree, tree.count), gasLimit };
  return { messages: messages.length, model: treeCost(items, tree.count).gas, gasLimit, call };
}

/** What the messenger is sent. */
interface RelayCall {
  readonly data: string;
  readonly gasLimit?: number;
}

/** A call that relays a message, and the gas that the model expects it to take. */
interface ModelledCall {
  readonly data: string;
  readonly model: number;
}

async function measureEach(
  world: World,
  messages: readonly Message[],
  callFor: (message: Message, place: number) => ModelledCall,
): Promise<Sampled> {
  const { provider } = world.l1;
  return await undone(provider, async () => {
    const samples: (Mined & { readonly model: number })[] = [];
    for (const [place, message] of messages.entries()) {
      const { data, model } = callFor(message, place);
      samples.push({ ...(await relay(world, [message], { data })), model });
    }
    const median = await splitOf(provider, medianOf(samples, gasOf), targetOf(messages, world));
    return { samples: samples.map(({ gas, model }) => ({ gas, model })), median };
  });
}

function gasOf({ gas }: Mined): number {
  return gas;
}

/** Sends a transaction that relays messages, and makes sure that it did. */
async function relay(world: World, messages: readonly Message[], { data, gasLimit }: RelayCall): Promise<Mined> {
  const mined = await callMessenger(world, data, gasLimit);
  const relayed = mined.events.filter((topic) => topic === TOPICS.relayedMessage).length;
  if (relayed === messages.length) return mined;
  throw new Error(`transaction ${mined.hash} delivered ${relayed} of ${messages.length} messages`);
}

/** The target of all of the messages. */
function targetOf([message]: readonly Message[], { recorders }: World): string {
  return recorders.l1[targetFor(message?.data ?? '0x')];
}
