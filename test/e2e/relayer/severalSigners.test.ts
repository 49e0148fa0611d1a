import { toQuantity, type Contract } from 'ethers';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { toAddress } from '../../../relayer/store/bytes.ts';
import { recordCall, type LaneNode } from '../../support/laneNode.ts';
import { deployRecorder } from '../../support/laneSteps.ts';
import { useLaneNode } from '../../support/useLaneNode.ts';

let node: LaneNode;
let recorder: Contract;

useLaneNode(
  (started) => {
    node = started;
  },
  { relayers: [5, 6] },
);

beforeEach(async () => {
  recorder = await deployRecorder(node);
});

afterEach(async () => {
  await node.chains.l1.provider.send('evm_setAutomine', [true]);
});

async function makeReady(number: number): Promise<void> {
  const calls = Array.from({ length: number }, (_, label) => recordCall(label));
  await node.sendUp(await recorder.getAddress(), ...calls);
  const batch = await node.commit();
  await node.read();
  await node.prove();
  await node.passWindow(batch);
  await node.read();
}

/** Purpose of each transaction in the store, and which account has signed it. */
async function sent(): Promise<[string, number][]> {
  const rows = await node.store.db.selectFrom('transactions').selectAll().orderBy('id').execute();
  const addresses = node.engines.map(({ address }) => address);
  return rows.map(({ purpose, signer }) => [purpose, addresses.indexOf(toAddress(signer))]);
}

async function setBalance(account: number, wei: bigint): Promise<void> {
  await node.chains.l1.provider.send('anvil_setBalance', [node.engines[account]!.address, toQuantity(wei)]);
}

test('the root of a tree is proven once, whoever could', async () => {
  await makeReady(3);
  await node.chains.l1.provider.send('evm_setAutomine', [false]);
  expect(await node.submit()).toBe(1);
  expect(await node.submit()).toBe(0);
  await node.chains.l1.provider.send('evm_setAutomine', [true]);
  await node.chains.l1.provider.send('evm_mine', []);
  await node.confirm();
  expect(await node.submit()).toBe(1);
  await node.confirm();
  expect((await sent()).map(([purpose]) => purpose)).toEqual(['prove message root', 'relay']);
  expect(await node.stages()).toBe('relayed relayed relayed');
});

test('an account without funds holds up no message, which is tried as from the account that sends it', async () => {
  await setBalance(0, 0n);
  await makeReady(1);
  const from: unknown[] = [];
  node.proxies.l1.fault = ({ method, params }) => {
    if (method === 'eth_estimateGas') from.push((params[0] as { from: string }).from);
    return undefined;
  };
  expect(await node.submit()).toBe(1);
  expect(from).toEqual([node.engines[1]!.address.toLowerCase()]);
  await node.confirm();
  expect(await sent()).toEqual([['relay', 1]]);
  expect(await node.stages()).toBe('relayed');
});

test('where none has funds the messages wait, and go once one is funded', async () => {
  await setBalance(0, 0n);
  await setBalance(1, 0n);
  await makeReady(1);
  expect(await node.submit()).toBe(0);
  expect(await node.stages()).toBe('proven (insufficient-funds)');
  expect(await sent()).toEqual([]);
  await setBalance(1, 10n ** 18n);
  await node.retry();
  expect(await node.submit()).toBe(1);
  await node.confirm();
  expect(await sent()).toEqual([['relay', 1]]);
  expect(await node.stages()).toBe('relayed');
});
