import { Transaction, hexlify, toQuantity, type Contract } from 'ethers';
import { beforeEach, describe, expect, test, vi } from 'vitest';

import { relayMessage } from '../../../sdk/actions/relayMessage.ts';
import { l1MessengerOf, l2MessengerOf } from '../../../sdk/chain/contracts.ts';
import { parseDeliveries, type SentMessage } from '../../../sdk/chain/logs.ts';
import { proveMessages } from '../../../sdk/chain/proofs.ts';
import { waitForReceipt } from '../../../sdk/chain/receipts.ts';
import type { StateBatch } from '../../../sdk/chain/stateBatches.ts';
import { deployArtifact } from '../../support/chain.ts';
import { recordCall, type LaneNode } from '../../support/laneNode.ts';
import { deployRecorder, makeReady, recorded } from '../../support/laneSteps.ts';
import { useLaneNode } from '../../support/useLaneNode.ts';

/** Of a contract that uses up all the gas it gets. */
const BURNING_CODE = '0xfe';

let node: LaneNode;
let recorder: Contract;
let target: string;

useLaneNode((started) => {
  node = started;
});

beforeEach(async () => {
  recorder = await deployRecorder(node);
  target = await recorder.getAddress();
});

/** Sends messages, commits and proves them, and lets the window pass. */
async function sendReady(number: number): Promise<{ sent: SentMessage[]; batch: StateBatch }> {
  const sent = await node.sendUp(target, ...Array.from({ length: number }, (_, label) => recordCall(label)));
  return { sent, batch: await makeReady(node) };
}

/** Of the transactions so far, in order. */
async function purposes(): Promise<string[]> {
  const rows = await node.store.db.selectFrom('transactions').select('purpose').orderBy('nonce').execute();
  return rows.map(({ purpose }) => purpose);
}

/** Submits what there is and confirms it, once. */
async function step(): Promise<number> {
  const submitted = await node.submit();
  await node.confirm();
  return submitted;
}

async function relays(): Promise<{ from: string; length: number }[]> {
  const { lane, l1 } = node.chains;
  const filter = { address: lane.l1Messenger, fromBlock: Number(lane.l1DeployedAt) };
  const deliveries = parseDeliveries(await l1.provider.getLogs(filter), lane.l1Messenger);
  const byTransaction = Map.groupBy(deliveries, ({ transactionHash }) => transactionHash);
  return [...byTransaction].map(([from, some]) => ({ from, length: some.length }));
}

