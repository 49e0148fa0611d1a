import { type JsonRpcProvider } from 'ethers';
import { describe, expect, onTestFinished, test } from 'vitest';

import type { Call, EndpointObserver } from '../../../../sdk/chain/endpoints/observer.ts';
import { connect } from '../../../../sdk/chain/rpc.ts';
import { toXdmError } from '../../../../sdk/chain/rpcErrors.ts';
import type { XdmError } from '../../../../sdk/core/errors.ts';
import { Refusal, type Behaviour } from '../../../support/flakyNode.ts';
import { connectTo, FAULTS, flakyNodes, gasPrice, timeoutFor } from '../../../support/flakyNodes.ts';
import { until } from '../../../support/until.ts';

const nodes = flakyNodes();

describe('requests', () => {
  test('go to the first endpoint as long as it is sound', async () => {
    const provider = await connectTo(nodes.slice(0, 2));
    for (let asked = 0; asked < 3; asked++) expect(await gasPrice(provider)).toBe('0x1');
    expect(nodes[1].arrived).toEqual([]);
  });

  test.each(FAULTS)('go to the next endpoint where the first %s, and stay there', async (behaviour) => {
    const provider = await connectTo(nodes.slice(0, 2), { timeout: timeoutFor(behaviour) });
    nodes[0].behaviour = behaviour;
    expect(await gasPrice(provider)).toBe('0x2');
    nodes[0].forget();
    expect(await gasPrice(provider)).toBe('0x2');
    expect(nodes[0].arrived).toEqual([]);
  });

  test.each(FAULTS)('fail with a code that may be tried again where all %s', async (behaviour) => {
    const provider = await connectTo(nodes.slice(0, 2), { timeout: timeoutFor(behaviour) });
    for (const node of nodes) node.behaviour = behaviour;
    await expect(gasPrice(provider)).rejects.toMatchObject({ retryable: true });
    // In rounds, but for silence, which takes long each time.
    for (const node of nodes.slice(0, 2)) expect(node.arrived.length).toBe(behaviour === 'is silent' ? 1 : 3);
  });

  test.each([
    ['a revert', new Refusal(3, 'execution reverted')],
    ['a nonce that is too low', new Refusal(-32_000, 'nonce too low')],
    ['an unknown method', new Refusal(-32_601)],
    ['a limit of logs in a range', new Refusal(-32_005, 'query returned more than 10000 results')],
  ])('that are refused are answered, and not asked of another: %s', async (_name, refusal) => {
    const provider = await connectTo(nodes.slice(0, 2));
    nodes[0].methods['eth_getLogs'] = () => {
      throw refusal;
    };
    await expect(provider.send('eth_getLogs', [{ fromBlock: '0x1', toBlock: '0x9' }])).rejects.toThrow(refusal.message);
    expect(nodes[0].arrived).toEqual([['eth_getLogs']]);
    expect(nodes[1].arrived).toEqual([]);
  });

  test.each([429, -32_005])('that are refused with the code %i of a limit go to the next', async (code) => {
    const provider = await connectTo(nodes.slice(0, 2));
    nodes[0].methods['eth_gasPrice'] = () => {
      throw new Refusal(code);
    };
    expect(await gasPrice(provider)).toBe('0x2');
  });

  test('wait as long as the only endpoint asks for', async () => {
    const provider = await connectTo(nodes.slice(0, 1), { timeout: 5000 });
    nodes[0].behaviour = 'says 429';
    nodes[0].retryAfter = '1';
    const start = performance.now();
    const asked = gasPrice(provider);
    await until(async () => await Promise.resolve(nodes[0].arrived.length > 0));
    nodes[0].behaviour = 'answers';
    expect(await asked).toBe('0x1');
    expect(performance.now() - start).toBeGreaterThan(950);
    expect(nodes[0].arrived).toHaveLength(2);
  });

  test('do not wait for longer than an answer may take', async () => {
    const provider = await connectTo(nodes.slice(0, 1));
    nodes[0].behaviour = 'says 429';
    nodes[0].retryAfter = new Date(Date.now() + 3_600_000).toUTCString();
    await expect(gasPrice(provider)).rejects.toMatchObject({ code: 'rpc-rate-limited' });
    await expect(gasPrice(provider)).rejects.toMatchObject({ code: 'rpc-rate-limited' });
    // Nothing is sent to who asks for nothing.
    expect(nodes[0].arrived).toHaveLength(1);
  });

  test('wait for the budget for longer than an answer may take, what is to be sent before what is read', async () => {
    const provider = await connectTo(nodes.slice(0, 1), { requestsPerSecond: 20, timeout: 200 });
    const reads = Array.from({ length: 40 }, async () => await gasPrice(provider));
    await until(async () => await Promise.resolve(nodes[0].executed.length > 0));
    const start = performance.now();
    await provider.send('eth_sendRawTransactionSync', ['0x12']);
    expect(nodes[0].executed.at(-1)).toBe('eth_sendRawTransactionSync');
    expect(await Promise.all(reads)).toEqual(reads.map(() => '0x1'));
    expect(performance.now() - start).toBeGreaterThan(800);
    expect(nodes[0].arrived.map(({ length }) => length)).toEqual([20, 1, 20]);
  });

  test('that have waited are asked again as others are where the endpoint fails', async () => {
    const provider = await connectTo(nodes.slice(0, 1), { requestsPerSecond: 4, timeout: 500 });
    await Promise.all(Array.from({ length: 4 }, async () => await gasPrice(provider)));
    nodes[0].behaviour = 'says 503';
    const asked = Promise.all(Array.from({ length: 4 }, async () => await gasPrice(provider)));
    await until(async () => await Promise.resolve(nodes[0].arrived.length > 1));
    nodes[0].behaviour = 'answers';
    expect(await asked).toHaveLength(4);
  });

  test('go to the next endpoint where those before them need minutes, and fail where all have too many', async () => {
    const provider = await connectTo(nodes.slice(0, 2), { requestsPerSecond: 2 });
    const asked = Array.from(
      { length: 300 },
      async () => await provider.send('eth_sendRawTransactionSync', ['0x12']).catch(toXdmError),
    );
    const error = (await asked.at(-1)) as XdmError;
    expect(error).toMatchObject({ code: 'rpc-rate-limited', retryable: true });
    expect(error.message).toMatch(/take \d+ s more at 2 a second/u);
    expect(error.hint).toContain('rpcRequestsPerSecond');
    await until(async () => await Promise.resolve(nodes[0].arrived.length > 0 && nodes[1].arrived.length > 0));
  });
});

