import { Contract, JsonRpcProvider, NonceManager, type TransactionReceipt } from 'ethers';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { l2CrossDomainMessenger } from '../../../sdk/abi/L2CrossDomainMessenger.ts';
import { getMessages } from '../../../sdk/actions/getMessages.ts';
import { listMessages } from '../../../sdk/actions/listMessages.ts';
import { sendMessage, type SendMessageParameters } from '../../../sdk/actions/sendMessage.ts';
import type { LaneClient } from '../../../sdk/chain/client.ts';
import { l1MessengerOf, l2MessengerOf } from '../../../sdk/chain/contracts.ts';
import type { LaneMessage } from '../../../sdk/chain/messages.ts';
import type { Side } from '../../../sdk/core/deployment.ts';
import { decodeNonce } from '../../../sdk/core/message.ts';
import { deployArtifact, startChain } from '../../support/chain.ts';
import { startLane, type LaneChains } from '../../support/lane.ts';

const TARGET = '0x000000000000000000000000000000000000dEaD';
const UNKNOWN = `0x${'12'.repeat(32)}`;

let chains: LaneChains;
beforeAll(async () => {
  chains = await startLane();
});
afterAll(async () => await chains.stop());

const send = async (fromChain: Side, changes: Partial<SendMessageParameters> = {}): Promise<LaneMessage> =>
  await sendMessage(chains.client, {
    fromChain,
    signer: chains[fromChain].account(1),
    target: TARGET,
    data: '0x',
    gasLimit: 50_000n,
    ...changes,
  });

async function allMessages(client: LaneClient, fromChain: Side): Promise<LaneMessage[]> {
  const messages: LaneMessage[] = [];
  for await (const message of listMessages(client, fromChain)) messages.push(message);
  return messages;
}

/** Messages that a contract on L2 sends in one transaction. */
async function sendTogether(data: readonly string[]): Promise<TransactionReceipt> {
  const { l2, lane } = chains;
  const harness = await deployArtifact('MessageHarness', l2.account(2));
  const messenger = new Contract(lane.l2Messenger, l2CrossDomainMessenger.abi).interface;
  const calls = data.map((each) => messenger.encodeFunctionData('sendMessage', [TARGET, each, 50_000n]));
  return await (await harness.getFunction('forwardAll')(lane.l2Messenger, calls)).wait();
}

