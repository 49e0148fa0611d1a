import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { AnswerTooLarge, HttpClient } from '../../../../sdk/chain/endpoints/exchange.ts';
import type { Call } from '../../../../sdk/chain/endpoints/observer.ts';
import type { PooledProvider } from '../../../../sdk/chain/pooledProvider.ts';
import { connect } from '../../../../sdk/chain/rpc.ts';
import { getLogPage } from '../../../../sdk/chain/scanLogs.ts';
import { serveChain } from '../../../support/fakeChain.ts';
import { flakyNodes, gasPrice } from '../../../support/flakyNodes.ts';
import { forward, startRpcServer, type Answer, type RpcRequest, type RpcServer } from '../../../support/rpcServer.ts';

const MIB = 2 ** 20;

const nodes = flakyNodes();
let server: RpcServer;

beforeAll(async () => {
  server = await startRpcServer(() => undefined);
});

afterAll(async () => {
  await server.stop();
});

/** An answer that does not end by itself. Counts the MiB that were taken, until nobody takes any more. */
function endless(headers: Readonly<Record<string, string>> = {}): {
  readonly answer: Answer;
  readonly taken: Promise<number>;
} {
  const { promise: taken, resolve } = Promise.withResolvers<number>();
  const mebibyte = Buffer.alloc(MIB, 0x20);
  const answer: Answer = (_, response) => {
    let count = 0;
    response.on('close', () => resolve(count));
    response.writeHead(200, headers);
    const write = async (): Promise<void> => {
      for (; !response.destroyed; count++) if (!response.write(mebibyte)) await once(response, 'drain');
    };
    void write().catch(() => undefined);
  };
  return { answer, taken };
}

describe('an answer', () => {
  test('without an end is given up, and its connection with it', async () => {
    const { answer, taken } = endless();
    server.answer = answer;
    const client = new HttpClient(server.url);
    await expect(client.post('{}', 20_000)).rejects.toThrow(AnswerTooLarge);
    expect(await taken).toBeLessThan(200);
  });

  test('that says how much too large it is, is not read', async () => {
    const { answer, taken } = endless({ 'content-length': `${400 * MIB}` });
    server.answer = answer;
    const client = new HttpClient(server.url);
    await expect(client.post('{}', 20_000)).rejects.toThrow('the answer has more than 128 MiB');
    expect(await taken).toBeLessThan(20);
  });

  test('is read whole, whatever characters are cut by its pieces', async () => {
    const text = 'a€𝄞'.repeat(100_000);
    server.answer = (_, response) => void response.writeHead(200).end(text);
    const { text: read } = await new HttpClient(server.url).post('{}', 20_000);
    expect(read === text).toBe(true);
  });
});

describe('an endpoint that answers too much', () => {
  const { answer: tooMuch } = endless({ 'content-length': `${400 * MIB}` });

  test('is at fault: another is asked', async () => {
    server.answer = forward(nodes[0].url);
    const outcomes: string[] = [];
    const onCall = ({ outcome }: Call): void => void outcomes.push(outcome);
    const urls = [server.url, nodes[1].url];
    const provider = (await connect(urls, { name: 'L1', observer: { onCall } })) as PooledProvider;
    onTestFinished(() => provider.destroy());
    server.answer = tooMuch;
    outcomes.length = 0;
    expect(await gasPrice(provider)).toBe('0x2');
    expect(outcomes).toEqual(['malformed', 'ok']);
    await expect(provider.nodes[0]?.send('eth_gasPrice', [])).rejects.toMatchObject({
      code: 'rpc-error',
      retryable: true,
      message: 'the endpoint does not answer as a chain does: the answer has more than 128 MiB',
    });
  });

  test('is asked for the logs of fewer blocks', async () => {
    serveChain(nodes[0], 1000);
    server.answer = forward(nodes[0].url);
    const provider = await connect(server.url, { name: 'L1' });
    onTestFinished(() => provider.destroy());
    const asked: number[] = [];
    server.answer = (body, response) => {
      const [first] = body as readonly [RpcRequest];
      const { fromBlock, toBlock } = first.params[0] as { fromBlock: string; toBlock: string };
      const blocks = Number(toBlock) - Number(fromBlock) + 1;
      asked.push(blocks);
      (blocks > 300 ? tooMuch : forward(nodes[0].url))(body, response);
    };
    const page = await getLogPage(provider, { address: [], topics: [] }, 1, 1000);
    expect(page.last.number).toBe(250);
    expect(asked).toEqual([1000, 500, 250]);
  });
});
