import type { JsonRpcProvider } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import type { FinalityDispute } from '../../sdk/chain/endpoints/observer.ts';
import { connect } from '../../sdk/chain/rpc.ts';
import type { LogSource, WatchedChain } from '../../relayer/route.ts';
import { startRpcProxy, type Fault, type RpcProxy } from '../support/rpcProxy.ts';
import { CHAIN_ID, FINALITY_LAG, startWatchedAnvil, type WatchedAnvil } from '../support/watchedAnvil.ts';

/** A chain behind two endpoints: the anvil's own proxy, which is preferred, and another one. */
let anvil: WatchedAnvil;
let second: RpcProxy;
let provider: JsonRpcProvider;
const disputes: FinalityDispute[] = [];

beforeAll(async () => {
  anvil = await startWatchedAnvil();
  second = await startRpcProxy(anvil.chain.url);
});

afterAll(async () => {
  await second.stop();
  await anvil.stop();
});

beforeEach(async () => {
  provider = await connect([anvil.proxy.url, second.url], {
    name: 'L2',
    observer: { onDispute: (dispute) => void disputes.push(dispute) },
  });
});

afterEach(async () => {
  provider.destroy();
  disputes.length = 0;
  second.fault = () => undefined;
  await anvil.reset();
});

const watched = (): WatchedChain => ({ ...anvil.watched, provider });

test('a chain is read, and gets final, by the word of two', async () => {
  await anvil.send(0);
  await anvil.mine(40);
  await anvil.read(watched());
  expect(await anvil.stored()).toBe('0@1');
  expect(await anvil.cursor()).toEqual({ at: 41, final: 41 - FINALITY_LAG });
});

test('one of two that does not answer lets nothing become final, and what is new is read all the same', async () => {
  await anvil.mine(20);
  await anvil.read(watched());
  const { final } = (await anvil.cursor())!;
  const problems: (string | undefined)[] = [];
  anvil.signals.on('finalityAsked', ({ problem }) => problems.push(problem));
  second.fault = () => ({ kind: 'lost' });
  await anvil.send(0);
  await anvil.mine(9);
  expect(await anvil.pass(watched())).toBe(1);
  expect(await anvil.stored()).toBe('0@21');
  expect(await anvil.cursor()).toEqual({ at: 30, final });
  await expect(anvil.pass(watched())).rejects.toMatchObject({
    code: 'rpc-unreachable',
    message: `no answer from ${second.url} of chain ${CHAIN_ID}: two endpoints must agree on what is finalized`,
  });
  expect(problems).toHaveLength(2);
  expect(new Set(problems)).toEqual(
    new Set([`no answer from ${second.url} of chain ${CHAIN_ID}: two endpoints must agree on what is finalized`]),
  );
  // More than is kept without knowing what is final is not read.
  await anvil.mine(600);
  await expect(anvil.pass(watched())).rejects.toMatchObject({ code: 'rpc-unreachable' });
  expect(await anvil.cursor()).toEqual({ at: 30, final });
});

test('two that disagree on what is final let nothing become final', async () => {
  await anvil.mine(20);
  await anvil.read(watched());
  const { final } = (await anvil.cursor())!;
  const other = `0x${'77'.repeat(32)}`;
  second.fault = ({ method }) =>
    method === 'eth_getBlockByNumber'
      ? { kind: 'changed', change: (block) => ({ ...(block as object), hash: other }) }
      : undefined;
  await anvil.mine(5);
  await anvil.pass(watched());
  expect(await anvil.cursor()).toEqual({ at: 25, final });
  await expect(anvil.pass(watched())).rejects.toThrow('disagree');
  expect(disputes[0]).toMatchObject({ chainId: CHAIN_ID, hashes: { [second.url]: other } });
});

test('what was read on another branch than the final one does not become final', async () => {
  await anvil.mine(20);
  await anvil.read(watched());
  const { final } = (await anvil.cursor())!;
  await anvil.mine(3);
  const other = `0x${'77'.repeat(32)}`;
  // Both say the same of the final block, and it is not what was read before.
  const fault = ({ params }: { readonly params: readonly unknown[] }): Fault | undefined =>
    params[0] === 'finalized'
      ? { kind: 'changed', change: (block) => ({ ...(block as object), hash: other }) }
      : undefined;
  anvil.proxy.fault = fault;
  second.fault = fault;
  await expect(anvil.pass(watched())).rejects.toMatchObject({
    code: 'rpc-error',
    message: expect.stringContaining(`is ${other}, and another one was read`) as string,
  });
  expect(await anvil.cursor()).toEqual({ at: 20, final });
});

test('logs that one endpoint leaves out whenever it is asked are had from the other', async () => {
  const gaps: unknown[] = [];
  anvil.signals.on('gapFound', (gap) => gaps.push(gap));
  await anvil.send(0);
  await anvil.send(1);
  const [source] = anvil.watched.sources as [LogSource];
  const audited: LogSource = {
    ...source,
    audit: async () =>
      await Promise.resolve(async (db) => {
        const rows = await db.selectFrom('messages').select('id').where('orphaned', '=', 0).execute();
        return rows.length < 2 ? anvil.watched.deployedAt + 1 : undefined;
      }),
  };
  anvil.proxy.fault = ({ method }) => (method === 'eth_getLogs' ? { kind: 'result', result: [] } : undefined);
  const chain = { ...watched(), sources: [audited] };
  await expect(anvil.pass(chain)).rejects.toThrow('left out');
  expect(gaps).toEqual([{ chainId: CHAIN_ID, from: anvil.watched.deployedAt + 1 }]);
  await anvil.read(chain);
  expect(await anvil.stored()).toBe('0@1 1@2');
});

test('an endpoint that falls behind is not taken for a chain without logs: the other one is read', async () => {
  await anvil.mine(3);
  await anvil.read(watched());
  const limit = anvil.watched.deployedAt + 2;
  const old: unknown = await anvil.chain.provider.send('eth_getBlockByNumber', [anvil.block(2), false]);
  await anvil.send(0);
  anvil.proxy.fault = ({ method, params }) => {
    if (method === 'eth_getLogs') return { kind: 'result', result: [] };
    if (method !== 'eth_getBlockByNumber' || params[0] === 'finalized') return undefined;
    if (params[0] !== 'latest') return Number(params[0]) > limit ? { kind: 'result', result: null } : undefined;
    return { kind: 'result', result: old };
  };
  await anvil.pass(watched()).catch(() => undefined);
  await anvil.read(watched());
  expect(await anvil.stored()).toBe('0@4');
});
