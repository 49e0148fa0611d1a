import { toQuantity, type JsonRpcProvider } from 'ethers';
import { describe, expect, test } from 'vitest';

import type { Lag } from '../../../../sdk/chain/endpoints/observer.ts';
import { hashOfBlock, serveChain, type FakeChain } from '../../../support/fakeChain.ts';
import { connectTo, flakyNodes, gasPrice } from '../../../support/flakyNodes.ts';
import { until } from '../../../support/until.ts';

const nodes = flakyNodes();

/** Two endpoints whose first one has told of its newest block. */
async function twoAt(head: number): Promise<{ provider: JsonRpcProvider; first: FakeChain; lags: Lag[] }> {
  const first = serveChain(nodes[0], head);
  serveChain(nodes[1], head);
  const lags: Lag[] = [];
  const provider = await connectTo(nodes.slice(0, 2), { observer: { onLag: (lag) => void lags.push(lag) } });
  await latest(provider);
  return { provider, first, lags };
}

async function latest(provider: JsonRpcProvider): Promise<unknown> {
  return await provider.send('eth_getBlockByNumber', ['latest', false]);
}

describe('an endpoint that answers from behind its own earlier answer', () => {
  test.each<[string, (provider: JsonRpcProvider) => Promise<unknown>, number]>([
    ['with an older newest block', latest, 95],
    ['with a lower number', async (provider) => await provider.send('eth_blockNumber', []), 95],
    [
      'with nothing for a block that it had',
      async (provider) => await provider.send('eth_getBlockByNumber', [toQuantity(98), false]),
      98,
    ],
    [
      'with nothing for a hash that it had',
      async (provider) => await provider.send('eth_getBlockByHash', [hashOfBlock(100), false]),
      100,
    ],
  ])('%s is told once, and goes behind the others', async (_name, ask, block) => {
    const { provider, first, lags } = await twoAt(100);
    first.head = 95;
    await ask(provider);
    await until(async () => (await gasPrice(provider)) === '0x2');
    expect(lags).toEqual([{ chainId: 900, endpoint: nodes[0].url, block, earlier: 100 }]);
  });

  test('is preferred again when it has caught up, and not before', async () => {
    const { provider, first, lags } = await twoAt(100);
    first.head = 95;
    await latest(provider);
    nodes[0].forget();
    // Looked at after a while, and found behind.
    await until(async () => (await gasPrice(provider)) === '0x2' && nodes[0].executed.includes('eth_getBlockByNumber'));
    expect(await gasPrice(provider)).toBe('0x2');
    first.head = 100;
    await until(async () => (await gasPrice(provider)) === '0x1');
    expect(lags).toHaveLength(1);
  });

  test.each<[string, (provider: JsonRpcProvider) => Promise<unknown>]>([
    ['shows it with its newest block', latest],
    ['shows it when it is asked', async (provider) => await provider.send('eth_blockNumber', [])],
  ])('after a reorganisation to fewer blocks is none that is behind, as it %s', async (_name, ask) => {
    const { provider, first, lags } = await twoAt(100);
    await provider.send('eth_getBlockByNumber', [toQuantity(98), false]);
    first.branch = { name: 'b', from: 97 };
    first.head = 98;
    await ask(provider);
    await until(async () => await Promise.resolve(nodes[0].executed.length > 2));
    expect(await gasPrice(provider)).toBe('0x1');
    expect(lags).toEqual([]);
  });

  test('is the only one there is: it is told, and asked on', async () => {
    const chain = serveChain(nodes[0], 100);
    const lags: Lag[] = [];
    const provider = await connectTo([nodes[0]], { observer: { onLag: (lag) => void lags.push(lag) } });
    await latest(provider);
    chain.head = 95;
    await latest(provider);
    await latest(provider);
    expect(lags).toHaveLength(1);
    chain.head = 101;
    await latest(provider);
    chain.head = 99;
    await latest(provider);
    expect(lags).toHaveLength(2);
  });
});

test('a block that never was there is not missed', async () => {
  const { provider, lags } = await twoAt(100);
  await provider.send('eth_getBlockByNumber', [toQuantity(101), false]);
  await provider.send('eth_getBlockByHash', [hashOfBlock(5, 'other'), false]);
  expect(lags).toEqual([]);
});
