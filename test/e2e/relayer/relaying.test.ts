import { Contract, hexlify, Transaction, type HDNodeWallet } from 'ethers';
import { beforeEach, describe, expect, test, vi } from 'vitest';

import { l1CrossDomainMessenger } from '../../../sdk/abi/L1CrossDomainMessenger.ts';
import { buildProof } from '../../../sdk/actions/buildProof.ts';
import { l1MessengerOf, l2MessengerOf } from '../../../sdk/chain/contracts.ts';
import type { SentMessage } from '../../../sdk/chain/logs.ts';
import type { StateBatch } from '../../../sdk/chain/stateBatches.ts';
import { deployArtifact } from '../../support/chain.ts';
import { deployFragile } from '../../support/fragile.ts';
import { recordCall, type LaneNode } from '../../support/laneNode.ts';
import { commitAndProve, deployRecorder, recorded } from '../../support/laneSteps.ts';
import { useLaneNode } from '../../support/useLaneNode.ts';

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

/** Sends messages, commits them and proves them. */
async function sendAndProve(number: number): Promise<{ sent: SentMessage[]; batch: StateBatch }> {
  const sent = await node.sendUp(target, ...Array.from({ length: number }, (_, label) => recordCall(label)));
  return { sent, batch: await commitAndProve(node) };
}

/** Relays by hand, as somebody else. */
async function relayByHand(message: SentMessage, signer: HDNodeWallet, overrides = {}): Promise<void> {
  const { proof } = await buildProof(node.chains.client, { ...message, fromChain: 'l2' });
  await l1MessengerOf(node.chains.lane, signer).relayMessage(message.message, proof, overrides);
}

/** Several messages that are ready go by the message tree, whose root is proven first. */
async function proveRoot(): Promise<void> {
  expect(await node.submit()).toBe(1);
  await node.confirm();
}

test('messages go all the way, each once', async () => {
  const sent = await node.sendUp(target, recordCall(0), recordCall(1), recordCall(2));
  await node.read();
  expect(await node.prove()).toBe(0);
  expect(await node.stages()).toBe('sent sent sent');
  const batch = await node.commit();
  await node.read();
  expect(await node.prove()).toBe(3);
  expect(await node.submit()).toBe(0);
  await node.passWindow(batch);
  await node.read();
  await proveRoot();
  expect(await node.submit()).toBe(1);
  expect(await node.stages()).toBe('submitted submitted submitted');
  await node.confirm();
  expect(await node.stages()).toBe('relayed relayed relayed');
  expect(await recorded(recorder)).toBe(3n);
  expect(sent).toHaveLength(3);
  expect(await node.store.db.selectFrom('proofs').selectAll().execute()).toEqual([]);
  expect(node.lines.filter(({ level }) => level >= 40)).toEqual([]);
});

