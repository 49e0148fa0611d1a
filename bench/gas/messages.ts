import { toQuantity } from 'ethers';

import { l1MessengerOf, l2MessengerOf } from '../../sdk/chain/contracts.ts';
import { proveMessages } from '../../sdk/chain/proofs.ts';
import { encodeRelay } from '../../sdk/chain/relayCalls.ts';
import type { StateBatch } from '../../sdk/chain/stateBatches.ts';
import { decodeNonce, encodeNonce, type Message } from '../../sdk/core/message.ts';
import { hashMessage } from '../../sdk/core/optimism.ts';
import { commitBlocks } from '../../test/support/commitBlocks.ts';
import { executeQueue } from '../../test/support/executeQueue.ts';
import { GAS_LIMIT, payload, targetFor, TYPICAL_PAYLOAD } from './payloads.ts';
import { minedOf, sendTransaction, type Mined, type RawReceipt } from './transactions.ts';
import type { World } from './world.ts';

/** A message from L2, and the transaction that sent it. */
export interface Sent extends Mined {
  readonly message: Message;
}

/** A world with messages from L2. */
export interface Filled {
  readonly world: World;
  /** All that are in the message tree, in its order. */
  readonly all: readonly Message[];
  /** The last of them, which are there to be relayed. */
  readonly messages: readonly Message[];
}

/** Most transactions that are sent for one L2 block: fewer than it has gas for. */
const BLOCK_TRANSACTIONS = 100;

/** Gas limits of transactions: more than any takes, of which a block on L2 has room for as many as are sent for it. */
const L2_TRANSACTION_GAS = 280_000;
const L1_TRANSACTION_GAS = 1_000_000;

/** Blocks of the lane's fraud-proof window: seconds are blocks here. */
const WINDOW = 10;

/** Sends a message from L1. */
export async function sendFromL1(world: World, data: string): Promise<Mined> {
  const { l1, lane, recorders, user } = world;
  const parameters = [recorders.l2[targetFor(data)], data, GAS_LIMIT] as const;
  const call = await l1MessengerOf(lane, l1.provider).sendMessage.populateTransaction(...parameters);
  return await sendTransaction(l1.provider, { ...call, from: user, gasLimit: L1_TRANSACTION_GAS });
}

/** Sends messages from L2, many in a block, each by a transaction of its own. */
export async function sendFromL2(world: World, payloads: readonly string[]): Promise<Sent[]> {
  const { provider } = world.l2;
  const sent: Sent[] = [];
  await provider.send('evm_setAutomine', [false]);
  for (let start = 0; start < payloads.length; start += BLOCK_TRANSACTIONS) {
    sent.push(...(await sendInOneBlock(world, payloads.slice(start, start + BLOCK_TRANSACTIONS))));
  }
  await provider.send('evm_setAutomine', [true]);
  return sent;
}

/** Sends more messages from L2, which are there to be relayed. */
export async function sendMessages({ world, all }: Filled, payloads: readonly string[]): Promise<Filled> {
  const messages = (await sendFromL2(world, payloads)).map(({ message }) => message);
  return { world, all: [...all, ...messages], messages };
}

async function sendInOneBlock({ l2, lane, recorders, user }: World, payloads: readonly string[]): Promise<Sent[]> {
  const { provider } = l2;
  const messenger = l2MessengerOf(lane, provider);
  const { counter } = decodeNonce(await messenger.messageNonce());
  const nonce = await provider.getTransactionCount(user);
  const messages: Message[] = payloads.map((data, place) => {
    const target = recorders.l1[targetFor(data)];
    return { nonce: encodeNonce(counter + BigInt(place)), sender: user, target, value: 0n, gasLimit: GAS_LIMIT, data };
  });
  const sending = messages.map(async ({ target, data }, place) => {
    const call = messenger.interface.encodeFunctionData('sendMessage', [target, data, GAS_LIMIT]);
    const fields = { nonce: toQuantity(nonce + place), gas: toQuantity(L2_TRANSACTION_GAS) };
    await provider.send('eth_sendTransaction', [{ ...fields, from: user, to: lane.l2Messenger, data: call }]);
  });
  await Promise.all(sending);
  await provider.send('evm_mine', []);
  const receipts = (await provider.send('eth_getBlockReceipts', ['latest'])) as RawReceipt[];
  if (receipts.length !== messages.length) {
    throw new Error(`the block that was to send ${messages.length} messages has ${receipts.length} transactions`);
  }
  return receipts.map((receipt, place) => ({ message: messages[place]!, ...minedOf(receipt) }));
}

/**
 * Commits all of L2's blocks, the last of them in a batch of their own, and lets its window pass.
 * @param size of the last batch
 */
export async function commit({ client, l1 }: World, size: number): Promise<StateBatch> {
  const latest = await client.l2.getBlockNumber();
  await commitBlocks(client, l1.account(0), latest - size);
  const batch = await commitBlocks(client, l1.account(0));
  await l1.provider.send('anvil_mine', [toQuantity(WINDOW)]);
  return batch;
}

/** Has the messenger on L1 called, as to relay. */
export async function callMessenger(
  { lane, l1, user }: World,
  data: string,
  gasLimit = L1_TRANSACTION_GAS,
): Promise<Mined> {
  return await sendTransaction(l1.provider, { from: user, to: lane.l1Messenger, data, gasLimit });
}

/**
 * Calls each recorder once, both ways: the first call pays for slots that no later one pays for.
 * @returns the messages from L2, which are the first in the tree
 */
export async function callRecorders(world: World): Promise<Message[]> {
  const data = [payload(TYPICAL_PAYLOAD, 0), payload(0, 0)];
  for (const one of data) await sendFromL1(world, one);
  await executeQueue(world.client);
  const messages = (await sendFromL2(world, data)).map(({ message }) => message);
  const batch = await commit(world, 1);
  const { proofs } = await proveMessages(world.client, batch, messages.map(hashMessage));
  for (const [place, message] of messages.entries()) await callMessenger(world, encodeRelay(message, proofs[place]!));
  return messages;
}
