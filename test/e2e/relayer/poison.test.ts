import { toQuantity, type Contract } from 'ethers';
import { beforeEach, expect, test } from 'vitest';

import { recordCall, type LaneNode } from '../../support/laneNode.ts';
import { deployRecorder, makeReady, recorded } from '../../support/laneSteps.ts';
import { useLaneNode } from '../../support/useLaneNode.ts';

/** Of a contract that reverts whatever it is called with. */
const REVERTING_CODE = '0x5f5ffd';
const REVERTING = `0x${'00'.repeat(18)}f0f0`;
const GWEI = 10n ** 9n;

let node: LaneNode;
let target: string;
let recorder: Contract;

useLaneNode((started) => {
  node = started;
});

beforeEach(async () => {
  recorder = await deployRecorder(node);
  target = await recorder.getAddress();
});

/** Submits and confirms until nothing more is submitted. */
async function relay(): Promise<void> {
  for (let submitted = 1; submitted > 0;) {
    submitted = await node.submit();
    await node.confirm();
  }
}

async function setBaseFee(gwei: bigint): Promise<void> {
  const { provider } = node.chains.l1;
  await provider.send('anvil_setNextBlockBaseFeePerGas', [toQuantity(gwei * GWEI)]);
  await provider.send('evm_mine', []);
  await node.read();
}

test('a target that always fails is tried once, holds up no other, and is not tried again', async () => {
  await node.chains.l1.provider.send('anvil_setCode', [REVERTING, REVERTING_CODE]);
  await node.sendUp(target, recordCall(0));
  await node.sendUp(REVERTING, recordCall(1));
  await node.sendUp(target, recordCall(2));
  await makeReady(node);
  await relay();
  expect(await node.stages()).toBe('relayed failed relayed');
  await node.retry();
  expect(await node.submit()).toBe(0);
  expect(await recorded(recorder)).toBe(2n);
});

test('a message that can never be sent waits longer each time, and the others go on', async () => {
  const [poison] = await node.sendUp(target, recordCall(7));
  const mark = poison!.message.data.slice(10, 74);
  node.proxies.l1.fault = ({ method, params }) =>
    method === 'eth_estimateGas' && JSON.stringify(params).includes(mark)
      ? { kind: 'error', code: -32_000, message: 'gas required exceeds allowance (16777216)' }
      : undefined;
  const waits: number[] = [];
  for (const label of [0, 1, 2]) {
    await node.sendUp(target, recordCall(label));
    await makeReady(node);
    // Each goes alone: together they would all be in one transaction.
    const alone = { parkedReason: 'transaction-reverted', nextTryAt: 0 } as const;
    await node.store.db.updateTable('messages').set(alone).where('stage', '=', 'proven').execute();
    await node.submit();
    await node.confirm();
    const { parkedReason, nextTryAt, tries } = await node.message(poison!.messageHash);
    expect([parkedReason, tries]).toEqual(['target-reverted', label + 1]);
    waits.push(nextTryAt - Date.now());
  }
  expect(await node.stages()).toBe('proven (target-reverted) relayed relayed relayed');
  expect(waits[2]).toBeGreaterThan(waits[1]!);
  expect(waits[1]).toBeGreaterThan(waits[0]!);
});

test('a price above the highest fee allowed sets all aside, and they go once it has fallen', async () => {
  await node.sendUp(target, recordCall(0), recordCall(1));
  await makeReady(node);
  await setBaseFee(1001n);
  expect(await node.submit()).toBe(0);
  expect(await node.stages()).toBe('proven (fee-cap) proven (fee-cap)');
  expect(await node.store.db.selectFrom('transactions').select('id').execute()).toEqual([]);
  // Not at once, and no later than some seconds after the price has fallen.
  expect(await node.submit()).toBe(0);
  await setBaseFee(1n);
  await node.retry();
  await relay();
  expect(await node.stages()).toBe('relayed relayed');
});
