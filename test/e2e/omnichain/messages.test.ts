import { ZeroAddress, type TransactionRequest } from 'ethers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { getOrders } from '../../../sdk/actions/omnichain/getOrders.ts';
import { getOrderTrace } from '../../../sdk/actions/omnichain/getOrderTrace.ts';
import { retryMessageIn, transferIn, type TransferInResult } from '../../../sdk/actions/omnichain/transferIn.ts';
import { transferOut, type SentOrder } from '../../../sdk/actions/omnichain/transferOut.ts';
import { planAncestor } from '../../../sdk/chain/omnichain/ancestors.ts';
import { chainOf, lightClientBetween } from '../../../sdk/chain/omnichain/client.ts';
import { LIGHT_CLIENT_CALLS, lightClientAt, SERVICE_CALLS, serviceAt } from '../../../sdk/chain/omnichain/contracts.ts';
import type { OrderEvent } from '../../../sdk/chain/omnichain/logs.ts';
import { waitForReceipt } from '../../../sdk/chain/receipts.ts';
import { connect } from '../../../sdk/chain/rpc.ts';
import { encodeMessageData, type MessageData } from '../../../sdk/core/omnichain/messageData.ts';
import { A, B, RELAY, startOmnichainLane, text, wordsTo, type OmnichainLane } from '../../support/omnichainLane.ts';
import { startRpcProxy } from '../../support/rpcProxy.ts';

/** Transactions in the block of a message. */
const FILL = 200;

/** Of a hop out of such a block, with the execution of its target. */
const MOST_GAS = 220_000n;

/** What writing to a slot that is empty takes beyond writing to another. */
const NEW_SLOT = 17_100n;

let lane: OmnichainLane;

beforeAll(async () => {
  lane = await startOmnichainLane();
});

afterAll(async () => {
  await lane.stop();
});

/** A message to the counterpart on a chain. */
async function messageTo(id: bigint, words: string, fields: Partial<MessageData> = {}): Promise<MessageData> {
  return { ...wordsTo(await lane.counterpart(id).getAddress(), words), ...fields };
}

async function call(id: bigint, name: string, ...args: unknown[]): Promise<void> {
  const { hash } = await lane
    .counterpart(id)
    .getFunction(name)
    .send(...args);
  await waitForReceipt(lane.chain(id).provider, hash);
}

/** Lets the counterpart on a chain hear the lane's account on another. */
async function allow(on: bigint, from: bigint): Promise<void> {
  await call(on, 'allow', from, lane.account(from).address, true);
}

async function send(from: bigint, to: bigint, message: MessageData): Promise<SentOrder> {
  return await transferOut(lane.client, { fromChain: from, toChain: to, signer: lane.account(from), message });
}

async function hop(from: bigint, on: bigint, order: OrderEvent): Promise<TransferInResult> {
  await lane.finalize(from);
  return await transferIn(lane.client, { fromChain: from, order, signer: lane.account(on) });
}

async function gasOf(on: bigint, { transactionHash }: TransferInResult): Promise<bigint> {
  return (await waitForReceipt(lane.chain(on).provider, transactionHash)).gasUsed;
}

async function lastMessage(id: bigint): Promise<string> {
  return (await lane.counterpart(id).getFunction('lastMessage')()) as string;
}

