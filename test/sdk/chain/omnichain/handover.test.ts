import { AbiCoder, id, ZeroAddress, type JsonRpcProvider } from 'ethers';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { handover } from '../../../../sdk/chain/omnichain/serviceCalls.ts';
import { connect } from '../../../../sdk/chain/rpc.ts';
import { account } from '../../../support/events.ts';
import { say, startRpcServer, type RpcRequest, type RpcServer } from '../../../support/rpcServer.ts';

const [service, deployer, owner, successor] = [1, 2, 3, 4].map(account) as [string, string, string, string];

/** Whose the service is, and to whom it is offered. */
let held: { readonly owner: string; readonly pendingOwner: string };
let server: RpcServer;
let node: JsonRpcProvider;

beforeAll(async () => {
  const answerTo = ({ method, params }: RpcRequest): unknown => {
    if (method === 'eth_chainId') return '0x1';
    if (method === 'eth_getCode') return '0x60';
    const { data = '' } = params[0] as { data?: string };
    const name = (['owner', 'pendingOwner'] as const).find((each) => data === id(`${each}()`).slice(0, 10))!;
    return AbiCoder.defaultAbiCoder().encode(['address'], [held[name]]);
  };
  server = await startRpcServer((body, response) => {
    const one = (request: RpcRequest): object => ({ jsonrpc: '2.0', id: request.id, result: answerTo(request) });
    say(200, JSON.stringify(Array.isArray(body) ? body.map(one) : one(body as RpcRequest)))(body, response);
  });
  node = await connect(server.url, { name: 'A' });
});

afterAll(async () => {
  node.destroy();
  await server.stop();
});

test.each([
  ['is there to be made while nothing is offered', deployer, ZeroAddress, false],
  ['is there to be made while another account is offered it', deployer, successor, false],
  ['was made where the owner is offered it', deployer, owner, true],
  ['was made where the owner has taken it over', owner, ZeroAddress, true],
  ['was made where the owner has passed it on since', successor, ZeroAddress, true],
])('an offer of a service %s', async (_when, current, pending, isDone) => {
  held = { owner: current, pendingOwner: pending };
  const place = { chainId: 1n, name: 'A', service, provider: node };
  expect(await handover(place, deployer, owner).isDone()).toBe(isDone);
});

test('a service is not offered to the zero address', () => {
  const place = { chainId: 1n, name: 'A', service, provider: node };
  expect(() => handover(place, deployer, ZeroAddress)).toThrow('the zero address cannot own the service on chain A');
});
