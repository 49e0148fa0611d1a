import { id, toQuantity } from 'ethers';
import { describe, expect, test } from 'vitest';

import { LogRange } from '../../../sdk/chain/logRange.ts';
import { getLogPage, getLogs } from '../../../sdk/chain/scanLogs.ts';
import { serveChain } from '../../support/fakeChain.ts';
import { Refusal } from '../../support/flakyNode.ts';
import { connectTo, flakyNodes, timeoutFor } from '../../support/flakyNodes.ts';
import type { RpcRequest } from '../../support/rpcServer.ts';

const nodes = flakyNodes();
const FILTER = { address: `0x${'11'.repeat(20)}`, topics: [id('Event()')] };

interface Range {
  readonly fromBlock: string;
  readonly toBlock: string;
}

/** How many blocks' logs a request asks for; 0 where it asks for something else. */
function blocksOf({ method, params }: RpcRequest): number {
  if (method !== 'eth_getLogs') return 0;
  const { fromBlock, toBlock } = params[0] as Range;
  return Number(toBlock) - Number(fromBlock) + 1;
}

/** A chain with one log in each of some blocks, whose node takes so many blocks. Returns the sizes of what is asked for. */
function serveLogs(head: number, places: readonly number[], limit = Number.POSITIVE_INFINITY): number[] {
  const asked: number[] = [];
  serveChain(nodes[0], head);
  nodes[0].methods['eth_getLogs'] = ([filter]) => {
    const { fromBlock, toBlock } = filter as Range;
    const blocks = Number(toBlock) - Number(fromBlock) + 1;
    asked.push(blocks);
    if (blocks > limit) throw new Refusal(-32_005, 'query returned more than 10000 results');
    return places.filter((place) => place >= Number(fromBlock) && place <= Number(toBlock)).map(logAt);
  };
  return asked;
}

function logAt(block: number): object {
  return {
    address: FILTER.address,
    topics: FILTER.topics,
    data: '0x',
    blockNumber: toQuantity(block),
    blockHash: id(`${block}`),
    transactionHash: id('transaction'),
    logIndex: '0x0',
    transactionIndex: '0x0',
    removed: false,
  };
}

