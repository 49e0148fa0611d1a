import type { JsonRpcProvider } from 'ethers';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { connectLane, disconnect } from '../../../sdk/chain/client.ts';
import { connect } from '../../../sdk/chain/rpc.ts';
import { toXdmError } from '../../../sdk/chain/rpcErrors.ts';
import type { XdmError } from '../../../sdk/core/errors.ts';
import { startChain, type Chain } from '../../support/chain.ts';
import { EXAMPLE_DEPLOYMENT } from '../../support/deployment.ts';
import { say, serve, startRpcServer, type Answer, type RpcServer } from '../../support/rpcServer.ts';

const TIMEOUT_MS = 200;
const CHAIN_ID = { eth_chainId: { result: '0x384' } };

/** An address on which nothing listens. */
async function closedUrl(): Promise<string> {
  const closed = await startRpcServer(say(200, ''));
  await closed.stop();
  return closed.url;
}

/** Answers that are none, and what they mean. */
const TROUBLE: readonly [what: string, answer: Answer, code: string, message: string][] = [
  ['429', say(429, 'slow down'), 'rpc-rate-limited', 'the endpoint asks for fewer requests'],
  ['503', say(503, '{}'), 'rpc-unreachable', 'the endpoint answers with HTTP status 503'],
  ['401', say(401, '{}'), 'rpc-error', 'the endpoint answers with HTTP status 401'],
  ['garbage', say(200, '<html>'), 'rpc-error', 'does not answer as a chain does'],
  ['nothing', say(200, ''), 'rpc-error', 'it says nothing'],
  ['a closed socket', (_, response) => response.destroy(), 'rpc-unreachable', 'the endpoint does not answer'],
  [
    'half an answer',
    (_, response) => response.writeHead(200, { 'content-length': 100 }).write('{', () => response.destroy()),
    'rpc-unreachable',
    'the endpoint does not answer',
  ],
  ['silence', () => undefined, 'rpc-unreachable', 'the endpoint does not answer'],
];

let server: RpcServer;
beforeAll(async () => {
  server = await startRpcServer(serve(CHAIN_ID));
});
afterAll(async () => await server.stop());

describe('connecting', () => {
  const options = { name: 'L1', chainId: 900n, timeout: TIMEOUT_MS };

  test('to the right chain gives a provider', async () => {
    server.answer = serve({ ...CHAIN_ID, eth_blockNumber: { result: '0x10' } });
    const provider = await connect(server.url, options);
    expect(await provider.getBlockNumber()).toBe(16);
    provider.destroy();
  });

  test.each(TROUBLE)('to what answers with %s fails', async (_, answer, code, message) => {
    server.answer = answer;
    await expect(connect(server.url, options)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(`^L1 at ${server.url} is of no use: .*${message}`),
      hint: 'start the chain, or give its endpoint with --l1-rpc-url',
    });
  });

  test.each([
    ['{}', 'it says {}'],
    ['null', 'it says null'],
    ['5', 'it says 5'],
    ['{"result":"chain"}', 'it says {"result":"chain"}'],
    [
      '{"error":{"message":"no\\u001b[2J"}}',
      String.raw`has no chain id: it answers {"error":{"message":"no\u001b[2J"}}`,
    ],
  ])('to what answers %s fails', async (body, shown) => {
    server.answer = say(200, body);
    const error: unknown = await connect(server.url, options).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'rpc-error', message: expect.stringContaining(shown) as string });
  });

  test('to a closed port fails', async () => {
    const url = await closedUrl();
    const message = `L1 at ${url} is of no use: the endpoint does not answer`;
    await expect(connect(url, options)).rejects.toMatchObject({ code: 'rpc-unreachable', message });
  });

  test('to another chain fails, and says which', async () => {
    server.answer = serve({ eth_chainId: { result: '0x1' } });
    await expect(connect(server.url, options)).rejects.toMatchObject({
      code: 'wrong-chain',
      message: `L1 at ${server.url} has chain id 1, not 900`,
      hint: 'point --l1-rpc-url at chain 900, or --deployment at another file',
    });
  });

  test.each(['', 'nonsense', 'ws://127.0.0.1:1', 'http://', 'localhost:8545'])('to "%s" is refused', async (url) => {
    const message = `L1's endpoint "${url}" is no http or https URL`;
    await expect(connect(url, options)).rejects.toMatchObject({ code: 'invalid-argument', message });
  });
});