describe('submitting', () => {
  test('waits while the messenger is paused, and goes on after that', async () => {
    const { sent, batch } = await sendAndProve(2);
    const { lane, l1 } = node.chains;
    const messenger = new Contract(lane.l1Messenger, l1CrossDomainMessenger.abi, l1.account(0));
    await (await messenger.getFunction('pause')()).wait();
    await node.passWindow(batch);
    await node.read();
    expect(await node.submit()).toBe(0);
    expect(await node.stages()).toBe('proven (paused) proven (paused)');
    // However long it lasts: it is not the messages' doing.
    for (let tries = 0; tries < 12; tries++) {
      await node.retry();
      expect(await node.submit()).toBe(0);
    }
    for (const { messageHash } of sent) {
      const { tries, nextTryAt } = await node.message(messageHash);
      expect(tries).toBe(13);
      expect(nextTryAt - Date.now()).toBeGreaterThan(30_000);
      expect(nextTryAt - Date.now()).toBeLessThanOrEqual(40_000);
    }
    expect(node.lines.filter(({ msg, level }) => msg === 'set aside' && level === 40)).toHaveLength(2);
    await (await messenger.getFunction('unpause')()).wait();
    // Not before its time.
    expect(await node.submit()).toBe(0);
    await node.retry();
    await proveRoot();
    expect(await node.submit()).toBe(1);
    await node.confirm();
    expect(await node.stages()).toBe('relayed relayed');
  });

  test('finds out that somebody else was faster', async () => {
    const { sent, batch } = await sendAndProve(1);
    await node.passWindow(batch);
    await node.read();
    await relayByHand(sent[0]!, node.chains.l1.account(6));
    expect(await node.submit()).toBe(0);
    expect(await node.stages()).toBe('proven (already-relayed)');
    await node.confirm();
    expect(await node.stages()).toBe('relayed');
    expect(await recorded(recorder)).toBe(1n);
  });

  test('delivers to a target that fails, whose message stays failed until it is delivered by hand', async () => {
    const fragile = await deployFragile(node.chains.l1.account(3), 'out of order');
    const [sent] = await node.sendUp(fragile.address, '0x1234');
    const batch = await node.commit();
    await node.read();
    await node.prove();
    await node.passWindow(batch);
    await node.read();
    expect(await node.submit()).toBe(1);
    await node.confirm();
    expect(await node.stages()).toBe('failed');
    const { failureReason } = await node.message(sent!.messageHash);
    expect(Buffer.from(failureReason!).toString()).toContain('out of order');

    await fragile.repair();
    await relayByHand(sent!, node.chains.l1.account(6));
    await node.confirm();
    expect(await node.stages()).toBe('relayed');
    expect(await fragile.count()).toBe(1n);
  });

  test('asks for no more gas than a transaction may have', async () => {
    const eater = await deployArtifact('GasEater', node.chains.l1.account(3));
    const messenger = l2MessengerOf(node.chains.lane, node.chains.l2.account(4));
    await (await messenger.sendMessage(await eater.getAddress(), '0x12', 15_300_000n)).wait();
    const batch = await node.commit();
    await node.read();
    await node.prove();
    await node.passWindow(batch);
    await node.read();
    await node.chains.l1.provider.send('evm_setAutomine', [false]);
    expect(await node.submit()).toBe(1);
    const { raw } = await node.store.db.selectFrom('attempts').select('raw').executeTakeFirstOrThrow();
    expect(Transaction.from(hexlify(raw)).gasLimit).toBe(16_777_216n);
    await node.chains.l1.provider.send('evm_setAutomine', [true]);
    await node.chains.l1.provider.send('evm_mine', []);
    await node.confirm();
    expect(await node.stages()).toBe('failed');
  });

  test('waits for the chain where its own clock is ahead of it', async () => {
    const { batch } = await sendAndProve(2);
    const now = Date.now() + 3_600_000;
    vi.spyOn(Date, 'now').mockImplementation(() => now);
    expect(await node.submit()).toBe(0);
    expect(await node.stages()).toBe('proven (not-ready) proven (not-ready)');
    // Alone they would fare no better.
    expect(node.lines.filter(({ msg }) => msg === 'messages are relayed in a dearer way')).toEqual([]);
    await node.passWindow(batch);
    await node.read();
    await node.retry();
    expect(await node.submit()).toBe(1);
  });

  test('takes the tree that the chain takes, where by its own clock there is a larger one', async () => {
    const { batch } = await sendAndProve(2);
    await node.passWindow(batch);
    await sendAndProve(1);
    const now = Date.now() + 3_600_000;
    vi.spyOn(Date, 'now').mockImplementation(() => now);
    await proveRoot();
    expect(await node.stages()).toBe('proven proven proven (not-ready)');
    expect(await node.submit()).toBe(1);
    await node.confirm();
    expect(await node.stages()).toBe('relayed relayed proven (not-ready)');
  });

  test('blames no message for an endpoint that does not answer, and takes those it does answer for', async () => {
    const { batch } = await sendAndProve(3);
    await node.passWindow(batch);
    await node.read();
    node.proxies.l1.fault = ({ method }) =>
      method === 'eth_estimateGas' ? { kind: 'status', status: 503 } : undefined;
    await expect(node.submit()).rejects.toMatchObject({ code: 'rpc-unreachable' });
    expect(await node.stages()).toBe('proven proven proven');
    node.proxies.l1.fault = () => undefined;
    await proveRoot();
    expect(await node.submit()).toBe(1);
  });

  test('is not repeated by a restart', async () => {
    const { batch } = await sendAndProve(2);
    await node.passWindow(batch);
    await node.read();
    await proveRoot();
    await node.chains.l1.provider.send('evm_setAutomine', [false]);
    await node.submit();
    await node.restart();
    expect(await node.submit()).toBe(0);
    await node.engine.advance();
    await node.chains.l1.provider.send('evm_setAutomine', [true]);
    await node.chains.l1.provider.send('evm_mine', []);
    await node.confirm();
    expect(await node.stages()).toBe('relayed relayed');
    expect(await recorded(recorder)).toBe(2n);
  });
});

