import { NonceManager } from 'ethers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { buildProof } from '../../../sdk/actions/buildProof.ts';
import { getStatus } from '../../../sdk/actions/getStatus.ts';
import type { RelayResult } from '../../../sdk/actions/attemptRelay.ts';
import { relayMessage } from '../../../sdk/actions/relayMessage.ts';
import { sendMessage } from '../../../sdk/actions/sendMessage.ts';
import type { LaneClient } from '../../../sdk/chain/client.ts';
import { l1MessengerOf, stateCommitmentChainOf } from '../../../sdk/chain/contracts.ts';
import type { LaneMessage } from '../../../sdk/chain/messages.ts';
import type { StateBatch } from '../../../sdk/chain/stateBatches.ts';
import { sleep } from '../../../sdk/chain/sleep.ts';
import { messageKey, sentMessageSlot } from '../../../sdk/core/message.ts';
import { readStorageProof } from '../../../sdk/core/storageProof.ts';
import { startChain } from '../../support/chain.ts';
import { mineAt } from '../../support/clock.ts';
import { commitBlocks } from '../../support/commitBlocks.ts';
import { deployFragile, type FragileTarget } from '../../support/fragile.ts';
import { startLane, type LaneChains } from '../../support/lane.ts';

let chains: LaneChains;
let target: FragileTarget;
beforeAll(async () => {
  chains = await startLane();
});
beforeEach(async () => {
  target = await deployFragile(chains.l1.account(3), 'closed on Sundays');
});
afterAll(async () => await chains.stop());

async function send(): Promise<LaneMessage> {
  const call = { target: target.address, data: '0x1234', gasLimit: 100_000n };
  return await sendMessage(chains.client, { fromChain: 'l2', signer: chains.l2.account(1), ...call });
}

const commit = async (): Promise<StateBatch> => await commitBlocks(chains.client, chains.l1.account(0));
const endOf = ({ timestamp }: StateBatch): bigint => timestamp + chains.lane.fraudProofWindow;

/** Sends a message, and waits until it can be relayed. */
async function sendAndWait(): Promise<LaneMessage> {
  const message = await send();
  await mineAt(chains.l1.provider, endOf(await commit()));
  return message;
}

const relay = async (message: LaneMessage, account = 2): Promise<RelayResult> =>
  await relayMessage(chains.client, { message, signer: chains.l1.account(account) });

test('messages from L2 are relayed at the same time by a signer that counts nonces', async () => {
  await target.repair();
  const messages = [await send(), await send(), await send(), await sendAndWait()];
  const signer = new NonceManager(chains.l1.account(6));
  const relayed = await Promise.all(
    messages.map(async (message) => await relayMessage(chains.client, { message, signer })),
  );
  expect(relayed.map(({ outcome }) => outcome)).toEqual(messages.map(() => 'relayed'));
  expect(await target.count()).toBe(4n);
});

