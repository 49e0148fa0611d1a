import { JsonRpcProvider } from 'ethers';
import { expect, test } from 'vitest';

import { nodesOf } from '../../../sdk/chain/rpc.ts';
import { connectTo, flakyNodes, gasPrice } from '../../support/flakyNodes.ts';

const nodes = flakyNodes();

test('several endpoints can be asked each by itself, and a silent one is not answered for by another', async () => {
  const provider = await connectTo(nodes);
  const each = nodesOf(provider);
  expect(await Promise.all(each.map(async (node) => await gasPrice(node)))).toEqual(['0x1', '0x2', '0x3']);
  nodes[1].behaviour = 'cuts the connection';
  await expect(gasPrice(each[1]!)).rejects.toMatchObject({ code: 'rpc-unreachable' });
  expect(await gasPrice(each[2]!)).toBe('0x3');
});

test('an endpoint of another chain does not answer for this one', async () => {
  const provider = await connectTo(nodes);
  nodes[2].methods['eth_chainId'] = () => '0x1';
  await expect(gasPrice(nodesOf(provider)[2]!)).rejects.toMatchObject({
    message: expect.stringContaining('is of chain 1') as string,
  });
});

test('a single endpoint is the provider itself, and all are closed with it', async () => {
  const one = await connectTo([nodes[0]]);
  expect(nodesOf(one)).toEqual([one]);
  const plain = new JsonRpcProvider(nodes[0].url, undefined, { staticNetwork: true });
  expect(nodesOf(plain)).toEqual([plain]);
  plain.destroy();
  const several = await connectTo(nodes);
  const [first] = nodesOf(several);
  several.destroy();
  await expect(gasPrice(first!)).rejects.toMatchObject({ code: 'rpc-unreachable' });
});
