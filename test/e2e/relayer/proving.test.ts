import { toQuantity } from 'ethers';
import { describe, expect, test } from 'vitest';

import { recordCall, type LaneNode } from '../../support/laneNode.ts';
import { deleteBatch, deployRecorder, recorded } from '../../support/laneSteps.ts';
import { useLaneNode } from '../../support/useLaneNode.ts';

let node: LaneNode;
let target: string;

useLaneNode((started) => {
  node = started;
  target = node.chains.l1.account(7).address;
});

describe('proving', () => {
  test('is done again when the batch was deleted', async () => {
    const recorder = await deployRecorder(node);
    await node.sendUp(await recorder.getAddress(), recordCall(0), recordCall(1));
    const batch = await node.commit();
    await node.read();
    expect(await node.prove()).toBe(2);
    await deleteBatch(node, batch);
    await node.read();
    expect(await node.prove()).toBe(0);
    expect(await node.stages()).toBe('sent sent');

    const next = await node.commit();
    await node.read();
    expect(await node.prove()).toBe(2);
    await node.passWindow(next);
    await node.read();
    // The root of the message tree, then both messages.
    for (let transactions = 0; transactions < 2; transactions++) {
      expect(await node.submit()).toBe(1);
      await node.confirm();
    }
    expect(await node.stages()).toBe('relayed relayed');
    expect(await recorded(recorder)).toBe(2n);
  });

  test('sets messages aside whose batch our own L2 node denies, and goes on with the others', async () => {
    await node.sendUp(target, recordCall(0));
    const denied = await node.chains.l2.provider.getBlockNumber();
    await node.commit();
    await node.sendUp(target, recordCall(1));
    await node.commit();
    await node.read();
    const block = (await node.chains.l2.provider.send('eth_getBlockByNumber', [
      `0x${denied.toString(16)}`,
      false,
    ])) as object;
    node.proxies.l2.fault = ({ params }) =>
      params[0] === `0x${denied.toString(16)}`
        ? { kind: 'result', result: { ...block, stateRoot: `0x${'11'.repeat(32)}` } }
        : undefined;
    expect(await node.prove()).toBe(1);
    expect(await node.stages()).toBe('sent (proof-invalid) proven');
    // Not at once again; then under the newest batch, which our L2 node does not deny.
    expect(await node.prove()).toBe(0);
    await node.retry();
    expect(await node.prove()).toBe(1);
    expect(await node.stages()).toBe('proven proven');
  });

  test('tries later each time what our own L2 node denies, until it does not', async () => {
    await node.sendUp(target, recordCall(0));
    const denied = toQuantity(await node.chains.l2.provider.getBlockNumber());
    await node.commit();
    await node.read();
    const block = (await node.chains.l2.provider.send('eth_getBlockByNumber', [denied, false])) as object;
    node.proxies.l2.fault = ({ params }) =>
      params[0] === denied ? { kind: 'result', result: { ...block, stateRoot: `0x${'11'.repeat(32)}` } } : undefined;
    expect(await node.prove()).toBe(0);
    await node.retry();
    expect(await node.prove()).toBe(0);
    const [first] = await node.store.db.selectFrom('messages').select(['tries', 'nextTryAt']).execute();
    expect(first).toMatchObject({ tries: 2 });
    expect(first!.nextTryAt).toBeGreaterThan(Date.now() + 1500);

    node.proxies.l2.fault = () => undefined;
    await node.retry();
    expect(await node.prove()).toBe(1);
    expect(await node.stages()).toBe('proven');
  });

  test('sets messages aside whose state the node has forgotten, and goes on with the others', async () => {
    await node.sendUp(target, recordCall(0));
    const forgotten = await node.chains.l2.provider.getBlockNumber();
    await node.commit();
    await node.sendUp(target, recordCall(1));
    await node.commit();
    await node.read();
    node.proxies.l2.fault = ({ method, params }) =>
      method === 'eth_getProof' && params[2] === `0x${forgotten.toString(16)}`
        ? { kind: 'error', code: -32_000, message: 'missing trie node' }
        : undefined;
    expect(await node.prove()).toBe(1);
    expect(await node.stages()).toBe('sent (state-unavailable) proven');
  });

  test.each([429, 503])('blames no message for an endpoint that says %s', async (status) => {
    await node.sendUp(target, recordCall(0));
    await node.commit();
    await node.read();
    node.proxies.l2.fault = () => ({ kind: 'status', status });
    await expect(node.prove()).rejects.toMatchObject({ code: /^rpc-(?:unreachable|rate-limited)$/u });
    expect(await node.stages()).toBe('sent');
    node.proxies.l2.fault = () => undefined;
    expect(await node.prove()).toBe(1);
  });

  test('of a block that L2 drops meanwhile counts for nothing', async () => {
    await node.reset('finalized');
    const l2 = node.chains.l2.provider;
    await node.chains.l1.provider.send('anvil_mine', ['0x4']);
    await l2.send('anvil_mine', ['0x4']);
    await node.sendUp(target, recordCall(0), recordCall(1));
    await node.commit();
    await node.read();
    const answered = Promise.withResolvers<undefined>();
    const released = Promise.withResolvers<undefined>();
    const held = { kind: 'answer-held', until: released.promise, onAnswer: () => answered.resolve(undefined) } as const;
    node.proxies.l2.fault = ({ method }) => (method === 'eth_getProof' ? held : undefined);
    const proving = node.prove();
    await answered.promise;
    // With the second message; the proof of the first is of the state after it.
    await l2.send('anvil_rollback', [1]);
    await l2.send('anvil_mine', ['0x3']);
    await node.read();
    released.resolve(undefined);
    await proving;
    expect(await node.stages()).toBe('sent sent');
    // The batch is of blocks that are gone.
    node.proxies.l2.fault = () => undefined;
    expect(await node.prove()).toBe(0);
    expect(await node.stages()).toBe('sent (proof-invalid) sent');
  });

  test('is not believed to a node that proves something else', async () => {
    await node.sendUp(target, recordCall(0));
    await node.commit();
    await node.read();
    const before = await node.chains.l2.provider.send('eth_getProof', [node.chains.lane.messagePasser, [], '0x1']);
    node.proxies.l2.fault = ({ method }) =>
      method === 'eth_getProof'
        ? { kind: 'result', result: { ...(before as object), storageProof: [{ proof: [] }] } }
        : undefined;
    expect(await node.prove()).toBe(0);
    expect(await node.stages()).toBe('sent (proof-invalid)');
  });
});
