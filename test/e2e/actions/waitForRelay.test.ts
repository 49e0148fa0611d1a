import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { getStatus, type MessageState } from '../../../sdk/actions/getStatus.ts';
import { sendMessage } from '../../../sdk/actions/sendMessage.ts';
import { waitForRelay } from '../../../sdk/actions/waitForRelay.ts';
import { connectLane, disconnect, type LaneClient } from '../../../sdk/chain/client.ts';
import type { LaneMessage } from '../../../sdk/chain/messages.ts';
import { commitBlocks } from '../../support/commitBlocks.ts';
import { executeQueue } from '../../support/executeQueue.ts';
import { deployFragile } from '../../support/fragile.ts';
import { startLane, type LaneChains } from '../../support/lane.ts';
import { forward, say, startRpcServer, type RpcServer } from '../../support/rpcServer.ts';

const TARGET = '0x000000000000000000000000000000000000dEaD';
const INTERVAL_MS = 20;

let chains: LaneChains;
/** Stands before L2. */
let server: RpcServer;
let client: LaneClient;
beforeAll(async () => {
  chains = await startLane();
  server = await startRpcServer(forward(chains.l2.url));
  client = await connectLane(chains.lane, { l2RpcUrl: server.url, requestTimeout: 5_000 });
});
beforeEach(() => {
  server.answer = forward(chains.l2.url);
});
afterAll(async () => {
  disconnect(client);
  await server.stop();
  await chains.stop();
});

const send = async (target = TARGET): Promise<LaneMessage> =>
  await sendMessage(chains.client, {
    fromChain: 'l1',
    signer: chains.l1.account(1),
    target,
    data: '0x',
    gasLimit: 50_000n,
  });

const execute = async ({ message }: LaneMessage): Promise<unknown> =>
  await executeQueue(chains.client, BigInt.asUintN(240, message.nonce));

test('a wait ends with the delivery, and tells of every look', async () => {
  const message = await send();
  const states: MessageState[] = [];
  const waiting = waitForRelay(client, { message, interval: INTERVAL_MS, onState: (state) => states.push(state) });
  await expect.poll(() => states.length).toBeGreaterThan(1);
  await execute(message);
  expect(await waiting).toMatchObject({ status: 'relayed' });
  expect([...new Set(states.map(({ status }) => status))]).toEqual(['unconfirmed', 'relayed']);
});

test('a wait ends with an attempt that failed', async () => {
  const { address } = await deployFragile(chains.l2.account(3), 'closed');
  const message = await send(address);
  await execute(message);
  const state = await waitForRelay(client, { message });
  expect(state).toMatchObject({ status: 'failed', failureReason: 'Error("closed")' });
});

test.each([
  ['answers 503', say(503, '{}')],
  ['asks for fewer requests', say(429, '{}')],
  ['closes the connection', (_: unknown, response: { destroy(): unknown }) => void response.destroy()],
])('a wait goes on while an endpoint %s', async (_, trouble) => {
  const message = await send();
  await execute(message);
  server.answer = trouble;
  await expect(getStatus(client, message)).rejects.toMatchObject({ retryable: true });
  let isOver = false;
  const waiting = waitForRelay(client, { message, interval: INTERVAL_MS }).finally(() => (isOver = true));
  await new Promise((resolve) => setTimeout(resolve, 5 * INTERVAL_MS));
  expect(isOver).toBe(false);
  server.answer = forward(chains.l2.url);
  expect(await waiting).toMatchObject({ status: 'relayed' });
});

test('a wait ends with what will not pass', async () => {
  const message = await send();
  const lane = { ...chains.lane, l2Messenger: TARGET };
  await expect(waitForRelay({ ...client, lane }, { message })).rejects.toMatchObject({ code: 'wrong-chain' });
});

test('a wait ends with its signal, be it asleep, waiting for an answer, or told so before', async () => {
  const message = await send();
  const expected = {
    code: 'timeout',
    message: `message ${message.messageHash} was not delivered while it was waited for`,
  };
  const start = performance.now();
  const asleep = waitForRelay(client, { message, interval: 60_000, signal: AbortSignal.timeout(300) });
  await expect(asleep).rejects.toMatchObject(expected);
  await expect(waitForRelay(client, { message, signal: AbortSignal.abort() })).rejects.toMatchObject(expected);
  server.answer = () => undefined;
  const unanswered = waitForRelay(client, { message, signal: AbortSignal.timeout(100) });
  await expect(unanswered).rejects.toMatchObject(expected);
  expect(performance.now() - start).toBeLessThan(3_000);
});

test('a message from L2 tells of its batch while it is waited for', async () => {
  const signer = chains.l2.account(1);
  const call = { target: TARGET, data: '0x', gasLimit: 50_000n };
  const message = await sendMessage(chains.client, { fromChain: 'l2', signer, ...call });
  const states: MessageState[] = [];
  const controller = new AbortController();
  const waiting = waitForRelay(client, {
    message,
    interval: INTERVAL_MS,
    signal: controller.signal,
    onState: (state) => states.push(state),
  });
  await expect.poll(() => states.at(-1)?.status).toBe('state-root-not-published');
  const batch = await commitBlocks(chains.client, chains.l1.account(0));
  await expect.poll(() => states.at(-1)?.status).toBe('in-challenge-period');
  expect(states.at(-1)?.readyAt).toBe(batch.timestamp + chains.lane.fraudProofWindow);
  expect(states.at(-1)?.l1Timestamp).toBeLessThan(states.at(-1)!.readyAt!);
  controller.abort('enough');
  await expect(waiting).rejects.toMatchObject({ code: 'timeout', cause: 'enough' });
});