describe('a message', () => {
  test.each(['l1', 'l2'] as const)('is sent from %s, and found by both hashes', async (fromChain) => {
    const sent = await send(fromChain, { data: fromChain === 'l1' ? '0x11' : '0x22', value: 7n });
    expect(sent).toMatchObject({
      fromChain,
      message: { sender: chains[fromChain].account(1).address, target: TARGET, value: 7n, gasLimit: 50_000n },
    });
    expect(await getMessages(chains.client, sent.messageHash)).toEqual([sent]);
    expect(await getMessages(chains.client, sent.transactionHash)).toEqual([sent]);
    expect(await getMessages(chains.client, `0x${sent.messageHash.slice(2).toUpperCase()}`)).toEqual([sent]);
  });

  test('is found beside the others of its transaction', async () => {
    const receipt = await sendTogether(['0x01', '0x02', '0x03']);
    const found = await getMessages(chains.client, receipt.hash);
    expect(found.map(({ message }) => message.data)).toEqual(['0x01', '0x02', '0x03']);
    expect(await getMessages(chains.client, found[1]!.messageHash)).toEqual([found[1]]);
  });

  test('is found once by all of its hashes', async () => {
    const sent = [await send('l1', { data: '0x31' }), await send('l2', { data: '0x32' })];
    const [fromL1, fromL2] = sent;
    const hashes = sent.flatMap(({ messageHash, transactionHash }) => [messageHash, transactionHash]);
    expect(await getMessages(chains.client, ...hashes)).toEqual(sent);
    expect(await getMessages(chains.client, fromL2!.messageHash, fromL1!.messageHash)).toEqual([fromL2, fromL1]);
    expect(await getMessages(chains.client)).toEqual([]);
    await expect(getMessages(chains.client, ...hashes, UNKNOWN)).rejects.toMatchObject({
      code: 'message-not-found',
      message: expect.stringContaining(UNKNOWN),
    });
  });

  test('is found on both chains where its hash stands for two', async () => {
    const { client, lane } = chains;
    const counters = async (): Promise<[bigint, bigint]> => {
      const messengers = [l1MessengerOf(lane, client.l1), l2MessengerOf(lane, client.l2)];
      const nonces = await Promise.all(messengers.map(async (messenger) => await messenger.messageNonce()));
      return nonces.map((nonce) => decodeNonce(nonce).counter) as [bigint, bigint];
    };
    for (let [l1, l2] = await counters(); l1 !== l2; [l1, l2] = await counters()) await send(l1 < l2 ? 'l1' : 'l2');

    const fromL1 = await send('l1', { data: '0xabcd' });
    const fromL2 = await send('l2', { data: '0xabcd' });
    expect(fromL1.messageHash).toBe(fromL2.messageHash);
    expect(await getMessages(client, fromL1.messageHash)).toEqual([fromL1, fromL2]);
    expect(await getMessages(client, fromL2.transactionHash)).toEqual([fromL2]);
  });

  test.each([
    ['a hash that neither chain knows', UNKNOWN, 'message-not-found', `neither chain knows a message or transaction`],
    ['an address', TARGET, 'invalid-argument', `"${TARGET}" is no hash: a hash is 0x and 64 hex digits`],
    ['nothing', '', 'invalid-argument', '"" is no hash'],
  ])('is not found by %s', async (_, hash, code, message) => {
    await expect(getMessages(chains.client, hash)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  test('is not found by a transaction that sent none', async () => {
    const user = chains.l1.account(5);
    const transaction = await user.sendTransaction({ to: user.address });
    const { hash } = transaction;
    await transaction.wait();
    const message = `transaction ${hash} sent no message through this lane`;
    await expect(getMessages(chains.client, hash)).rejects.toMatchObject({ code: 'message-not-found', message });
  });
});

describe('sending', () => {
  test.each<[string, Partial<SendMessageParameters>]>([
    ['the target "nobody" is not an address', { target: 'nobody' }],
    ['the target "someone.eth" is not an address', { target: 'someone.eth' }],
    ['the data "0x123" is not hex of whole bytes', { data: '0x123' }],
    ['the data "hello" is not hex of whole bytes', { data: 'hello' }],
    ['a gas limit of 4294967296 is not between 0 and 4294967295', { gasLimit: 2n ** 32n }],
    ['a gas limit of -1 is not', { gasLimit: -1n }],
  ])('is refused before anything is sent: %s', async (message, changes) => {
    await expect(send('l1', changes)).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining(message),
    });
  });

  test('says what the messenger refuses', async () => {
    await expect(send('l1', { gasLimit: 30_000_000n })).rejects.toMatchObject({
      code: 'message-too-large',
      message: expect.stringContaining('CrossDomainMessenger_GasLimitTooHigh('),
    });
    await expect(send('l2', { target: chains.lane.l1Messenger })).rejects.toMatchObject({
      code: 'target-refused',
      message: `the contract refuses it: CrossDomainMessenger_TargetRefused(${chains.lane.l1Messenger})`,
    });
  });

  test('says that the account cannot pay', async () => {
    await expect(send('l2', { value: 10n ** 30n })).rejects.toMatchObject({ code: 'insufficient-funds' });
  });
});

describe('several messages at the same time', () => {
  const COUNT = 100;
  const DATA = Array.from({ length: COUNT }, (_, index) => `0x77${index.toString(16).padStart(2, '0')}`);

  test.each(['l1', 'l2'] as const)('are sent from %s by a signer that counts nonces', async (fromChain) => {
    const provider = new JsonRpcProvider(chains[fromChain].url);
    onTestFinished(() => provider.destroy());
    const signer = new NonceManager(chains[fromChain].account(6).connect(provider));
    await expect(send(fromChain, { signer, gasLimit: 30_000_000n })).rejects.toMatchObject({
      code: 'message-too-large',
    });
    const sent = await Promise.all(DATA.map(async (data) => await send(fromChain, { signer, data })));
    expect(sent.map(({ message }) => message.data)).toEqual(DATA);
    expect(new Set(sent.map(({ messageHash }) => messageHash)).size).toBe(COUNT);
    expect(await provider.getTransactionCount(await signer.getAddress())).toBe(COUNT);
  });

  test('are sent one after the other by an account whose own provider has kept its nonce', async () => {
    const provider = new JsonRpcProvider(chains.l2.url, undefined, { cacheTimeout: 10_000 });
    onTestFinished(() => provider.destroy());
    const signer = chains.l2.account(7).connect(provider);
    expect(await signer.getNonce('pending')).toBe(0);
    for (const data of DATA.slice(0, 3)) await send('l2', { signer, data });
    expect(await chains.l2.provider.getTransactionCount(signer.address)).toBe(3);
  });
});

describe('a signer on the other chain', () => {
  test('sends from the one that is asked for, if it can leave its own', async () => {
    const signer = new NonceManager(chains.l1.account(6));
    expect(await send('l2', { signer })).toMatchObject({ fromChain: 'l2' });
    const bound = await chains.l1.provider.getSigner(chains.l1.account(6).address);
    await expect(send('l2', { signer: bound })).rejects.toMatchObject({
      code: 'wrong-chain',
      message: 'the signer is on chain 900, not on 901',
    });
    expect(await send('l1', { signer: bound })).toMatchObject({ fromChain: 'l1' });
  });
});

describe('a list of messages', () => {
  test('has those of a chain, the newest first, and stops where its reader does', async () => {
    const sent = [await send('l2'), await send('l2')];
    const receipt = await sendTogether(['0x01', '0x02']);
    const listed: LaneMessage[] = [];
    for await (const message of listMessages(chains.client, 'l2')) {
      listed.push(message);
      if (listed.length === 4) break;
    }
    const together = await getMessages(chains.client, receipt.hash);
    expect(listed).toEqual([...together.toReversed(), ...sent.toReversed()]);
  });

  test('has all of them', async () => {
    const counter = async (): Promise<bigint> =>
      decodeNonce(await l1MessengerOf(chains.lane, chains.client.l1).messageNonce()).counter;
    const listed = await allMessages(chains.client, 'l1');
    expect(listed.map(({ message }) => decodeNonce(message.nonce).counter)).toEqual(
      Array.from({ length: Number(await counter()) }, (_, index) => BigInt(index)).toReversed(),
    );
  });
});

describe('a chain that is not the lane of the file', () => {
  test('is told from one that is', async () => {
    const empty = await startChain(900);
    const lane = { ...chains.lane, l1DeployedAt: 0n };
    const client = { ...chains.client, lane, l1: empty.provider };
    await expect(getMessages(client, UNKNOWN)).rejects.toMatchObject({
      code: 'wrong-chain',
      message: 'a contract of the lane is not on this chain: sentMessages() returns nothing',
    });
    const late = { ...client, lane: { ...lane, l1DeployedAt: 5n } };
    await expect(allMessages(late, 'l1')).rejects.toMatchObject({
      code: 'wrong-chain',
      message: 'the chain ends with block 0, the lane was deployed at 5',
    });
    await empty.stop();
  });
});
