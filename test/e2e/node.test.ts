import { statSync } from 'node:fs';

import type { TransactionRequest } from 'ethers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { getStatus } from '../../sdk/actions/getStatus.ts';
import { relayMessage } from '../../sdk/actions/relayMessage.ts';
import { sendMessage } from '../../sdk/actions/sendMessage.ts';
import { waitForRelay } from '../../sdk/actions/waitForRelay.ts';
import { otherSide } from '../../sdk/chain/client.ts';
import { l1MessengerOf, l2MessengerOf } from '../../sdk/chain/contracts.ts';
import type { LaneMessage } from '../../sdk/chain/messages.ts';
import type { Side } from '../../sdk/core/deployment.ts';
import { sendBurst } from '../support/burst.ts';
import { deployArtifact } from '../support/chain.ts';
import { deployFragile } from '../support/fragile.ts';
import { startNetwork, type Network } from '../support/network.ts';
import { until } from '../support/until.ts';

const SIDES: readonly Side[] = ['l1', 'l2'];

/** In each direction. */
const BURST = 200;

/** Bytes of a store without rows, or less. */
const EMPTY = 260_000;

let network: Network;

beforeAll(async () => {
  network = await startNetwork();
});

afterAll(async () => {
  await network.stop();
});

async function send(fromChain: Side, target: string, data = '0x01'): Promise<LaneMessage> {
  const signer = network.account(fromChain, 0);
  return await sendMessage(network.client, { fromChain, signer, target, data, gasLimit: 200_000n });
}

describe.each(SIDES)('from %s', (fromChain) => {
  const toChain = otherSide(fromChain);

  test('a message arrives with its value', async () => {
    const target = await deployFragile(network.account(toChain, 5), 'never seen');
    await target.repair();
    const signer = network.account(fromChain, 0);
    const parameters = { fromChain, signer, target: target.address, data: '0x', gasLimit: 200_000n, value: 7n };
    const message = await sendMessage(network.client, parameters);

    expect(await waitForRelay(network.client, { message })).toMatchObject({ status: 'relayed' });
    expect(await target.count()).toBe(1n);
    expect(await network.client[toChain].getBalance(target.address)).toBe(7n);
  });

  test('one that fails says why, and is delivered by hand once its target is repaired', async () => {
    const target = await deployFragile(network.account(toChain, 5), 'out of order');
    const message = await send(fromChain, target.address);

    const failed = await waitForRelay(network.client, { message });
    expect(failed).toMatchObject({ status: 'failed', failureReason: 'Error("out of order")' });
    await target.repair();
    const signer = network.account(toChain, 6);
    const relayed = await relayMessage(network.client, { message, signer });

    expect(relayed).toMatchObject({ outcome: 'relayed', relayer: signer.address });
    expect(await target.count()).toBe(1n);
    expect(await relayMessage(network.client, { message, signer })).toMatchObject({ outcome: 'already-relayed' });
  });

  test('one that eats all its gas harms no other', async () => {
    const eater = await deployArtifact('GasEater', network.account(toChain, 5));
    const target = await deployFragile(network.account(toChain, 5), 'never seen');
    await target.repair();
    const messages: LaneMessage[] = [];
    for (const address of [await eater.getAddress(), target.address, await eater.getAddress(), target.address]) {
      messages.push(await send(fromChain, address));
    }

    const states = await Promise.all(messages.map(async (message) => await waitForRelay(network.client, { message })));
    expect(states.map(({ status }) => status)).toEqual(['failed', 'relayed', 'failed', 'relayed']);
    expect(await target.count()).toBe(2n);
  });
});

test('a message with the most gas that is accepted holds up none after it, nor the state batches', async () => {
  const eater = await deployArtifact('GasEater', network.account('l1', 5));
  const plain = await deployFragile(network.account('l1', 5), 'never seen');
  await plain.repair();
  const signer = network.account('l2', 0);
  const largest = { target: await eater.getAddress(), data: '0x', gasLimit: 15_437_571n };
  const first = await sendMessage(network.client, { fromChain: 'l2', signer, ...largest });
  expect(await waitForRelay(network.client, { message: first })).toMatchObject({ status: 'failed' });
  // Its state root is committed, and its relay sent, with the same key after that.
  const second = await send('l2', plain.address);
  expect(await waitForRelay(network.client, { message: second })).toMatchObject({ status: 'relayed' });
  const tooLarge = { ...largest, gasLimit: largest.gasLimit + 1n };
  await expect(sendMessage(network.client, { fromChain: 'l2', signer, ...tooLarge })).rejects.toThrow(
    'GasLimitTooHigh',
  );
});

test('what somebody else relays is as good as relayed', async () => {
  const target = await deployFragile(network.account('l1', 5), 'never seen');
  await target.repair();
  const message = await send('l2', target.address);
  const signer = network.account('l1', 7);
  // As soon as the window is over: the node or this one is first, and neither fails.
  await until(async () => (await getStatus(network.client, message)).status !== 'state-root-not-published');
  await until(async () => (await getStatus(network.client, message)).status !== 'in-challenge-period');
  await relayMessage(network.client, { message, signer });

  expect(await getStatus(network.client, message)).toMatchObject({ status: 'relayed' });
  expect(await target.count()).toBe(1n);
});

test('many messages sent at once arrive exactly once, and take little room', async () => {
  const targets = {
    l1: await deployFragile(network.account('l1', 5), 'never seen'),
    l2: await deployFragile(network.account('l2', 5), 'never seen'),
  };
  await Promise.all([targets.l1.repair(), targets.l2.repair()]);
  await Promise.all(
    SIDES.map(async (fromChain) => {
      const request = await sendRequest(fromChain, targets[otherSide(fromChain)].address);
      await sendBurst(
        network.account(fromChain, 1),
        Array.from({ length: BURST }, () => request),
      );
    }),
  );
  await until(async () => (await targets.l1.count()) >= BURST && (await targets.l2.count()) >= BURST);

  expect(await targets.l1.count()).toBe(BigInt(BURST));
  expect(await targets.l2.count()).toBe(BigInt(BURST));
  // All of them are in the store: 1.25 MB per 1,000 is the bound, beside what tables and indices take that are empty.
  await until(async () => await Promise.resolve(statSync(network.storePath).size < 2 * BURST * 1250 + EMPTY));
});

async function sendRequest(fromChain: Side, target: string): Promise<TransactionRequest> {
  const { client, deployment } = network;
  const messenger = fromChain === 'l1' ? l1MessengerOf(deployment, client.l1) : l2MessengerOf(deployment, client.l2);
  const data = `0x${'ab'.repeat(132)}`;
  const request = await messenger.sendMessage.populateTransaction(target, data, 200_000n);
  return { ...request, gasLimit: 300_000n };
}
