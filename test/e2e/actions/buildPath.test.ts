import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { buildPath, buildPaths, type BuiltPath } from '../../../sdk/actions/buildPath.ts';
import { sendMessage } from '../../../sdk/actions/sendMessage.ts';
import { l1MessengerOf } from '../../../sdk/chain/contracts.ts';
import type { LaneMessage } from '../../../sdk/chain/messages.ts';
import { waitForReceipt } from '../../../sdk/chain/receipts.ts';
import type { StateBatch } from '../../../sdk/chain/stateBatches.ts';
import { hashMessage } from '../../../sdk/core/optimism.ts';
import { mineAt } from '../../support/clock.ts';
import { commitBlocks } from '../../support/commitBlocks.ts';
import { deployFragile, type FragileTarget } from '../../support/fragile.ts';
import { startLane, type LaneChains } from '../../support/lane.ts';
import { sendTogether } from '../../support/sendTogether.ts';

let chains: LaneChains;
let target: FragileTarget;
beforeAll(async () => {
  chains = await startLane();
  target = await deployFragile(chains.l1.account(3), 'closed on Sundays');
  await target.repair();
});
afterAll(async () => await chains.stop());

const send = async (count: number): Promise<LaneMessage[]> =>
  await sendTogether(
    chains,
    Array.from({ length: count }, () => ({ target: target.address })),
  );

const commit = async (): Promise<StateBatch> => await commitBlocks(chains.client, chains.l1.account(0));

async function passWindow({ timestamp }: StateBatch): Promise<void> {
  await mineAt(chains.l1.provider, timestamp + chains.lane.fraudProofWindow);
}

async function proveRoot({ rootProof }: BuiltPath): Promise<void> {
  const { count, peaks, proof } = rootProof!;
  const { hash } = await l1MessengerOf(chains.lane, chains.l1.account(2)).proveMessageRoot(count, peaks, proof);
  await waitForReceipt(chains.l1.provider, hash);
}

async function relay({ message }: LaneMessage, { count, siblings }: BuiltPath): Promise<void> {
  const { relayMessageByPath } = l1MessengerOf(chains.lane, chains.l1.account(2));
  await waitForReceipt(chains.l1.provider, (await relayMessageByPath(message, count, siblings)).hash);
}

describe('a path', () => {
  test('is not built before a batch covers the message', async () => {
    const [message] = await send(1);
    await expect(buildPath(chains.client, message!)).rejects.toMatchObject({
      code: 'not-ready',
      message: `no state batch covers L2 block ${message!.blockNumber} yet`,
    });
  });

  test('leads to the root of the tree at the end of its batch, which is proven by what comes with it', async () => {
    const sent = await send(5);
    const batch = await commit();
    // Inside the window, too.
    const path = await buildPath(chains.client, sent[2]!);
    expect(path).toMatchObject({ count: 6, index: 3, rootProof: { count: 6 } });
    expect(path.siblings).toHaveLength(3);
    await passWindow(batch);
    await proveRoot(path);
    const { messageRoots } = l1MessengerOf(chains.lane, chains.client.l1);
    expect(await messageRoots(6)).toBe(path.root);
    await relay(sent[2]!, path);
    expect(await target.count()).toBe(1n);
  });

  test('leads to a root that is proven, where that holds the message', async () => {
    const sent = await send(3);
    await passWindow(await commit());
    const path = await buildPath(chains.client, sent[0]!);
    expect(path).toMatchObject({ count: 9, index: 6, rootProof: { count: 9 } });
    await proveRoot(path);
    for (const message of sent.slice(1)) {
      const proven = await buildPath(chains.client, message);
      expect(proven).toMatchObject({ count: 9, root: path.root, rootProof: undefined });
      await relay(message, proven);
    }
    expect(await target.count()).toBe(3n);

    // A later one does not hold it.
    const [next] = await send(1);
    await passWindow(await commit());
    expect(await buildPath(chains.client, next!)).toMatchObject({ count: 10, index: 9, rootProof: { count: 10 } });
  });

  test('is not built for a message that was never sent, nor for one from L1', async () => {
    const [sent] = await send(1);
    await passWindow(await commit());
    const message = { ...sent!.message, data: '0x12' };
    const forged = { ...sent!, message, messageHash: hashMessage(message) };
    await expect(buildPath(chains.client, forged)).rejects.toMatchObject({ code: 'proof-invalid' });
    await proveRoot(await buildPath(chains.client, sent!));
    await expect(buildPath(chains.client, forged)).rejects.toMatchObject({
      code: 'proof-invalid',
      message: `message ${forged.messageHash} is not leaf 10 of the message tree`,
    });
    const call = { target: target.address, data: '0x', gasLimit: 50_000n };
    const fromL1 = await sendMessage(chains.client, { fromChain: 'l1', signer: chains.l1.account(1), ...call });
    await expect(buildPath(chains.client, fromL1)).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  test('of each message of a transaction takes no longer than of one', async () => {
    const sent = await send(20);
    await commit();
    let calls = 0;
    const count = ({ action }: { readonly action: string }): void =>
      void (calls += action === 'sendRpcPayload' ? 1 : 0);
    const { l2 } = chains.client;
    await l2.on('debug', count);
    const one = await buildPath(chains.client, sent[0]!);
    const callsOfOne = calls;
    calls = 0;
    const paths = await buildPaths(chains.client, sent);
    await l2.off('debug', count);
    expect(callsOfOne).toBeGreaterThan(0);
    expect(calls).toBe(callsOfOne);
    expect(paths).toHaveLength(20);
    expect(paths[0]).toEqual(one);
    expect(paths[19]).toEqual(await buildPath(chains.client, sent[19]!));
  });
});