describe('a batch', () => {
  const both = async (provider: JsonRpcProvider): Promise<unknown[]> =>
    await Promise.all(['0xa', '0xb'].map(async (account) => await provider.send('eth_getBalance', [account])));

  test('is one request', async () => {
    const provider = await connectTo(nodes.slice(0, 1));
    expect(await both(provider)).toEqual(['0xa01', '0xb01']);
    expect(nodes[0].arrived).toEqual([['eth_getBalance', 'eth_getBalance']]);
  });

  test.each([...FAULTS, 'adds a stray error'] as const)(
    'is answered by one endpoint, wholly, where the first %s',
    async (behaviour) => {
      const provider = await connectTo(nodes.slice(0, 2), { timeout: timeoutFor(behaviour) });
      nodes[0].behaviour = behaviour;
      expect(await both(provider)).toEqual(['0xa02', '0xb02']);
    },
  );

  test('that nobody answers wholly has the answers that there are', async () => {
    const provider = await connectTo(nodes.slice(0, 2));
    for (const node of nodes) node.behaviour = 'limits one request';
    const outcomes = await Promise.allSettled(
      ['0xa', '0xb'].map(async (account) => await provider.send('eth_getBalance', [account])),
    );
    expect(outcomes).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { code: 'rpc-rate-limited' } },
    ]);
  });

  test('that is too large for the endpoint goes in pieces, from then on', async () => {
    const provider = await connectTo(nodes.slice(0, 1));
    nodes[0].batchLimit = 3;
    const ask = async (): Promise<unknown[]> =>
      await Promise.all(Array.from({ length: 8 }, async () => await gasPrice(provider)));
    expect(await ask()).toEqual(Array.from({ length: 8 }, () => '0x1'));
    nodes[0].forget();
    expect(await ask()).toHaveLength(8);
    expect(Math.max(...nodes[0].arrived.map(({ length }) => length))).toBe(2);
  });
});

