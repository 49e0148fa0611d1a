import { describe, expect, test } from 'vitest';

import { getAgreedBlock } from '../../../sdk/chain/agreedBlock.ts';
import type { FinalityDispute } from '../../../sdk/chain/endpoints/observer.ts';
import { sendToAll } from '../../../sdk/chain/pooledProvider.ts';
import { Refusal } from '../../support/flakyNode.ts';
import { hashOfBlock, serveChain } from '../../support/fakeChain.ts';
import { connectTo, flakyNodes } from '../../support/flakyNodes.ts';

const nodes = flakyNodes();

describe('what is final', () => {
  test("is one endpoint's word where only one is given", async () => {
    serveChain(nodes[0], 100);
    const provider = await connectTo([nodes[0]]);
    expect(await getAgreedBlock(provider, 'finalized')).toEqual({
      number: 90,
      hash: hashOfBlock(90),
      parentHash: hashOfBlock(89),
      timestamp: 90,
    });
  });

  test.each([
    [100, 95, 85],
    [95, 100, 85],
    [100, 100, 90],
  ])('is the older one of two that agree: %i and %i make it %i', async (first, second, final) => {
    serveChain(nodes[0], first);
    serveChain(nodes[1], second);
    const provider = await connectTo(nodes.slice(0, 2));
    expect(await getAgreedBlock(provider, 'finalized')).toMatchObject({ number: final, hash: hashOfBlock(final) });
    expect(await getAgreedBlock(provider, 'latest')).toMatchObject({ number: final + 10 });
    expect(await getAgreedBlock(provider, 7)).toMatchObject({ number: 7 });
  });

  test.each([
    [100, 95],
    [95, 100],
    [95, 95],
  ])('is nothing where two disagree, which is told: heads %i and %i', async (first, second) => {
    serveChain(nodes[0], first);
    serveChain(nodes[1], second).branch = { name: 'b', from: 80 };
    const disputes: FinalityDispute[] = [];
    const provider = await connectTo(nodes.slice(0, 2), { observer: { onDispute: (it) => void disputes.push(it) } });
    await expect(getAgreedBlock(provider, 'finalized')).rejects.toMatchObject({
      code: 'rpc-error',
      message: 'endpoints of chain 900 disagree on block 85, which is finalized',
    });
    expect(disputes).toEqual([
      { chainId: 900, block: 85, hashes: { [nodes[0].url]: hashOfBlock(85), [nodes[1].url]: hashOfBlock(85, 'b') } },
    ]);
    await expect(getAgreedBlock(provider, 84)).rejects.toThrow('disagree');
    expect(await getAgreedBlock(provider, 79)).toMatchObject({ hash: hashOfBlock(79) });
  });

  test('is nothing where one of two does not answer, and the word of two of three', async () => {
    for (const node of nodes) serveChain(node, 100);
    const two = await connectTo(nodes.slice(0, 2));
    const three = await connectTo(nodes);
    nodes[0].behaviour = 'cuts the connection';
    await expect(getAgreedBlock(two, 'finalized')).rejects.toMatchObject({
      code: 'rpc-unreachable',
      message: `no answer from ${nodes[0].url} of chain 900: two endpoints must agree on what is finalized`,
    });
    expect(await getAgreedBlock(three, 'finalized')).toMatchObject({ number: 90 });
  });

  test('is nothing where one of two knows nothing final yet', async () => {
    serveChain(nodes[0], 100);
    serveChain(nodes[1], 100);
    nodes[1].methods['eth_getBlockByNumber'] = () => null;
    const provider = await connectTo(nodes.slice(0, 2));
    await expect(getAgreedBlock(provider, 'finalized')).rejects.toMatchObject({
      message: 'the node of chain 900 has no block finalized',
    });
  });
});

test('what one endpoint does not know another one can', async () => {
  const transaction = { hash: hashOfBlock(1) };
  nodes[1].methods['eth_getTransactionByHash'] = () => transaction;
  const call = { method: 'eth_getTransactionByHash', params: [transaction.hash] };
  const two = await connectTo(nodes.slice(0, 2));
  expect(await sendToAll(two, call)).toEqual(expect.arrayContaining([null, transaction]));
  nodes[0].behaviour = 'cuts the connection';
  expect(await sendToAll(two, call)).toEqual([transaction]);
  nodes[1].behaviour = 'cuts the connection';
  await expect(sendToAll(two, call)).rejects.toMatchObject({ code: 'rpc-unreachable' });
  expect(await sendToAll(await connectTo([nodes[2]]), call)).toEqual([null]);
});

test('what an endpoint may know that has just fallen silent is not told by the others', async () => {
  const call = { method: 'eth_getTransactionByHash', params: [hashOfBlock(1)] };
  const two = await connectTo(nodes.slice(0, 2));
  expect(await sendToAll(two, call, 60_000)).toEqual([null, null]);
  nodes[0].behaviour = 'cuts the connection';
  await expect(sendToAll(two, call, 60_000)).rejects.toMatchObject({ code: 'rpc-unreachable' });
  await expect(sendToAll(two, call, 60_000)).rejects.toMatchObject({ code: 'rpc-unreachable' });
  // An error says nothing, either.
  nodes[0].behaviour = 'answers';
  nodes[0].methods['eth_getTransactionByHash'] = () => {
    throw new Refusal(-32_603, 'the database is closed');
  };
  await expect(sendToAll(two, call, 60_000)).rejects.toMatchObject({ error: { message: 'the database is closed' } });
  expect(await sendToAll(two, call)).toEqual([null]);
  nodes[0].behaviour = 'cuts the connection';
  await expect(sendToAll(two, call, 60_000)).rejects.toMatchObject({ code: 'rpc-unreachable' });
  // Its last answer is longer ago than this.
  expect(await sendToAll(two, call, 0.001)).toEqual([null]);
});