describe('connecting to a lane', () => {
  const lane = { ...EXAMPLE_DEPLOYMENT, l1ChainId: 900n, l2ChainId: 900n };

  test("uses the deployment's endpoints, or those that are given", async () => {
    server.answer = serve({ ...CHAIN_ID, eth_getCode: { result: '0x00' } });
    const url = await closedUrl();
    disconnect(await connectLane({ ...lane, l1RpcUrl: server.url, l2RpcUrl: server.url }));
    disconnect(await connectLane({ ...lane, l1RpcUrl: server.url, l2RpcUrl: url }, { l2RpcUrl: server.url }));
    await expect(connectLane({ ...lane, l1RpcUrl: server.url, l2RpcUrl: url })).rejects.toThrow(`L2 at ${url}`);
  });

  test('is refused where there is no messenger: what is sent there would be lost', async () => {
    server.answer = serve({ ...CHAIN_ID, eth_getCode: { result: '0x' } });
    const urls = { l1RpcUrl: server.url, l2RpcUrl: server.url };
    await expect(connectLane(lane, urls)).rejects.toMatchObject({
      code: 'wrong-chain',
      message: `chain 900 has no messenger at ${lane.l1Messenger}: the lane is not on this chain`,
    });
  });

  test('without an endpoint is refused', async () => {
    await expect(connectLane(lane, { l1RpcUrl: server.url })).rejects.toMatchObject({
      code: 'invalid-argument',
      message: 'no endpoint of L2 is given',
      hint: 'give one with --l2-rpc-url',
    });
  });

  test('does not wait for longer than it is told', async () => {
    server.answer = () => undefined;
    const urls = { l1RpcUrl: server.url, l2RpcUrl: server.url };
    const before = performance.now();
    await expect(connectLane(lane, { ...urls, requestTimeout: 100 })).rejects.toThrow('does not answer');
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});

describe('what ethers throws', () => {
  /** What it means that the answer comes to a call of a connected provider. */
  async function meaningOf(answer: Answer, act: (provider: JsonRpcProvider) => Promise<unknown>): Promise<XdmError> {
    server.answer = serve(CHAIN_ID);
    const provider = await connect(server.url, { name: 'L1', timeout: TIMEOUT_MS });
    onTestFinished(() => provider.destroy());
    server.answer = answer;
    return toXdmError(await act(provider).catch((error: unknown) => error));
  }
  const ask = async (provider: JsonRpcProvider): Promise<unknown> => await provider.getBlockNumber();
  const askTwice = async (provider: JsonRpcProvider): Promise<unknown> =>
    await Promise.all([provider.getBlockNumber(), provider.send('eth_chainId', [])]);
  const failing = (error: object): Answer => serve({ ...CHAIN_ID, eth_blockNumber: { error } });

  test.each(TROUBLE)('at %s says so', async (_, answer, code, message) => {
    for (const act of [ask, askTwice]) {
      const error = await meaningOf(answer, act);
      expect(error).toMatchObject({ code, retryable: true });
      expect(error.message).toContain(message);
    }
  });

  const tooLarge = '{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"batch too large"}}';
  test.each<[string, Answer, string, string]>([
    ['an error', failing({ code: -32000, message: 'not synced' }), 'rpc-error', 'the endpoint answers: not synced'],
    ['an unknown method', serve({}), 'rpc-error', 'the endpoint answers: the method eth_'],
    ['an error in colour', failing({ code: 1, message: 'a\u001B[31mb' }), 'rpc-error', String.raw`a\u{1b}[31mb`],
    ['a limit', failing({ code: 429, message: 'capacity exceeded' }), 'rpc-rate-limited', 'fewer requests'],
    ['an error for the whole batch', say(200, tooLarge), 'rpc-error', 'the endpoint answers: batch too large'],
    ['something else', say(200, '[{"id":77}]'), 'rpc-error', 'the endpoint does not answer as a chain does'],
    ['no number', serve({ ...CHAIN_ID, eth_blockNumber: { result: 'x' } }), 'rpc-error', 'as a chain does'],
  ])('at %s says so', async (_, answer, code, message) => {
    for (const act of [ask, askTwice]) {
      const error = await meaningOf(answer, act);
      expect(error.code).toBe(code);
      expect(error.message).toContain(message);
    }
  });

  test.each([
    [-32_602, 'rpc-error'],
    [-32_601, 'rpc-error'],
    [-32_005, 'rpc-rate-limited'],
    [429, 'rpc-rate-limited'],
    [-32_000, 'target-reverted'],
    [3, 'target-reverted'],
  ])('at a call that is refused with %i says what refuses it: the node, or the contract', async (code, meaning) => {
    const answer = serve({ ...CHAIN_ID, eth_call: { error: { code, message: 'no' } } });
    const call = { to: `0x${'11'.repeat(20)}`, data: '0x' };
    const error = await meaningOf(answer, async (provider) => await provider.call(call));
    expect(error.code).toBe(meaning);
  });

  test('at a block that is none says so', async () => {
    const answer = serve({ eth_getBlockByNumber: { result: { number: 1 } } });
    const error = await meaningOf(answer, async (provider) => await provider.getBlock(1));
    expect(error).toMatchObject({ code: 'rpc-error', message: expect.stringContaining('as a chain does') });
  });

  test.each([
    [new Error('surprise'), 'surprise'],
    ['surprise', 'surprise'],
    [undefined, 'undefined'],
  ])('without being known is internal: %s', (error, message) => {
    expect(toXdmError(error)).toMatchObject({ code: 'internal', message, retryable: false });
  });
});

describe('what a real chain refuses', () => {
  let chain: Chain;
  beforeAll(async () => {
    chain = await startChain(900);
  });
  afterAll(async () => await chain.stop());

  const meaningOf = async (act: () => Promise<unknown>): Promise<XdmError> =>
    toXdmError(await act().catch((error: unknown) => error));

  test('is a transaction that the account cannot pay for', async () => {
    const poor = chain.account(1);
    const error = await meaningOf(async () => await poor.sendTransaction({ to: poor.address, value: 10n ** 30n }));
    expect(error).toMatchObject({ code: 'insufficient-funds', retryable: false });
  });

  test('is a nonce used before, mined or not', async () => {
    const user = chain.account(2);
    const send = async (value: number): Promise<unknown> =>
      await user.sendTransaction({ to: user.address, nonce: 0, value, gasLimit: 21_000 });
    await chain.provider.send('evm_setAutomine', [false]);
    await send(1);
    expect(await meaningOf(async () => await send(2))).toMatchObject({ code: 'nonce-conflict', retryable: true });
    await chain.provider.send('evm_mine', []);
    expect(await meaningOf(async () => await send(3))).toMatchObject({ code: 'nonce-conflict', retryable: true });
    await chain.provider.send('evm_setAutomine', [true]);
  });

  test('is a transaction that reverts once it is mined', async () => {
    // PUSH0 PUSH0 REVERT, as creation code.
    const sent = await chain.account(3).sendTransaction({ data: '0x5f5ffd', gasLimit: 100_000 });
    const message = `transaction ${sent.hash} was mined, and reverted`;
    expect(await meaningOf(async () => await sent.wait())).toMatchObject({ code: 'transaction-reverted', message });
  });
});