describe('a message from L2', () => {
  test('waits for a batch, then for the window, then is relayed', async () => {
    const { client, lane, l1 } = chains;
    await target.repair();
    const message = await send();
    const nothing = { relayer: undefined, relayTransactionHash: undefined, failureReason: undefined };
    const { timestamp } = (await client.l2.getBlock(message.blockNumber))!;
    const expected = { sentAt: BigInt(timestamp), ...nothing };
    expect(await getStatus(client, message)).toMatchObject({
      status: 'state-root-not-published',
      readyAt: undefined,
      ...expected,
    });
    const noBatch = `no state batch covers L2 block ${message.blockNumber} yet`;
    await expect(buildProof(client, message)).rejects.toMatchObject({ code: 'not-ready', message: noBatch });
    await expect(relay(message)).rejects.toMatchObject({ code: 'not-ready', message: noBatch, readyAt: undefined });

    const batch = await commit();
    const readyAt = endOf(batch);
    expect(await getStatus(client, message)).toMatchObject({ status: 'in-challenge-period', readyAt, ...expected });
    await expect(relay(message)).rejects.toMatchObject({ code: 'not-ready', readyAt });

    // The next block's timestamp counts, which is at least a second later.
    await mineAt(l1.provider, readyAt - 2n);
    const { proof } = await buildProof(client, message);
    const { relayMessage: onChain } = l1MessengerOf(lane, l1.account(2));
    await l1.provider.send('evm_setNextBlockTimestamp', [Number(readyAt - 1n)]);
    await expect(onChain.staticCall(message.message, proof)).rejects.toMatchObject({
      revert: { name: 'StateCommitmentChain_InsideFraudProofWindow' },
    });
    await mineAt(l1.provider, readyAt);
    expect(await getStatus(client, message)).toMatchObject({ status: 'ready-for-relay', readyAt, ...expected });

    const result = await relay(message);
    expect(result).toMatchObject({ outcome: 'relayed', relayer: l1.account(2).address, failureReason: undefined });
    expect(result.gasUsed).toBeGreaterThan(100_000n);
    expect(await getStatus(client, message)).toMatchObject({
      status: 'relayed',
      relayer: l1.account(2).address,
      relayTransactionHash: result.transactionHash,
    });
    expect(await target.count()).toBe(1n);
  });

  test('whose target fails says why, and is delivered once it is repaired', async () => {
    const message = await sendAndWait();
    const failure = { failureReason: 'Error("closed on Sundays")' };
    const tried = await relay(message);
    expect(tried).toMatchObject({ outcome: 'failed', ...failure });
    expect(await getStatus(chains.client, message)).toMatchObject({
      status: 'failed',
      relayTransactionHash: tried.transactionHash,
      ...failure,
    });
    expect(await relay(message)).toMatchObject({ outcome: 'failed', ...failure });

    await target.repair();
    expect(await relay(message)).toMatchObject({ outcome: 'relayed', failureReason: undefined });
    expect(await getStatus(chains.client, message)).toMatchObject({ status: 'relayed', failureReason: undefined });
    expect(await target.count()).toBe(1n);
  });

  test('that somebody else has relayed is left alone', async () => {
    const message = await sendAndWait();
    await target.repair();
    const { transactionHash } = await relay(message, 4);
    expect(await relay(message, 5)).toEqual({
      outcome: 'already-relayed',
      transactionHash,
      batchSize: 1,
      relayer: chains.l1.account(4).address,
      gasUsed: undefined,
      failureReason: undefined,
    });
  });

  test('that two relay at once is delivered once, and both are told', async () => {
    const { l1 } = chains;
    const message = await sendAndWait();
    await target.repair();
    await l1.provider.send('evm_setAutomine', [false]);
    const both = Promise.all([relay(message, 4), relay(message, 5)]);
    await expect.poll(async () => await l1.provider.send('txpool_status', [])).toMatchObject({ pending: '0x2' });
    await l1.provider.send('evm_mine', []);
    await l1.provider.send('evm_setAutomine', [true]);
    const [one, other] = await both;
    expect([one.outcome, other.outcome].toSorted()).toEqual(['already-relayed', 'relayed']);
    expect(one.transactionHash).toBe(other.transactionHash);
    expect(await target.count()).toBe(1n);
  });

  test('that somebody else is relaying is left alone, though that is in no block yet', async () => {
    const { l1 } = chains;
    const message = await sendAndWait();
    await target.repair();
    await l1.provider.send('evm_setAutomine', [false]);
    const first = relay(message, 4);
    await expect.poll(async () => await l1.provider.send('txpool_status', [])).toMatchObject({ pending: '0x1' });
    // The node tries it on top of what is pending, and knows of no delivery.
    const second = relay(message, 5);
    await sleep(300);
    await l1.provider.send('evm_mine', []);
    await l1.provider.send('evm_setAutomine', [true]);
    const { transactionHash } = await first;
    expect(await second).toMatchObject({ outcome: 'already-relayed', transactionHash });
  });

  test('whose batch was deleted waits for the next one', async () => {
    const { client, lane, l1 } = chains;
    const message = await send();
    const batch = await commit();
    const scc = stateCommitmentChainOf(lane, l1.account(0));
    await (await scc.getFunction('deleteStateBatch')(batch)).wait();
    expect(await getStatus(client, message)).toMatchObject({ status: 'state-root-not-published', readyAt: undefined });
    await expect(relay(message)).rejects.toMatchObject({ code: 'not-ready', readyAt: undefined });

    const next = await commit();
    expect(next.batchIndex).toBe(batch.batchIndex);
    expect(await getStatus(client, message)).toMatchObject({ status: 'in-challenge-period', readyAt: endOf(next) });
    await mineAt(l1.provider, endOf(next));
    await target.repair();
    expect(await relay(message)).toMatchObject({ outcome: 'relayed' });
  });

  test('whose relayer cannot pay is not relayed', async () => {
    const message = await sendAndWait();
    const poor = chains.l1.account(9);
    await chains.l1.provider.send('anvil_setBalance', [poor.address, '0x1']);
    await expect(relay(message, 9)).rejects.toMatchObject({ code: 'insufficient-funds' });
  });
});

describe('a proof', () => {
  test('is verified before it is returned, and says what it rests on', async () => {
    const { client, lane } = chains;
    const message = await send();
    const batch = await commit();
    const built = await buildProof(client, message);
    const slot = sentMessageSlot(messageKey(message.messageHash, lane));
    expect(built.batch).toMatchObject({ batchRoot: batch.batchRoot, batchIndex: batch.batchIndex });
    expect(built.l2Block).toBe(BigInt(await client.l2.getBlockNumber()));
    expect(readStorageProof(built.proof.nodes, lane.messagePasser, slot)).toEqual({
      stateRoot: built.stateRoot,
      value: 1n,
    });
  });

  test('of a message that was never sent is not built', async () => {
    const message = await send();
    await commit();
    await expect(buildProof(chains.client, { ...message, messageHash: `0x${'12'.repeat(32)}` })).rejects.toMatchObject({
      code: 'proof-invalid',
      message: 'the storage proof does not hold: the key is not in the trie',
    });
  });

  test('is not built from another L2 than was committed', async () => {
    const message = await send();
    await commit();
    const other = await startChain(901, ['--network', 'optimism']);
    const client: LaneClient = { ...chains.client, l2: other.provider };
    await expect(buildProof(client, message)).rejects.toMatchObject({
      code: 'rpc-error',
      message: expect.stringMatching(/^the L2 node has no block \d+$/u),
    });
    await other.provider.send('anvil_mine', [`0x${(await chains.client.l2.getBlockNumber()).toString(16)}`]);
    await expect(buildProof(client, message)).rejects.toMatchObject({
      code: 'proof-invalid',
      message: expect.stringMatching(/^the L2 node's state roots from block \d+ on are not those of state batch \d+$/u),
    });
    await other.stop();
  });
});
