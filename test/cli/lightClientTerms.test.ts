import type { JsonRpcProvider } from 'ethers';
import { Hono } from 'hono';
import { afterEach, expect, test } from 'vitest';

import { planLightClient, type PlannedLightClient } from '../../cli/omnichain/lightClientPlans.ts';
import type { ChainTerms } from '../../cli/omnichain/terms.ts';
import { serveLocally } from '../../devnet/httpServer.ts';
import { HISTORY_CODE } from '../../sdk/chain/omnichain/maintenance/historyWindow.ts';
import { connect } from '../../sdk/chain/rpc.ts';
import { serve, startRpcServer } from '../support/rpcServer.ts';
import { SCHEME, SealedChain, serveSealedChain, validator, type SealedHistory } from '../support/sealedChain.ts';

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

/** A chain of QBFT headers. */
async function startChain(history?: SealedHistory): Promise<JsonRpcProvider> {
  const chain = new SealedChain(1_000_000);
  for (let block = 0; block < 3; block++) chain.append([validator(0)]);
  const server = await serveSealedChain(chain, 7100n, history);
  const node = await connect(server.url, { name: 'C' });
  ends.push(
    async () => await server.stop(),
    () => node.destroy(),
  );
  return node;
}

async function plan(lightClient: ChainTerms['lightClient'], provider: JsonRpcProvider): Promise<PlannedLightClient> {
  const readers = { names: ['relay'], knowRelay: false };
  return await planLightClient({ chainId: 7100n, name: 'C', lightClient, on: 7000n, readers }, provider);
}

const SEALED = { kind: 'sealed-header', scheme: SCHEME, trustingPeriod: 86_400n, historyWindow: 0n } as const;

/** Answers every question alike. */
async function answering(status: 200 | 404 | 405, body = ''): Promise<string> {
  const app = new Hono();
  app.all('*', (context) => context.body(body, status));
  const server = await serveLocally(app, 0);
  ends.push(async () => await server.close());
  return server.url;
}

test.each([
  [
    'has nothing there',
    async () => await answering(404),
    'invalid-argument',
    'the sources of C are no Beacon API: http',
  ],
  ['takes no such question', async () => await answering(405), 'invalid-argument', 'no Beacon API'],
  ['says something else', async () => await answering(200, '{}'), 'invalid-argument', 'no Beacon API'],
  [
    'is silent',
    async () => await Promise.resolve('http://127.0.0.1:1'),
    'rpc-unreachable',
    'the light clients of C have',
  ],
])('a source of sync committees that %s is told apart, by the name of its chain', async (_what, start, code, words) => {
  const terms = { kind: 'sync-committee', trustingPeriod: 86_400n, historyWindow: 0n } as const;
  await expect(plan({ ...terms, sources: [await start()] }, await startChain())).rejects.toMatchObject({
    code,
    message: expect.stringContaining(words) as string,
  });
});

/** A chain whose headers have no extra data. */
async function startUnsealed(): Promise<JsonRpcProvider> {
  const chain = new SealedChain(1_000_000);
  chain.append([validator(0)]);
  const methods = { eth_chainId: '0x1bbc', eth_blockNumber: '0x0', eth_getCode: '0x' };
  const block = { ...chain.header(0n), extraData: '0x' };
  const answers = Object.entries({ ...methods, eth_getBlockByNumber: block });
  const server = await startRpcServer(serve(Object.fromEntries(answers.map(([name, result]) => [name, { result }]))));
  const node = await connect(server.url, { name: 'C' });
  ends.push(
    async () => await server.stop(),
    () => node.destroy(),
  );
  return node;
}

test.each([
  ['seals otherwise', startChain, 'istanbul', /^the blocks of C are not sealed by istanbul: /u],
  [
    'does not seal',
    startUnsealed,
    'qbft',
    /^the blocks of C are not sealed by qbft: .* it is no RLP: data too short$/u,
  ],
] as const)('a chain that %s is named, with what to give', async (_what, start, scheme, message) => {
  await expect(plan({ ...SEALED, scheme }, await start())).rejects.toMatchObject({
    code: 'invalid-argument',
    message: expect.stringMatching(message) as string,
    hint: expect.stringContaining('another kind of light client') as string,
  });
});

test('a history contract that is not used is warned of', async () => {
  const history = { code: HISTORY_CODE, window: 8191n };
  const words = 'historyWindow of C is 0, and its history contract remembers 8191 blocks';
  const warning = expect.stringContaining(words) as string;
  expect((await plan(SEALED, await startChain(history))).warnings).toContainEqual(warning);
  for (const [each, terms] of [
    [history, { ...SEALED, historyWindow: 8191n }],
    [{ code: HISTORY_CODE, window: 1n }, SEALED],
    [{ code: '0x60', window: 8191n }, SEALED],
    [undefined, SEALED],
  ] as const) {
    expect((await plan(terms, await startChain(each))).warnings).not.toContainEqual(warning);
  }
});