describe('confirming', () => {
  test('waits for a final block', async () => {
    await node.reset('finalized');
    await node.chains.l1.provider.send('anvil_mine', ['0x3']);
    await node.chains.l2.provider.send('anvil_mine', ['0x3']);
    recorder = await deployRecorder(node);
    target = await recorder.getAddress();
    const { batch } = await sendAndProve(1);
    await node.passWindow(batch);
    await node.read();
    await node.submit();
    await node.confirm();
    expect(await node.stages()).toBe('submitted');
    expect(await recorded(recorder)).toBe(1n);
    await node.chains.l1.provider.send('evm_mine', []);
    await node.confirm();
    expect(await node.stages()).toBe('submitted');
    await node.chains.l1.provider.send('evm_mine', []);
    await node.confirm();
    expect(await node.stages()).toBe('relayed');
  });

  test('opens a message again whose transaction reverts because somebody else was faster in its block', async () => {
    const { sent, batch } = await sendAndProve(1);
    await node.passWindow(batch);
    await node.read();
    await node.chains.l1.provider.send('evm_setAutomine', [false]);
    await node.submit();
    const fees = { maxFeePerGas: 10n ** 12n, maxPriorityFeePerGas: 10n ** 11n, gasLimit: 1_000_000n };
    await relayByHand(sent[0]!, node.chains.l1.account(6), fees);
    await node.chains.l1.provider.send('evm_setAutomine', [true]);
    await node.chains.l1.provider.send('evm_mine', []);
    const { reverted } = await transaction();
    await node.confirm();
    expect(reverted).toBeNull();
    expect(await transaction()).toMatchObject({ stage: 'final', reverted: 1 });
    expect(await node.stages()).toBe('relayed');
    expect(await recorded(recorder)).toBe(1n);
  });

  async function transaction() {
    return await node.store.db.selectFrom('transactions').selectAll().executeTakeFirstOrThrow();
  }

  test('a reorganisation of L1 puts a relayed message back, and it is relayed again', async () => {
    await node.reset('finalized');
    await node.chains.l1.provider.send('anvil_mine', ['0x3']);
    await node.chains.l2.provider.send('anvil_mine', ['0x3']);
    recorder = await deployRecorder(node);
    target = await recorder.getAddress();
    const { batch } = await sendAndProve(1);
    await node.passWindow(batch);
    await node.read();
    await node.submit();
    await node.confirm();
    await node.chains.l1.provider.send('anvil_rollback', [1]);
    await node.chains.l1.provider.send('anvil_dropAllTransactions', []);
    await node.chains.l1.provider.send('anvil_mine', ['0x2']);
    expect(await recorded(recorder)).toBe(0n);
    await node.confirm();
    expect(await node.stages()).toBe('submitted');
    // What was signed is broadcast again, as after a restart.
    await node.restart();
    await node.confirm();
    await node.chains.l1.provider.send('anvil_mine', ['0x3']);
    await node.confirm();
    expect(await node.stages()).toBe('relayed');
    expect(await recorded(recorder)).toBe(1n);
  });
});
