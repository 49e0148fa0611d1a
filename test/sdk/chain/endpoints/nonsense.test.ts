import { afterAll, beforeAll, expect, test } from 'vitest';

import { HttpClient } from '../../../../sdk/chain/endpoints/exchange.ts';
import { connect } from '../../../../sdk/chain/rpc.ts';
import { startRpcServer, type RpcServer } from '../../../support/rpcServer.ts';

const DEEP = `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`;

let server: RpcServer;

beforeAll(async () => {
  server = await startRpcServer(() => undefined);
});

afterAll(async () => {
  await server.stop();
});

/** Answers with a result, as JSON. */
function serve(resultOf: (method: string) => string): void {
  server.answer = (body, response) => {
    const { id, method } = body as { readonly id: number; readonly method: string };
    response.end(`{"jsonrpc":"2.0","id":${id},"result":${resultOf(method)}}`);
  };
}

// An error that nobody waits for ends the process.
test.each([
  ['that has no value', '{"valueOf":1,"toString":1}'],
  ['that is nested deep', DEEP],
])('a head %s is an answer like others', async (_, head) => {
  serve((method) => (method === 'eth_chainId' ? '"0x384"' : head));
  const provider = await connect(server.url, { name: 'L1' });
  expect(await provider.send('eth_blockNumber', [])).toBeTypeOf('object');
  await expect(provider.getBlockNumber()).rejects.toThrow(/value|stack/iu);
  provider.destroy();
});

test('what goes wrong beside a request is told to who has made it', async () => {
  serve(() => '"0x384"');
  let fails = false;
  const onCall = (): void => {
    if (fails) throw new Error('no place to write to');
  };
  const provider = await connect(server.url, { name: 'L1', observer: { onCall } });
  fails = true;
  await expect(provider.send('eth_blockNumber', [])).rejects.toThrow('no place to write to');
  provider.destroy();
});

test('a chain id that is nested deep is none', async () => {
  serve(() => DEEP);
  await expect(connect(server.url, { name: 'L1' })).rejects.toMatchObject({
    code: 'rpc-error',
    message: expect.stringContaining('it answers {"result":"..."}'),
  });
});

test('an answer of too many values is not parsed', async () => {
  server.answer = (_, response) => void response.end(`[${'{},'.repeat(2_200_000)}{}]`);
  await expect(new HttpClient(server.url).post('{}', 20_000)).rejects.toThrow('more than 4194304 values');
  // As many bytes of what is no value are.
  server.answer = (_, response) => void response.end(`["${'a'.repeat(6_600_000)}"]`);
  expect(await new HttpClient(server.url).post('{}', 20_000)).toMatchObject({ status: 200 });
});