describe('a message', () => {
  test('goes from A to B over the relay chain, out of a block of 200 transactions', async () => {
    await allow(B, A);
    const { provider } = lane.chain(A);
    const account = lane.account(A);
    const data = encodeMessageData(await messageTo(B, 'hello'));
    const service = serviceAt(lane.client.chains.get(A)!.service, provider);
    const [value] = await service.getMessageFee(B, ZeroAddress, 300_000n);
    const callData = SERVICE_CALLS.encodeFunctionData('transferOut', [B, data, ZeroAddress]);
    const nonce = await account.getNonce();
    await provider.send('evm_setAutomine', [false]);
    const hashes: string[] = [];
    for (let index = 0; index < FILL; index += 1) {
      const isMessage = index === 150;
      const request: TransactionRequest = isMessage
        ? { to: lane.client.chains.get(A)!.service, data: callData, value, gasLimit: 500_000n }
        : { to: account.address, value: 1n, gasLimit: 21_000n };
      const fees = { maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 1n, chainId: A, type: 2 };
      const signed = await account.signTransaction({ ...request, ...fees, nonce: nonce + index });
      hashes.push((await provider.send('eth_sendRawTransaction', [signed])) as string);
    }
    await provider.send('evm_mine', []);
    await provider.send('evm_setAutomine', [true]);
    const receipt = await waitForReceipt(provider, hashes[150]!);
    expect((await provider.getBlock(receipt.blockNumber))!.transactions).toHaveLength(FILL);

    const orderId = receipt.logs.map((log) => SERVICE_CALLS.parseLog(log)).find((log) => log?.name === 'mapMessageOut')!
      .args['orderId'] as string;
    const waiting = await getOrderTrace(lane.client, orderId);
    expect(waiting.status).toBe('waiting-for-light-client');
    const first = await hop(A, RELAY, waiting.pending!.order);
    expect(first).toMatchObject({ attempt: undefined, forwarded: { orderId, fromChain: A, toChain: B } });
    const second = await hop(RELAY, B, first.forwarded!);
    expect(second.attempt).toMatchObject({ orderId, outcome: 'relayed' });
    expect(await gasOf(RELAY, first)).toBeLessThanOrEqual(MOST_GAS);
    // The target's five slots were empty.
    expect((await gasOf(B, second)) - 5n * NEW_SLOT).toBeLessThanOrEqual(MOST_GAS);

    expect(await lastMessage(B)).toBe(text('hello'));
    const trace = await getOrderTrace(lane.client, orderId);
    expect(trace).toMatchObject({ status: 'relayed', pending: undefined });
    expect(trace.hops.map(({ name }) => name)).toEqual(['A', 'relay', 'B']);
    const again = transferIn(lane.client, { fromChain: RELAY, order: first.forwarded!, signer: lane.account(B) });
    await expect(again).rejects.toMatchObject({ code: 'already-relayed' });
  });

  test('goes to the relay chain and from it, each in one hop, as a message or as a call', async () => {
    await allow(RELAY, A);
    const calldata = lane.counterpart(RELAY).interface.encodeFunctionData('note', [text('called')]);
    const up = await send(A, RELAY, await messageTo(RELAY, '', { msgType: 'calldata', payload: calldata }));
    expect((await hop(A, RELAY, up)).attempt).toMatchObject({ outcome: 'relayed' });
    expect(await lastMessage(RELAY)).toBe(text('called'));

    await allow(B, RELAY);
    const down = await send(RELAY, B, await messageTo(B, 'from the relay chain'));
    expect((await hop(RELAY, B, down)).attempt).toMatchObject({ outcome: 'relayed' });
    expect(await lastMessage(B)).toBe(text('from the relay chain'));
  });

  test('is answered by a target on the relay chain, and goes on with the answer', async () => {
    await allow(RELAY, A);
    await allow(B, A);
    await call(RELAY, 'answer', encodeMessageData(await messageTo(B, 'answered')));
    const order = await send(A, B, await messageTo(RELAY, 'asked', { relay: true }));
    const first = await hop(A, RELAY, order);
    expect(first.attempt).toMatchObject({ outcome: 'relayed' });
    expect(await lastMessage(RELAY)).toBe(text('asked'));
    const second = await hop(RELAY, B, first.forwarded!);
    expect(second.attempt).toMatchObject({ outcome: 'relayed', orderId: order.orderId });
    expect(await lastMessage(B)).toBe(text('answered'));
  });

  test('whose target fails is tried again on each hop, by anyone', async () => {
    await allow(RELAY, A);
    await allow(B, A);
    await call(RELAY, 'answer', encodeMessageData(await messageTo(B, 'at last')));
    await call(RELAY, 'refuse', text('no'));
    await call(B, 'refuse', text('no'));
    const order = await send(A, B, await messageTo(RELAY, 'again', { relay: true }));
    const first = await hop(A, RELAY, order);
    expect(first).toMatchObject({ attempt: { outcome: 'failed', reason: text('no') }, forwarded: undefined });
    expect((await getOrderTrace(lane.client, order.orderId)).status).toBe('failed');

    await call(RELAY, 'refuse', '0x');
    const retried = await retryMessageIn(lane.client, {
      onChain: 'relay',
      order: first.attempt!,
      signer: lane.chain(RELAY).account(5),
    });
    expect(retried.attempt).toMatchObject({ outcome: 'relayed' });
    const second = await hop(RELAY, B, retried.forwarded!);
    expect(second.attempt).toMatchObject({ outcome: 'failed' });

    await call(B, 'refuse', '0x');
    const parameters = { onChain: B, order: second.attempt!, signer: lane.chain(B).account(5) };
    expect((await retryMessageIn(lane.client, parameters)).attempt).toMatchObject({ outcome: 'relayed' });
    expect(await lastMessage(B)).toBe(text('at last'));
    await expect(retryMessageIn(lane.client, parameters)).rejects.toMatchObject({ code: 'not-replayable' });
  });

  test('of a caller that the target does not allow fails, and arrives once it does', async () => {
    await call(B, 'allow', A, lane.account(A).address, false);
    const order = await send(A, B, await messageTo(B, 'let me in'));
    const first = await hop(A, RELAY, order);
    const second = await hop(RELAY, B, first.forwarded!);
    expect(second.attempt).toMatchObject({ outcome: 'failed' });
    await allow(B, A);
    const retried = await retryMessageIn(lane.client, {
      onChain: 'B',
      order: second.attempt!,
      signer: lane.account(B),
    });
    expect(retried.attempt).toMatchObject({ outcome: 'relayed' });
  });

  test('in a block far below what a light client knows is proven by the history of its chain, by any node that has it', async () => {
    await allow(B, A);
    const order = await send(A, B, await messageTo(B, 'from long ago'));
    await lane.chain(A).provider.send('anvil_mine', ['0x64', '0x1']);
    await lane.finalize(A);
    const [relay, chain] = [chainOf(lane.client, RELAY), chainOf(lane.client, A)];
    const proxy = await startRpcProxy(lane.chain(A).url);
    proxy.fault = ({ method }) =>
      method === 'eth_getProof' ? { kind: 'error', code: -32_000, message: 'missing trie node' } : undefined;
    const provider = await connect([proxy.url, lane.chain(A).url], { name: 'A' });
    const lightClient = lightClientBetween(lane.client, RELAY, A);
    const block = { number: order.blockNumber, hash: order.blockHash };
    const calls = await planAncestor(relay, { ...chain, provider }, lightClient, block);
    const names = calls.map(({ data }) => LIGHT_CLIENT_CALLS.parseTransaction({ data })?.name);
    expect(names).toEqual(['proveAncestorByHistory']);
    provider.destroy();
    await proxy.stop();
    const first = await hop(A, RELAY, order);
    expect(first.forwarded).toMatchObject({ orderId: order.orderId });
    const recorded = lightClientAt(lightClient.address, relay.provider).finalizedBlockHash(BigInt(order.blockNumber));
    expect(await recorded).toBe(order.blockHash);
  });

  test('is found by the transaction that sent it, and by no other', async () => {
    const { fee: _fee, ...order } = await send(A, B, await messageTo(B, 'whose are you'));
    const { forwarded } = await hop(A, RELAY, order);
    const find = async (fromChain: string, transactionHash: string): Promise<readonly OrderEvent[]> =>
      await getOrders(lane.client, { fromChain, transactionHash });

    expect(await find('A', order.transactionHash)).toEqual([order]);
    const { transactionHash: forwarding } = forwarded!;
    await expect(find('relay', forwarding)).rejects.toThrow(`${forwarding} of chain relay has sent no message`);
    await expect(find('A', forwarding)).rejects.toThrow(`${forwarding} of chain A is not known there`);
    await expect(find('A', '0x12')).rejects.toThrow('"0x12" is no hash');
  });
});