describe('an endpoint', () => {
  test('that is down at the start does not prevent it, and is used once it is there and of this chain', async () => {
    nodes[0].behaviour = 'cuts the connection';
    const provider = await connectTo(nodes.slice(0, 2));
    expect(await gasPrice(provider)).toBe('0x2');
    nodes[0].behaviour = 'answers';
    await until(async () => (await gasPrice(provider)) === '0x1');
    expect(nodes[0].executed[0]).toBe('eth_chainId');
  });

  test('of another chain is refused at the start, and dropped later', async () => {
    nodes[1].methods['eth_chainId'] = () => '0x1';
    await expect(connectTo(nodes.slice(0, 2))).rejects.toMatchObject({
      code: 'wrong-chain',
      message: `L1 at ${nodes[1].url} has chain id 1, not 900`,
    });
    nodes[1].behaviour = 'cuts the connection';
    const dropped: unknown[] = [];
    const provider = await connectTo(nodes.slice(0, 2), { observer: { onDrop: (it) => void dropped.push(it) } });
    nodes[1].behaviour = 'answers';
    await until(async () => (await gasPrice(provider)) === '0x1' && dropped.length > 0);
    expect(dropped).toEqual([{ chainId: 900, endpoint: nodes[1].url, actualChainId: 1 }]);
    nodes[0].behaviour = 'cuts the connection';
    nodes[1].forget();
    const hint = `look at ${nodes[0].url}, or give others`;
    await expect(gasPrice(provider)).rejects.toMatchObject({ code: 'rpc-unreachable', hint });
    expect(nodes[1].executed).toEqual([]);
  });

  test('that is sound again is preferred again, once its chain id was asked', async () => {
    const moves: unknown[] = [];
    const provider = await connectTo(nodes.slice(0, 2), {
      observer: { onFailover: ({ from, to, outcome }) => void moves.push([from, to, outcome]) },
    });
    await gasPrice(provider);
    nodes[0].behaviour = 'says 503';
    await gasPrice(provider);
    nodes[0].behaviour = 'answers';
    nodes[0].forget();
    await until(async () => (await gasPrice(provider)) === '0x1');
    expect(nodes[0].executed[0]).toBe('eth_chainId');
    const [first, second] = nodes.map(({ url }) => url);
    expect(moves).toEqual([
      [first, second, 'unreachable'],
      [second, first, undefined],
    ]);
  });

  test('shows no credentials', async () => {
    const calls: Call[] = [];
    const observer: EndpointObserver = { onCall: (call) => void calls.push(call) };
    const url = `${nodes[0].url.replace('://', '://user:secret@')}/v3/secret`;
    const provider = await connect(url, { name: 'L1', observer });
    onTestFinished(() => provider.destroy());
    await gasPrice(provider);
    expect(calls.map(({ method }) => method)).toEqual(['eth_chainId', 'eth_gasPrice']);
    expect(JSON.stringify(calls)).not.toContain('secret');
  });
});

test('each call is told with its outcome', async () => {
  const calls: string[] = [];
  const onCall = ({ method, outcome, milliseconds }: Call): void => {
    calls.push(`${method} ${outcome}`);
    expect(milliseconds).toBeGreaterThan(0);
  };
  const provider = await connectTo(nodes.slice(0, 1), { observer: { onCall }, timeout: timeoutFor('is silent') });
  calls.length = 0;
  const outcomes: readonly [Behaviour, string][] = [
    ['answers', 'ok'],
    ['is silent', 'unreachable'],
    ['cuts the connection', 'unreachable'],
    ['says 503', 'unreachable'],
    ['says 429', 'rate-limited'],
    ['says 401', 'refused'],
    ['says nonsense', 'malformed'],
  ];
  for (const [behaviour, outcome] of outcomes) {
    nodes[0].behaviour = behaviour;
    calls.length = 0;
    await gasPrice(provider).catch(() => undefined);
    expect([...new Set(calls)]).toEqual([`eth_gasPrice ${outcome}`]);
  }
  nodes[0].behaviour = 'answers';
  calls.length = 0;
  await Promise.allSettled([gasPrice(provider), provider.send('eth_getNothing', [])]);
  expect(calls).toEqual(['eth_gasPrice ok', 'eth_getNothing refused']);
});