describe('messages that are ready together', () => {
  test('go in one transaction, after one that proves the root of their tree', async () => {
    await sendReady(5);
    expect(await step()).toBe(1);
    expect(await node.stages()).toBe('proven proven proven proven proven');
    expect(await step()).toBe(1);
    expect(await node.stages()).toBe('relayed relayed relayed relayed relayed');
    expect(await purposes()).toEqual(['prove message root', 'relay']);
    expect((await relays()).map(({ length }) => length)).toEqual([5]);
    expect(await recorded(recorder)).toBe(5n);
  });

  test('wait for the root that is on its way, and no second one is sent', async () => {
    await sendReady(2);
    await node.chains.l1.provider.send('evm_setAutomine', [false]);
    expect(await node.submit()).toBe(1);
    expect(await node.submit()).toBe(0);
    await node.restart();
    expect(await node.submit()).toBe(0);
    expect(await node.stages()).toBe('proven proven');
    await node.chains.l1.provider.send('evm_setAutomine', [true]);
    await node.chains.l1.provider.send('evm_mine', []);
    await node.confirm();
    expect(await step()).toBe(1);
    expect(await purposes()).toEqual(['prove message root', 'relay']);
    expect(await recorded(recorder)).toBe(2n);
  });

  test('go by a root that somebody else has proven', async () => {
    const { sent, batch } = await sendReady(2);
    const { lane, l1 } = node.chains;
    const { tree } = await proveMessages(node.chains.client, batch, [sent[0]!.messageHash]);
    const { hash } = await l1MessengerOf(lane, l1.account(6)).proveMessageRoot(tree.count, tree.peaks, tree.proof);
    await waitForReceipt(l1.provider, hash);
    await node.read();
    expect(await step()).toBe(1);
    expect(await purposes()).toEqual(['relay']);
    expect(await recorded(recorder)).toBe(2n);
  });

  test('do not suffer from one that somebody else has relayed', async () => {
    const { sent } = await sendReady(3);
    expect(await step()).toBe(1);
    const signer = node.chains.l1.account(6);
    await relayMessage(node.chains.client, { message: { ...sent[1]!, fromChain: 'l2' }, signer });
    expect(await node.submit()).toBe(1);
    await node.confirm();
    expect(await node.stages()).toBe('relayed relayed relayed');
    expect(await recorded(recorder)).toBe(3n);
    expect((await relays()).map(({ length }) => length)).toEqual([1, 2]);
  });

  test('go alone where the store lacks messages of the tree', async () => {
    await sendReady(3);
    await node.store.db.deleteFrom('proofs').where('messageId', '=', 1).execute();
    await node.store.db.deleteFrom('messages').where('counter', '=', 0).execute();
    expect(await step()).toBe(2);
    expect(await purposes()).toEqual(['relay', 'relay']);
    expect(await recorded(recorder)).toBe(2n);
  });

  test('go alone where L1 refuses them together', async () => {
    await sendReady(2);
    expect(await step()).toBe(1);
    node.proxies.l1.fault = ({ method, params }) =>
      method === 'eth_call' && JSON.stringify(params).includes(node.engine.address.toLowerCase())
        ? { kind: 'result', result: '0x' }
        : undefined;
    expect(await step()).toBe(2);
    expect(await purposes()).toEqual(['prove message root', 'relay', 'relay']);
    expect(node.lines.filter(({ msg }) => msg === 'messages are relayed in a dearer way')).toHaveLength(1);
    expect(await recorded(recorder)).toBe(2n);
  });

  test('go alone where an endpoint does not take so large a request', async () => {
    await sendReady(2);
    expect(await step()).toBe(1);
    node.proxies.l1.fault = ({ method, params }) =>
      method === 'eth_call' && JSON.stringify(params).includes(node.engine.address.toLowerCase())
        ? { kind: 'status', status: 413 }
        : undefined;
    expect(await step()).toBe(2);
    expect(await purposes()).toEqual(['prove message root', 'relay', 'relay']);
    expect(await recorded(recorder)).toBe(2n);
  });

  test('go alone after a node has refused the transaction of all', async () => {
    await sendReady(12);
    expect(await step()).toBe(1);
    node.proxies.l1.fault = ({ method, params }) =>
      method === 'eth_sendRawTransaction' && JSON.stringify(params).length > 8000
        ? { kind: 'error', code: -32_000, message: 'oversized data: transaction size 132000, limit 131072' }
        : undefined;
    const clocks = [Date, performance].map((clock) => {
      const now = clock.now.bind(clock);
      return vi.spyOn(clock, 'now').mockImplementation(() => now() + later);
    });
    let later = 0;
    expect(await node.submit()).toBe(1);
    // A node may want more: that is offered first.
    for (; later < 180_000; later += 31_000) await node.engine.advance();
    for (const clock of clocks) clock.mockRestore();
    expect(await node.stages()).toMatch(/^proven \(transaction-refused\)( proven \(transaction-refused\)){11}$/u);
    await node.retry();
    expect(await step()).toBe(12);
    expect(await recorded(recorder)).toBe(12n);
  });
});

describe('a single message', () => {
  test('goes with a proof of its own, and by its path once a root is proven that holds it', async () => {
    const alone = await sendReady(1);
    expect(await step()).toBe(1);
    const { sent, batch } = await sendReady(2);
    // The second of them is set aside.
    await node.store.db
      .updateTable('messages')
      .set({ nextTryAt: Date.now() + 300_000 })
      .where('counter', '=', 2)
      .execute();
    const { tree } = await proveMessages(node.chains.client, batch, [sent[0]!.messageHash]);
    const { lane, l1 } = node.chains;
    const { hash } = await l1MessengerOf(lane, l1.account(6)).proveMessageRoot(tree.count, tree.peaks, tree.proof);
    await waitForReceipt(l1.provider, hash);
    await node.read();
    expect(await node.submit()).toBe(1);
    const attempts = node.store.db.selectFrom('attempts').select('raw').orderBy('transactionId', 'desc');
    const { raw } = await attempts.executeTakeFirstOrThrow();
    const messenger = l1MessengerOf(lane, l1.provider);
    const selector = Transaction.from(hexlify(raw)).data.slice(0, 10);
    expect(selector).toBe(messenger.interface.getFunction('relayMessageByPath')?.selector);
    await node.confirm();
    expect(await node.stages()).toBe('relayed relayed proven');
    expect(alone.sent).toHaveLength(1);
    expect(await recorded(recorder)).toBe(2n);
  });
});

