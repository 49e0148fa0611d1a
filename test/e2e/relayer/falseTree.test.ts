import { afterAll, beforeAll, expect, test } from 'vitest';

import { proveMessages } from '../../../sdk/chain/proofs.ts';
import { encodeRootProof } from '../../../sdk/chain/relayCalls.ts';
import { waitForReceipt } from '../../../sdk/chain/receipts.ts';
import { startLaneNode, type LaneNode } from '../../support/laneNode.ts';

let node: LaneNode;

beforeAll(async () => {
  node = await startLaneNode();
});

afterAll(async () => {
  await node.stop();
});

test('no message is relayed on a false root, nor by a tree that somebody has proven under it', async () => {
  const { l1, l2, client, lane } = node.chains;
  const target = l1.account(7).address;
  // A history of L2 that our own L2 node does not have, and that is committed.
  const snapshot = (await l2.provider.send('evm_snapshot', [])) as unknown;
  await node.sendUp(target, '0x', '0x');
  const batch = await node.commit();
  const { tree } = await proveMessages(client, batch, []);
  await l2.provider.send('evm_revert', [snapshot]);

  const other = l1.account(8).address;
  const sent = await node.sendUp(other, '0x', '0x');
  await node.read();
  expect(await node.prove()).toBe(0);
  expect(await node.stages()).toBe('sent (proof-invalid) sent (proof-invalid)');
  await node.passWindow(batch);
  const { hash } = await l1.account(6).sendTransaction({ to: lane.l1Messenger, data: encodeRootProof(tree) });
  await waitForReceipt(l1.provider, hash);
  await node.read();
  // The tree is of as many messages as there are, and it is not theirs.
  await node.retry();
  expect(await node.prove()).toBe(0);
  expect(await node.submit()).toBe(0);
  expect(await node.stages()).toBe('sent (proof-invalid) sent (proof-invalid)');

  // A batch of L2 as it is, on top of the false one, serves them, and by proofs of their own.
  await l2.provider.send('anvil_mine', ['0x1']);
  const honest = await node.commit();
  await node.read();
  await node.retry();
  expect(await node.prove()).toBe(2);
  await node.passWindow(honest);
  await node.read();
  for (let moved = 1; moved > 0;) {
    moved = await node.submit();
    await node.confirm();
  }
  expect(await node.stages()).toBe('relayed relayed');
  const relayed = await Promise.all(sent.map(async ({ messageHash }) => await node.message(messageHash)));
  expect(relayed.map(({ stage }) => stage)).toEqual(['relayed', 'relayed']);
});
