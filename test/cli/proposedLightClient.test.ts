import { ZeroHash, type JsonRpcProvider } from 'ethers';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { verifyProposal } from '../../cli/omnichain/proposedLightClient.ts';
import { HISTORY_CODE } from '../../sdk/chain/omnichain/maintenance/historyWindow.ts';
import { connect } from '../../sdk/chain/rpc.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { EXAMPLE_OMNICHAIN } from '../support/deployment.ts';
import { account } from '../support/events.ts';
import { lightClientNode } from '../support/lightClientNode.ts';
import { startRpcServer, type RpcServer } from '../support/rpcServer.ts';
import { SealedChain, serveSealedChain, validator } from '../support/sealedChain.ts';

const ENTRY = EXAMPLE_OMNICHAIN.lightClients[0]!;
const HEAD = 3n;
const SILENCE = new XdmError('rpc-unreachable', 'nobody is there');

const servers: RpcServer[] = [];
const connected: JsonRpcProvider[] = [];
let on: RpcServer;
let provider: JsonRpcProvider;
let source: JsonRpcProvider;
let hash: string;

async function connectTo(server: RpcServer): Promise<JsonRpcProvider> {
  servers.push(server);
  const node = await connect(server.url, { name: 'node' });
  connected.push(node);
  return node;
}

beforeAll(async () => {
  on = await startRpcServer(lightClientNode({}));
  provider = await connectTo(on);
  const chain = new SealedChain(1_000_000);
  for (let block = 0; block < 6; block++) chain.append([validator(0)]);
  ({ hash } = chain.block(HEAD));
  source = await connectTo(await serveSealedChain(chain, 7001n, { code: HISTORY_CODE, window: 8191n }));
});

afterAll(async () => {
  for (const node of connected) node.destroy();
  for (const server of servers) await server.stop();
});

/** What comes of announcing a light client that is as it should be, but for some of what it says. */
async function propose(
  said: Readonly<Record<string, readonly unknown[] | undefined>> = {},
  by: JsonRpcProvider | XdmError = source,
): Promise<string[]> {
  const all = { chainId: [7001n], kind: [2n], historyWindow: [8191n], head: [HEAD, hash], isFrozen: [false], ...said };
  on.answer = lightClientNode(all);
  const of = { chainId: 7001n, name: 'A' };
  return await verifyProposal({ address: account(1), provider, of, entry: ENTRY }, by);
}

test('nothing speaks against a light client that is as its chain has it', async () => {
  expect(await propose()).toEqual([]);
  expect(await propose({ head: [0n, ZeroHash] })).toEqual([]);
});

test.each([
  ['is of another chain', { chainId: [7002n] }, 'invalid-argument', 'knows the blocks of chain 7002'],
  ['is no light client', { historyWindow: undefined }, 'invalid-argument', 'is none'],
  ['is frozen', { isFrozen: [true] }, 'light-client-frozen', 'is frozen, for good'],
  [
    'has expired',
    { kind: [0n], trustedUntil: [5n], trustingPeriod: [4n] },
    'light-client-expired',
    'takes no update any more',
  ],
  ['looks for blocks where they are not', { historyWindow: [100n] }, 'invalid-argument', 'remembers 8191 blocks'],
  ['is on another branch', { head: [HEAD, `0x${'17'.repeat(32)}`] }, 'invalid-argument', 'has block 3 as 0x1717'],
])('one that %s is not announced', async (_what, said, code, words) => {
  await expect(propose(said)).rejects.toMatchObject({ code, message: expect.stringContaining(words) as string });
});

const FAR = 2n ** 40n;

test.each([
  ['that it believes others', { kind: [0n], trustedUntil: [FAR], trustingPeriod: [4n] }, undefined, ['of attestor']],
  ['that it makes no use of the history contract', { historyWindow: [0n] }, undefined, ['historyWindow of A is 0']],
  ['that the node has not come as far', { head: [99n, `0x${'17'.repeat(32)}`] }, undefined, ['has no block 99']],
  ['that its chain is silent', {}, SILENCE, ['its historyWindow of 8191 is that of A is not', 'its newest block, 3,']],
])('the owner is told %s', async (_what, said, by, doubts) => {
  expect(await propose(said, by)).toEqual(doubts.map((each) => expect.stringContaining(each) as string));
});
