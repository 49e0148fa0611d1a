import { describe, expect, test } from 'vitest';

import type { LaneNode } from '../../support/laneNode.ts';
import { deleteBatch, mineL2 } from '../../support/laneSteps.ts';
import { useLaneNode } from '../../support/useLaneNode.ts';

/** Blocks whose state the L2 node serves, from the newest back. */
const DEPTH = 4;

let node: LaneNode;
let target: string;

useLaneNode((started) => {
  node = started;
  target = node.chains.l1.account(7).address;
});

/** From now on the L2 node serves the state of its last blocks only, of proofs or of calls too. */
async function forgetOldStates(methods: readonly string[] = ['eth_getProof', 'eth_call']): Promise<void> {
  const head = await node.chains.l2.provider.getBlockNumber();
  node.proxies.l2.fault = ({ method, params }) => {
    const tag = params[method === 'eth_getProof' ? 2 : 1];
    const isOld = typeof tag === 'string' && tag.startsWith('0x') && Number(tag) <= head - DEPTH;
    return methods.includes(method) && isOld
      ? { kind: 'error', code: -32_000, message: 'missing trie node' }
      : undefined;
  };
}

function asked(): number {
  return node.proxies.l2.calls.filter((method) => method === 'eth_getProof').length;
}

describe('a message whose window is longer than L2 keeps its states', () => {
  test('is relayed by the proof that was stored when its batch was committed', async () => {
    await node.sendUp(target, '0x');
    const batch = await node.commit();
    await node.read();
    expect(await node.prove()).toBe(1);
    await mineL2(node, DEPTH + 1);
    await forgetOldStates();
    await node.restart();
    node.proxies.l2.calls.length = 0;
    await node.passWindow(batch);
    await node.read();
    expect(await node.prove()).toBe(0);
    expect(await node.submit()).toBe(1);
    await node.confirm();
    expect(await node.stages()).toBe('relayed');
    expect(asked()).toBe(0);
  });

  test('is proven anew when its batch is deleted, in the state of the batch that comes instead', async () => {
    await node.sendUp(target, '0x');
    const first = await node.commit();
    await node.read();
    expect(await node.prove()).toBe(1);
    await mineL2(node, DEPTH + 1);
    await forgetOldStates();
    await deleteBatch(node, first);
    await node.read();
    expect(await node.prove()).toBe(0);
    expect(await node.stages()).toBe('sent');

    // The last block of the new one is the newest.
    await node.commit();
    await node.read();
    expect(await node.prove()).toBe(1);
    expect(await node.stages()).toBe('proven');
  });

  test('is proven anew when a reorganisation has dropped its batch', async () => {
    await node.reset('finalized');
    await node.chains.l1.provider.send('anvil_mine', ['0x4']);
    await mineL2(node, 4);
    await node.sendUp(target, '0x');
    await node.commit();
    await node.read();
    expect(await node.prove()).toBe(1);
    await mineL2(node, DEPTH + 1);
    await forgetOldStates();
    await node.chains.l1.provider.send('anvil_rollback', [1]);
    await node.chains.l1.provider.send('anvil_dropAllTransactions', []);
    await node.chains.l1.provider.send('anvil_mine', ['0x1']);
    await node.read();
    expect(await node.prove()).toBe(0);
    expect(await node.stages()).toBe('sent');
    await node.commit();
    await node.read();
    expect(await node.prove()).toBe(1);
  });
});

describe('a message that is proven too late', () => {
  test.each([
    ['proofs', ['eth_getProof']],
    ['any calls', ['eth_call']],
  ])('is set aside for that where the node refuses %s, and proven by a later batch', async (_, methods) => {
    await node.sendUp(target, '0x');
    await node.commit();
    await mineL2(node, DEPTH + 1);
    await node.sendUp(target, '0x');
    await forgetOldStates(methods);
    await node.read();
    expect(await node.prove()).toBe(0);
    expect(await node.stages()).toBe('sent (state-unavailable) sent');
    // There is no other batch yet; it is tried again, and the other one is not held up.
    await node.retry();
    expect(await node.prove()).toBe(0);
    expect((await node.store.db.selectFrom('messages').select('tries').execute()).map(({ tries }) => tries)).toEqual([
      2, 0,
    ]);

    const later = await node.commit();
    await node.read();
    await node.retry();
    expect(await node.prove()).toBe(2);
    expect(await node.stages()).toBe('proven proven');
    await node.passWindow(later);
    await node.read();
    for (let moved = 1; moved > 0;) {
      moved = await node.submit();
      await node.confirm();
    }
    expect(await node.stages()).toBe('relayed relayed');
  });
});