describe('logs of a range', () => {
  test('are all there, in order, whatever size the node takes', async () => {
    const places = [1, 2, 99, 100, 101, 4000, 9999, 10_000];
    for (const limit of [1500, 130]) {
      serveLogs(10_000, places, limit);
      const provider = await connectTo([nodes[0]]);
      const logs = await getLogs(provider, FILTER, 1, 10_000);
      expect(logs.map(({ blockNumber }) => blockNumber)).toEqual(places);
    }
  });

  test('of nothing are none, without a question', async () => {
    const asked = serveLogs(10, []);
    const provider = await connectTo([nodes[0]]);
    expect(await getLogs(provider, FILTER, 5, 4)).toEqual([]);
    expect(asked).toEqual([]);
  });

  test('of a million empty blocks take some ten requests, where the node takes as much', async () => {
    const asked = serveLogs(1_000_000, []);
    const provider = await connectTo([nodes[0]]);
    await getLogs(provider, FILTER, 1, 1_000_000);
    expect(asked.length).toBeLessThan(12);
  });

  test('are asked for in the size that worked, which grows slowly', async () => {
    const asked = serveLogs(100_000, [], 300);
    const provider = await connectTo([nodes[0]]);
    await getLogPage(provider, FILTER, 1, 100_000);
    expect(asked).toEqual([2000, 1000, 500, 250]);
    asked.length = 0;
    await getLogs(provider, FILTER, 251, 5000);
    expect(asked.slice(0, 3)).toEqual([312, 156, 195]);
    const refused = asked.filter((blocks) => blocks > 300).length;
    expect(refused).toBeLessThan(asked.length / 3);
  });

  test.each<[string, (request: RpcRequest) => readonly [number, string] | 'silence']>([
    ['413', () => [413, 'too large']],
    ['JSON that is cut', ({ id: place }) => [200, `[{"jsonrpc":"2.0","id":${place},"result":[{"address":`]],
    ['-32602', ({ id: place }) => refusal(place, -32_602)],
    ['-32005', ({ id: place }) => refusal(place, -32_005)],
    ['-32000', ({ id: place }) => refusal(place, -32_000)],
    ['HTTP 400 with a refusal', ({ id: place }) => [400, refusal(place, -32_602)[1]]],
  ])('are asked for in halves where the node answers to many with %s', async (_name, answer) => {
    const asked = serveLogs(1000, [3, 500]);
    let refused = 0;
    nodes[0].intercept = (requests) => {
      const large = requests.find((request) => blocksOf(request) > 600);
      if (large !== undefined) refused++;
      return large === undefined ? undefined : (answer(large) as readonly [number, string]);
    };
    const provider = await connectTo([nodes[0]]);
    const page = await getLogPage(provider, FILTER, 1, 1000);
    expect(page.last.number).toBe(500);
    expect(page.logs).toHaveLength(2);
    expect(asked).toEqual([500]);
    // Not once more in vain. What is too large for one answer is asked for one by one at most.
    expect(refused).toBeLessThanOrEqual(2);
  });

  test('that take too long are given up, and asked for in halves the next time', async () => {
    const asked = serveLogs(1000, [3]);
    const provider = await connectTo([nodes[0]], { timeout: timeoutFor('is silent') });
    nodes[0].behaviour = 'is silent';
    await expect(getLogPage(provider, FILTER, 1, 1000)).rejects.toMatchObject({ code: 'rpc-unreachable' });
    expect(nodes[0].arrived).toHaveLength(1);
    nodes[0].behaviour = 'answers';
    await getLogPage(provider, FILTER, 1, 1000);
    expect(asked).toEqual([500]);
  });

  test.each([
    [-32_602, 'rpc-error'],
    [-32_005, 'rpc-rate-limited'],
    [429, 'rpc-rate-limited'],
  ])(
    'that are refused with %i even of one block are an error, and nothing is learnt from it',
    async (refused, code) => {
      const asked = serveLogs(1000, []);
      const { eth_getLogs: answer } = nodes[0].methods;
      nodes[0].methods['eth_getLogs'] = () => {
        throw new Refusal(refused);
      };
      const provider = await connectTo([nodes[0]]);
      await expect(getLogPage(provider, FILTER, 7, 1000)).rejects.toMatchObject({ code });
      nodes[0].methods['eth_getLogs'] = answer!;
      await getLogPage(provider, FILTER, 7, 1000);
      expect(asked).toEqual([994]);
    },
  );

  test('are none of a node that does not have the last block', async () => {
    serveLogs(1000, []);
    const provider = await connectTo([nodes[0]]);
    await expect(getLogPage(provider, FILTER, 900, 1001)).rejects.toMatchObject({
      code: 'rpc-error',
      message: 'the node of chain 900 has no block 1001',
    });
  });

  test('come with the last block from one node, whichever that is', async () => {
    serveLogs(1000, [950]);
    serveChain(nodes[1], 1000);
    const provider = await connectTo(nodes.slice(0, 2));
    nodes[0].behaviour = 'leaves out an answer';
    const page = await getLogPage(provider, FILTER, 900, 1000);
    // The first node has the log, and its answer was not whole; the second one has none.
    expect(page.logs).toEqual([]);
    expect(nodes[1].arrived).toEqual([['eth_getLogs', 'eth_getBlockByNumber']]);
  });

  test('that are malformed are an error', async () => {
    serveLogs(10, []);
    nodes[0].methods['eth_getLogs'] = () => [{ ...logAt(3), topics: ['0x12'] }];
    const provider = await connectTo([nodes[0]]);
    await expect(getLogPage(provider, FILTER, 1, 10)).rejects.toMatchObject({
      code: 'rpc-error',
      message: "the node's answer to eth_getLogs is malformed: 0.topics.0 not a hash",
    });
  });
});

function refusal(place: number, code: number): readonly [number, string] {
  const answers = [
    { jsonrpc: '2.0', id: place, error: { code, message: 'no' } },
    { jsonrpc: '2.0', id: place + 1, result: null },
  ];
  return [200, JSON.stringify(answers)];
}

test('many logs are a reason to ask for fewer blocks, as a refusal is', () => {
  const range = new LogRange();
  range.noteGiven(2000, 10_001);
  expect(range.size).toBe(1000);
  range.noteGiven(1000, 6000);
  expect(range.size).toBe(1000);
  range.noteGiven(10, 0);
  expect(range.size).toBe(1000);
  range.noteGiven(1000, 0);
  expect(range.size).toBe(2000);
});
