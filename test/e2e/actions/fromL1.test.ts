import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { buildProof } from '../../../sdk/actions/buildProof.ts';
import { getStatus } from '../../../sdk/actions/getStatus.ts';
import type { RelayResult } from '../../../sdk/actions/attemptRelay.ts';
import { relayMessage } from '../../../sdk/actions/relayMessage.ts';
import { sendMessage } from '../../../sdk/actions/sendMessage.ts';
import { l1MessengerOf } from '../../../sdk/chain/contracts.ts';
import type { LaneMessage } from '../../../sdk/chain/messages.ts';
import { applyL1ToL2Alias } from '../../../sdk/core/optimism.ts';
import { executeQueue } from '../../support/executeQueue.ts';
import { deployFragile, type FragileTarget } from '../../support/fragile.ts';
import { startLane, type LaneChains } from '../../support/lane.ts';

let chains: LaneChains;
let target: FragileTarget;
beforeAll(async () => {
  chains = await startLane();
});
beforeEach(async () => {
  target = await deployFragile(chains.l2.account(3), 'closed on Sundays');
});
afterAll(async () => await chains.stop());

async function send(value = 0n): Promise<LaneMessage> {
  const call = { target: target.address, data: '0x1234', gasLimit: 100_000n, value };
  return await sendMessage(chains.client, { fromChain: 'l1', signer: chains.l1.account(1), ...call });
}

/** Executes what the message enqueued. */
async function execute({ message }: LaneMessage): Promise<string> {
  const receipts = await executeQueue(chains.client, BigInt.asUintN(240, message.nonce));
  return receipts[0]!.hash;
}

const relay = async (message: LaneMessage, account = 2): Promise<RelayResult> =>
  await relayMessage(chains.client, { message, signer: chains.l2.account(account) });

describe('a message from L1', () => {
  test('is unconfirmed until the queue has been executed up to it, then relayed', async () => {
    const { client, lane } = chains;
    await target.repair();
    const message = await send();
    const { timestamp } = (await client.l1.getBlock(message.blockNumber))!;
    expect(await getStatus(client, message)).toMatchObject({
      status: 'unconfirmed',
      sentAt: BigInt(timestamp),
      readyAt: undefined,
      relayer: undefined,
      relayTransactionHash: undefined,
      failureReason: undefined,
    });
    await expect(relay(message)).rejects.toMatchObject({
      code: 'not-ready',
      message: `message ${message.messageHash} has not been executed on L2 yet`,
      readyAt: undefined,
    });

    const hash = await execute(message);
    const relayer = applyL1ToL2Alias(lane.l1Messenger);
    expect(await getStatus(client, message)).toMatchObject({
      status: 'relayed',
      relayer,
      relayTransactionHash: hash,
      failureReason: undefined,
    });
    expect(await relay(message)).toMatchObject({ outcome: 'already-relayed', transactionHash: hash, relayer });
    expect(await target.count()).toBe(1n);
  });

  test('is waited for until it has as many confirmations as are asked for', async () => {
    const { client, l1 } = chains;
    const call = { target: target.address, data: '0x', gasLimit: 100_000n, confirmations: 3 };
    const signer = l1.account(1);
    const signal = AbortSignal.timeout(300);
    await expect(sendMessage(client, { fromChain: 'l1', signer, ...call, signal })).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining(' had 1 of 3 confirmations ') as string,
    });

    const before = await l1.provider.getBlockNumber();
    const sending = sendMessage(client, { fromChain: 'l1', signer, ...call });
    await expect.poll(async () => await l1.provider.getBlockNumber(), { timeout: 20_000 }).toBe(before + 1);
    await l1.provider.send('anvil_mine', ['0x2']);
    expect(await sending).toMatchObject({ blockNumber: before + 1 });
  });

  test('whose target fails says why, and is delivered by anyone once it is repaired', async () => {
    const { client, l2 } = chains;
    const message = await send(5n);
    const failure = { failureReason: 'Error("closed on Sundays")' };
    const hash = await execute(message);
    expect(await getStatus(client, message)).toMatchObject({
      status: 'failed',
      relayTransactionHash: hash,
      ...failure,
    });

    const tried = await relay(message);
    expect(tried).toMatchObject({ outcome: 'failed', relayer: l2.account(2).address, ...failure });
    expect(tried.gasUsed).toBeGreaterThan(21_000n);
    expect(await getStatus(client, message)).toMatchObject({
      status: 'failed',
      relayer: l2.account(2).address,
      relayTransactionHash: tried.transactionHash,
      ...failure,
    });

    await target.repair();
    const delivered = await relay(message, 4);
    expect(delivered).toMatchObject({ outcome: 'relayed', relayer: l2.account(4).address, failureReason: undefined });
    expect(await getStatus(client, message)).toMatchObject({
      status: 'relayed',
      relayer: l2.account(4).address,
      relayTransactionHash: delivered.transactionHash,
      failureReason: undefined,
    });
    expect(await relay(message)).toMatchObject({ outcome: 'already-relayed', relayer: l2.account(4).address });
    expect(await target.count()).toBe(1n);
    expect(await client.l2.getBalance(target.address)).toBe(5n);
  });

  test('that two relay at once is delivered once, and both are told', async () => {
    const { l2 } = chains;
    const message = await send();
    await execute(message);
    await target.repair();
    await l2.provider.send('evm_setAutomine', [false]);
    const both = Promise.all([relay(message, 4), relay(message, 5)]);
    await expect.poll(async () => await l2.provider.send('txpool_status', [])).toMatchObject({ pending: '0x2' });
    await l2.provider.send('evm_mine', []);
    await l2.provider.send('evm_setAutomine', [true]);
    const [one, other] = await both;
    expect([one.outcome, other.outcome].toSorted()).toEqual(['already-relayed', 'relayed']);
    expect(one.relayer).toBe(other.relayer);
    expect(one.transactionHash).toBe(other.transactionHash);
    expect(await target.count()).toBe(1n);
  });

  test('that is enqueued again fares no better than before, and is delivered once', async () => {
    const { client, l1, lane } = chains;
    const message = await send();
    await execute(message);
    await target.repair();
    const { replayMessage } = l1MessengerOf(lane, l1.account(6));
    await (await replayMessage(message.message, 500_000n)).wait();
    await execute({ ...message, message: { ...message.message, nonce: message.message.nonce + 1n } });
    expect(await getStatus(client, message)).toMatchObject({ status: 'failed' });
    expect(await relay(message)).toMatchObject({ outcome: 'relayed' });
  });

  test('is not proven', async () => {
    const message = await send();
    await expect(buildProof(chains.client, message)).rejects.toMatchObject({
      code: 'invalid-argument',
      message: `message ${message.messageHash} is from L1: only messages from L2 are proven`,
    });
  });

  test('that a reorganisation of L1 has dropped is unconfirmed', async () => {
    const { client, l1 } = chains;
    const snapshot = (await l1.provider.send('evm_snapshot', [])) as unknown;
    const message = await send();
    await l1.provider.send('evm_revert', [snapshot]);
    expect(await getStatus(client, message)).toMatchObject({ status: 'unconfirmed', sentAt: 0n });
  });
});
