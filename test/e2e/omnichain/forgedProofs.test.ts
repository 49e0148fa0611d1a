import { concat, dataSlice, dataLength, toBeHex, toQuantity } from 'ethers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { transferIn } from '../../../sdk/actions/omnichain/transferIn.ts';
import { transferOut, type SentOrder } from '../../../sdk/actions/omnichain/transferOut.ts';
import { planAncestor } from '../../../sdk/chain/omnichain/ancestors.ts';
import { chainOf, lightClientBetween } from '../../../sdk/chain/omnichain/client.ts';
import { serviceAt } from '../../../sdk/chain/omnichain/contracts.ts';
import { OMNICHAIN_TOPICS } from '../../../sdk/chain/omnichain/logs.ts';
import { getBlockOf, proveMessage } from '../../../sdk/chain/omnichain/messageProof.ts';
import { getProvableBlock, type ProvableBlock } from '../../../sdk/chain/omnichain/provableBlock.ts';
import { waitForReceipt } from '../../../sdk/chain/receipts.ts';
import { toXdmError } from '../../../sdk/chain/rpcErrors.ts';
import { packReceiptProof } from '../../../sdk/core/omnichain/receiptProof.ts';
import { A, B, RELAY, startOmnichainLane, text, type OmnichainLane } from '../../support/omnichainLane.ts';

let lane: OmnichainLane;
/** A message from A to B whose block the relay chain knows, and which nobody has delivered. */
let order: SentOrder;
let block: ProvableBlock;
let proof: string;
let logIndex: number;

beforeAll(async () => {
  lane = await startOmnichainLane();
  order = await send(A, B);
  await lane.finalize(A);
  await makeKnown(RELAY, A, order.blockNumber);
  block = await getBlockOf(chainOf(lane.client, A), order);
  ({ proof, logIndex } = await proveMessage(chainOf(lane.client, A), block, order));
});

afterAll(async () => {
  await lane.stop();
});

async function send(fromChain: bigint, toChain: bigint): Promise<SentOrder> {
  const target = await lane.counterpart(toChain).getAddress();
  const message = { relay: false, msgType: 'message', target, payload: text('true'), gasLimit: 200_000n } as const;
  const signer = lane.account(fromChain);
  return await transferOut(lane.client, { fromChain, toChain, signer, message: { ...message, value: 0n } });
}

/** Has a chain's light client know a block of another chain that is below its head. */
async function makeKnown(on: bigint, of: bigint, number: number): Promise<void> {
  const [there, source] = [chainOf(lane.client, on), chainOf(lane.client, of)];
  const { hash: wanted } = (await source.provider.getBlock(number))!;
  const lightClient = lightClientBetween(lane.client, on, of);
  for (const { to, data } of await planAncestor(there, source, lightClient, { number, hash: wanted! })) {
    const { hash } = await lane.account(on).sendTransaction({ to, data });
    await waitForReceipt(there.provider, hash);
  }
}

/** What a service says of a proof of a chain's log: the name of the error that it refuses it with, and that error's code. */
async function refusal(on: bigint, of: bigint, forged: { readonly proof?: string; readonly logIndex?: number }) {
  const { service, provider } = chainOf(lane.client, on);
  const { transferInWithIndex } = serviceAt(service, provider);
  try {
    await transferInWithIndex.staticCall(of, forged.logIndex ?? logIndex, forged.proof ?? proof);
    return 'none';
  } catch (error) {
    const { code, message } = toXdmError(error);
    return `${code}: ${/(\w+_\w+)\(/u.exec(message)?.[1] ?? message}`;
  }
}

/** A contract that logs what it is told while it is created. */
function loggingCode(topics: readonly string[], data: string): string {
  const size = toBeHex(dataLength(data), 2);
  const pushed = topics.toReversed().flatMap((topic) => ['0x7f', topic]);
  // CODECOPY of what follows this code, to memory 0; LOG with the topics; STOP.
  const length = 3 + 3 + 2 + 1 + 33 * topics.length + 3 + 2 + 2;
  const copy = ['0x61', size, '0x61', toBeHex(length, 2), '0x6000', '0x39'];
  const log = ['0x61', size, '0x6000', toBeHex(0xa0 + topics.length, 1), '0x00'];
  return concat([...copy, ...pushed, ...log, data]);
}