describe('a batch', () => {
  test('that ends before a message on the chain leaves it to another one', async () => {
    await sendReady(10);
    await step();
    const { provider } = node.chains.l1;
    await provider.send('evm_setAutomine', [false]);
    expect(await node.submit()).toBe(1);
    // Nothing of it was to be seen when the batch was tried.
    const code = await provider.getCode(target);
    await provider.send('anvil_setCode', [target, BURNING_CODE]);
    await provider.send('evm_setAutomine', [true]);
    await provider.send('evm_mine', []);
    await node.confirm();
    expect(await node.stages()).toMatch(/^failed( failed)*( proven \(insufficient-gas\))+$/u);
    const failed = (await relays())[0]!.length;
    // It was not their fault.
    expect(await node.store.db.selectFrom('messages').select('id').where('tries', '>', 0).execute()).toEqual([]);
    await provider.send('anvil_setCode', [target, code]);
    await node.retry();
    await step();
    expect(await node.stages()).toMatch(/^failed( failed)*( relayed)+$/u);
    expect((await relays()).map(({ length }) => length)).toEqual([failed, 10 - failed]);
    expect(await recorded(recorder)).toBe(BigInt(10 - failed));
  });

  test('has as many messages as one transaction can deliver, and another one has the others', async () => {
    const eater = await deployArtifact('GasEater', node.chains.l1.account(3));
    const messenger = l2MessengerOf(node.chains.lane, node.chains.l2.account(4));
    for (let sent = 0; sent < 5; sent++) {
      const { hash } = await messenger.sendMessage(await eater.getAddress(), '0x12', 4_000_000n);
      await waitForReceipt(node.chains.l2.provider, hash);
    }
    await sendReady(1);
    expect(await step()).toBe(1);
    expect(await step()).toBe(1);
    expect(await node.stages()).toBe('failed failed failed failed proven proven');
    expect(await step()).toBe(1);
    expect(await node.stages()).toBe('failed failed failed failed failed relayed');
    expect((await relays()).map(({ length }) => length)).toEqual([4, 2]);
    const gas = await node.chains.l1.provider.getTransactionReceipt((await relays())[0]!.from);
    expect(gas!.gasUsed).toBeGreaterThan(16_000_000n);
  });

  test('has as many messages as the account can pay for', async () => {
    await sendReady(30);
    await step();
    const { provider } = node.chains.l1;
    const { maxFeePerGas } = await provider.getFeeData();
    await provider.send('anvil_setBalance', [node.engine.address, toQuantity(maxFeePerGas! * 1_000_000n)]);
    expect(await step()).toBe(1);
    const { length } = (await relays())[0]!;
    expect(length).toBeGreaterThan(9);
    expect(length).toBeLessThan(30);
    await provider.send('anvil_setBalance', [node.engine.address, toQuantity(10n ** 20n)]);
    await step();
    expect(await recorded(recorder)).toBe(30n);
  });

  test('goes by a root whose block L1 drops, once that is proven again', async () => {
    await node.reset('finalized');
    const { provider } = node.chains.l1;
    await provider.send('anvil_mine', ['0x3']);
    await node.chains.l2.provider.send('anvil_mine', ['0x3']);
    recorder = await deployRecorder(node);
    target = await recorder.getAddress();
    await sendReady(2);
    await node.chains.l2.provider.send('anvil_mine', ['0x3']);
    await step();
    await provider.send('anvil_rollback', [1]);
    await provider.send('anvil_dropAllTransactions', []);
    await provider.send('anvil_mine', ['0x2']);
    await node.read();
    await node.engine.advance();
    // Its transaction is on its way again.
    expect(await node.submit()).toBe(0);
    await node.restart();
    for (let steps = 0; steps < 4; steps++) {
      await step();
      await provider.send('anvil_mine', ['0x2']);
    }
    await node.confirm();
    expect(await node.stages()).toBe('relayed relayed');
    expect(await purposes()).toEqual(['prove message root', 'relay']);
    expect(await recorded(recorder)).toBe(2n);
  });
});
