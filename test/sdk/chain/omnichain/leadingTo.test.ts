import type { JsonRpcProvider } from 'ethers';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { LIGHT_CLIENT_CALLS } from '../../../../sdk/chain/omnichain/contracts.ts';
import { leadingTo } from '../../../../sdk/chain/omnichain/maintenance/leadingTo.ts';
import type { MaintenanceCall } from '../../../../sdk/chain/omnichain/maintenance/maintainer.ts';
import { connect } from '../../../../sdk/chain/rpc.ts';
import { account } from '../../../support/events.ts';
import { serve, startRpcServer, type RpcServer } from '../../../support/rpcServer.ts';

let node: RpcServer;
let provider: JsonRpcProvider;

beforeAll(async () => {
  node = await startRpcServer(serve({ eth_chainId: { result: '0x1b58' } }));
  provider = await connect(node.url, { name: 'relay' });
});

afterAll(async () => {
  provider.destroy();
  await node.stop();
});

function update(block: bigint | undefined): MaintenanceCall {
  const to = account(1);
  return { purpose: 'update', brings: `block ${block}`, block, isUpkeep: true, to, data: '0x', gasLimit: 1n };
}

/** Blocks that are brought on the way to block 20 of a light client that knows block 10, of which the contract takes some. */
async function wayOf(blocks: readonly (bigint | undefined)[], taken = blocks.length, head = 10n): Promise<unknown> {
  const result = LIGHT_CLIENT_CALLS.encodeFunctionResult('head', [head, `0x${'17'.repeat(32)}`]);
  const calls = blocks.map((_, index) => ({ status: index < taken ? '0x1' : '0x0' }));
  const methods = { eth_call: { result }, eth_simulateV1: { result: [{ calls }] } };
  node.answer = serve(methods);
  const wanted: (readonly bigint[])[] = [];
  const maintainer = {
    async next(wantedAfter?: (after: bigint) => Promise<readonly bigint[]>) {
      wanted.push(await wantedAfter!(head));
      return blocks.map(update);
    },
  };
  const plan = await leadingTo(20n, { address: account(1), provider, of: 7001n }, maintainer).next();
  expect(wanted).toEqual(head < 20n ? [[20n]] : []);
  return plan.map(({ block }) => block);
}

test('what leads to a wanted block is sent, and nothing beyond', async () => {
  expect(await wayOf([undefined, 15n, 23n, 30n])).toEqual([undefined, 15n, 23n]);
  expect(await wayOf([20n])).toEqual([20n]);
});

test('nothing is sent where the block or a later one is known', async () => {
  expect(await wayOf([25n], 1, 20n)).toEqual([]);
});

test.each([
  ['do not reach it', [undefined, 19n], 'its updates lead to block 19, none to block 20: nothing is sent'],
  ['are none', [], 'its source has no updates, none to block 20: nothing is sent'],
])('nothing is sent where the updates %s', async (_what, blocks, words) => {
  await expect(wayOf(blocks)).rejects.toMatchObject({
    code: 'not-ready',
    message: expect.stringContaining(words) as string,
  });
});

test('nothing is sent where one on the way is refused, unless it is the first, whose sender is told why', async () => {
  await expect(wayOf([15n, 25n], 1)).rejects.toMatchObject({ code: 'update-invalid' });
  expect(await wayOf([15n, 25n], 0)).toEqual([15n, 25n]);
});

test('a part of a longer way is gone', async () => {
  const many = Array.from({ length: 64 }, () => 11n);
  expect(await wayOf(many)).toEqual(many);
  await expect(wayOf(many.slice(1))).rejects.toMatchObject({ code: 'not-ready' });
});