describe('a proof', () => {
  test('that is true is taken', async () => {
    expect(await refusal(RELAY, A, {})).toBe('none');
  });

  test('with the header of another chain is refused', async () => {
    const { provider } = lane.chain(B);
    // Long enough to have a block of this height.
    await provider.send('anvil_mine', [toQuantity(order.blockNumber)]);
    const { hash } = (await provider.getBlock(order.blockNumber))!;
    const foreign = await getProvableBlock(provider, hash!);
    const nodes = await block.receipts.prove(0);
    const forged = packReceiptProof({ header: foreign.header, transactionIndex: 0, nodes });
    expect(await refusal(RELAY, A, { proof: forged })).toBe('proof-invalid: LightClient_HeaderMismatch');
  });

  test('of a block that is not known is refused', async () => {
    const unknown = await send(A, B);
    const built = await proveMessage(
      chainOf(lane.client, A),
      await getBlockOf(chainOf(lane.client, A), unknown),
      unknown,
    );
    expect(await refusal(RELAY, A, built)).toBe('not-ready: LightClient_UnknownBlock');
  });

  test('with the receipt of another block is refused', async () => {
    const other = await send(A, B);
    const nodes = await (await getBlockOf(chainOf(lane.client, A), other)).receipts.prove(0);
    const forged = packReceiptProof({ header: block.header, transactionIndex: 0, nodes });
    expect(await refusal(RELAY, A, { proof: forged })).toBe('proof-invalid: MerkleTrie_NodeMismatch');
  });

  test('under the index of another transaction is refused', async () => {
    const forged = packReceiptProof({
      header: block.header,
      transactionIndex: 1,
      nodes: await block.receipts.prove(0),
    });
    expect(await refusal(RELAY, A, { proof: forged })).toBe('proof-invalid: MerkleTrie_KeyNotFound');
  });

  test('of another log of the receipt, or of one that it has not, is refused', async () => {
    // Its fee was paid behind it.
    expect(await refusal(RELAY, A, { logIndex: logIndex + 1 })).toBe('proof-invalid: OmnichainService_NotAMessage');
    expect(await refusal(RELAY, A, { logIndex: logIndex + 2 })).toBe('proof-invalid: ReceiptProof_NoSuchLog');
  });

  test('that is cut off, or longer than it is, is refused', async () => {
    const nodes = dataLength(await block.receipts.prove(0));
    const withoutNodes = dataSlice(proof, 0, dataLength(proof) - nodes);
    expect(await refusal(RELAY, A, { proof: withoutNodes })).toBe('proof-invalid: MerkleTrie_ProofTooShort');
    const cut = dataSlice(proof, 0, dataLength(proof) - 1);
    expect(await refusal(RELAY, A, { proof: cut })).toBe('proof-invalid: RLP_OutOfBounds');
    expect(await refusal(RELAY, A, { proof: concat([proof, '0x00']) })).toBe(
      'proof-invalid: ReceiptProof_TrailingBytes',
    );
  });

  test('of the same log by another contract is refused', async () => {
    const { provider } = lane.chain(A);
    const account = lane.chain(A).account(3);
    const original = (await provider.getTransactionReceipt(order.transactionHash))!.logs[logIndex]!;
    const { hash } = await account.sendTransaction({ data: loggingCode(original.topics, original.data) });
    const receipt = await waitForReceipt(provider, hash);
    const forged = receipt.logs[0]!;
    expect({ topics: forged.topics, data: forged.data }).toEqual({ topics: original.topics, data: original.data });
    expect(forged.topics[0]).toBe(OMNICHAIN_TOPICS.messageOut);

    // The SDK does not build it, and the service does not take it.
    const { blockNumber, blockHash } = receipt;
    const position = { blockNumber, blockHash, transactionHash: hash, logIndex: forged.index };
    const chain = chainOf(lane.client, A);
    const its = await getBlockOf(chain, position);
    await expect(proveMessage(chain, its, { ...position, orderId: order.orderId })).rejects.toMatchObject({
      code: 'proof-invalid',
    });
    await lane.finalize(A);
    await makeKnown(RELAY, A, blockNumber);
    const nodes = await its.receipts.prove(0);
    const built = packReceiptProof({ header: its.header, transactionIndex: 0, nodes });
    expect(await refusal(RELAY, A, { proof: built, logIndex: 0 })).toBe('proof-invalid: OmnichainService_WrongEmitter');
  });

  test('of an order that was delivered before is refused', async () => {
    const done = await transferIn(lane.client, { fromChain: A, order, signer: lane.account(RELAY) });
    expect(done.forwarded).toMatchObject({ orderId: order.orderId });
    expect(await refusal(RELAY, A, {})).toBe('already-relayed: OmnichainService_AlreadyAttempted');
  });

  test('of a message for another chain, or by a light client that is frozen, is refused', async () => {
    const forA = await send(RELAY, A);
    await lane.finalize(RELAY);
    await makeKnown(B, RELAY, forA.blockNumber);
    const relay = chainOf(lane.client, RELAY);
    const built = await proveMessage(relay, await getBlockOf(relay, forA), forA);
    expect(await refusal(B, RELAY, built)).toBe('wrong-chain: OmnichainService_WrongDestination');

    await lane.vouch(B, { number: forA.blockNumber, hash: toBeHex(1, 32) });
    expect(await refusal(B, RELAY, built)).toBe('light-client-frozen: LightClient_Frozen');
    const forB = await send(RELAY, B);
    const signer = lane.account(B);
    await expect(transferIn(lane.client, { fromChain: RELAY, order: forB, signer })).rejects.toMatchObject({
      code: 'light-client-frozen',
    });
  });
});
