import { keccak256, toBeHex, type Contract } from 'ethers';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { getStatus } from '../../sdk/actions/getStatus.ts';
import { relayMessage } from '../../sdk/actions/relayMessage.ts';
import { sendMessage } from '../../sdk/actions/sendMessage.ts';
import type { LaneMessage } from '../../sdk/chain/messages.ts';
import { deployArtifact } from '../support/chain.ts';
import { mineAt } from '../support/clock.ts';
import { commitBlocks } from '../support/commitBlocks.ts';
import { executeQueue } from '../support/executeQueue.ts';
import { startLane, type LaneChains } from '../support/lane.ts';

const GAS_LIMIT = 200_000n;

let chains: LaneChains;

beforeAll(async () => {
  chains = await startLane();
});

afterAll(async () => {
  await chains.stop();
});

function recordCall(recorder: Contract): string {
  const words = [1, 2, 3, 4].map((word) => keccak256(toBeHex(word, 32)));
  return recorder.interface.encodeFunctionData('record', words);
}

test('a message from L1 is executed on L2 by a real deposit', async () => {
  const { l1, l2, lane, client } = chains;
  const recorder = await deployArtifact('Recorder', l2.account(3), lane.l2Messenger);
  const target = await recorder.getAddress();
  const signer = l1.account(1);

  const call = { target, data: recordCall(recorder), gasLimit: GAS_LIMIT, value: 5n };
  const message = await sendMessage(client, { fromChain: 'l1', signer, ...call });
  const [receipt] = await executeQueue(client);

  expect(receipt!.status).toBe(1);
  expect(await getStatus(client, message)).toMatchObject({ status: 'relayed', relayTransactionHash: receipt!.hash });
  expect(await recorder.getFunction('sender')()).toBe(signer.address);
  expect(await recorder.getFunction('count')()).toBe(1n);
  expect(await l2.provider.getBalance(target)).toBe(5n);
  expect(await l1.provider.getBalance(lane.l1Messenger)).toBe(5n);
});

test('a target that needs more gas than its message promised gets it from whoever relays it again', async () => {
  const { l1, l2, lane, client } = chains;
  const onL2 = await deployArtifact('Recorder', l2.account(3), lane.l2Messenger);
  const onL1 = await deployArtifact('Recorder', l1.account(3), lane.l1Messenger);
  const little = { data: recordCall(onL1), gasLimit: 20_000n };
  const fromL1 = await sendMessage(client, {
    ...little,
    fromChain: 'l1',
    signer: l1.account(1),
    target: await onL2.getAddress(),
  });
  await executeQueue(client);
  const fromL2 = await sendMessage(client, {
    ...little,
    fromChain: 'l2',
    signer: l2.account(4),
    target: await onL1.getAddress(),
  });
  const { timestamp } = await commitBlocks(client, l1.account(0));
  await mineAt(l1.provider, timestamp + lane.fraudProofWindow);

  for (const [message, signer] of [
    [fromL1, l2.account(5)],
    [fromL2, l1.account(5)],
  ] as const) {
    expect(await relayMessage(client, { message, signer })).toMatchObject({ outcome: 'failed' });
    expect(await relayMessage(client, { message, signer })).toMatchObject({ outcome: 'failed' });
    expect(await relayMessage(client, { message, signer, gasLimit: 1_000_000n })).toMatchObject({ outcome: 'relayed' });
  }
  expect(await onL1.getFunction('count')()).toBe(1n);
  expect(await onL2.getFunction('count')()).toBe(1n);
});

test('messages from L2 are relayed on L1 with real proofs, once their window has passed', async () => {
  const { l1, l2, lane, client } = chains;
  const recorder = await deployArtifact('Recorder', l1.account(3), lane.l1Messenger);
  const call = { target: await recorder.getAddress(), data: recordCall(recorder), gasLimit: GAS_LIMIT };
  const messages: LaneMessage[] = [];
  for (let count = 0; count < 20; count++) {
    messages.push(await sendMessage(client, { fromChain: 'l2', signer: l2.account(4), ...call }));
  }
  const batch = await commitBlocks(client, l1.account(0));
  const readyAt = batch.timestamp + lane.fraudProofWindow;
  const signer = l1.account(2);

  await expect(relayMessage(client, { message: messages[0]!, signer })).rejects.toMatchObject({
    code: 'not-ready',
    readyAt,
  });
  await mineAt(l1.provider, readyAt);
  for (const message of messages) {
    expect(await relayMessage(client, { message, signer })).toMatchObject({ outcome: 'relayed' });
  }

  expect(await recorder.getFunction('sender')()).toBe(l2.account(4).address);
  expect(await recorder.getFunction('count')()).toBe(20n);
  expect(await relayMessage(client, { message: messages[0]!, signer })).toMatchObject({ outcome: 'already-relayed' });
});
