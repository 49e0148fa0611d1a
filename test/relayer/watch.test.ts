import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import type { LogSource } from '../../relayer/route.ts';
import { watch } from '../../relayer/stages/watch.ts';
import { readWindow } from '../../relayer/store/blocks.ts';
import type { Store } from '../../relayer/store/store.ts';
import { TOPICS } from '../../sdk/chain/logs.ts';
import { toXdmError } from '../../sdk/chain/rpcErrors.ts';
import { listeningLogger } from '../support/logger.ts';
import type { Fault } from '../support/rpcProxy.ts';
import { CHAIN_ID, FINALITY_LAG, startWatchedAnvil, type WatchedAnvil } from '../support/watchedAnvil.ts';

let anvil: WatchedAnvil;

beforeAll(async () => {
  anvil = await startWatchedAnvil();
});

afterAll(async () => {
  await anvil.stop();
});

afterEach(async () => {
  await anvil.reset();
});

describe('a chain that only grows', () => {
  test('is read once, in order, up to its head', async () => {
    await anvil.send(0, 1);
    await anvil.send(2);
    await anvil.mine(3);
    await anvil.read();
    expect(await anvil.stored()).toBe('0@1 1@1 2@2');
    expect(await anvil.cursor()).toMatchObject({ at: 5 });
    const calls = anvil.proxy.calls.length;
    expect(await anvil.pass()).toBe(0);
    expect(anvil.proxy.calls.slice(calls).filter((method) => method === 'eth_getLogs')).toEqual([]);

    await anvil.send(3);
    await anvil.read();
    expect(await anvil.stored()).toBe('0@1 1@1 2@2 3@6');
  });

  test('is asked for two headers and no more where it has no other block, and no third where it has the next one', async () => {
    await anvil.send(0);
    await anvil.read();
    const asked = async (): Promise<string[]> => {
      const calls = anvil.proxy.calls.length;
      await anvil.pass();
      return anvil.proxy.calls.slice(calls).filter((method) => method === 'eth_getBlockByNumber');
    };
    expect(await asked()).toHaveLength(2);
    await anvil.mine(1);
    expect(await asked()).toHaveLength(2);
    expect(await anvil.cursor()).toMatchObject({ at: 2 });
  });

  test.each(['latest', 'finalized'] as const)('is asked for logs and counts in one request: %s', async (finality) => {
    await anvil.mine(1);
    await anvil.read();
    const { watched } = anvil;
    const audit: LogSource['audit'] = async ({ number }) => {
      await watched.provider.getCode(watched.sources[0]!.address, number);
      return async () => await Promise.resolve(undefined);
    };
    const chain = { ...watched, finality, sources: watched.sources.map((source) => ({ ...source, audit })) };
    await anvil.mine(1);
    const travelled: string[][] = [];
    anvil.proxy.trouble = (requests) => void travelled.push(requests.map(({ method }) => method));
    await anvil.pass(chain);
    anvil.proxy.trouble = () => undefined;
    expect(travelled.at(-1)?.toSorted()).toEqual(['eth_getCode', 'eth_getLogs']);
    expect(travelled).toHaveLength(2);
  });

  test('waits for the disk only where there is something to be remembered', async () => {
    await anvil.mine(1);
    await anvil.read();
    const lost: (boolean | undefined)[] = [];
    const write: Store['write'] = async (work, options) => {
      lost.push(options?.mayBeLost);
      return await anvil.store.write(work, options);
    };
    const context = { store: { ...anvil.store, write }, signals: anvil.signals, logger: listeningLogger().logger };
    await anvil.mine(1);
    await watch(anvil.watched, context);
    await anvil.send(0);
    await watch(anvil.watched, context);
    // A reorganisation.
    await anvil.drop(1);
    await anvil.mine(2);
    await watch(anvil.watched, context);
    expect(lost.map((mayBeLost) => mayBeLost === true)).toEqual([true, false, false]);
    expect(await anvil.stored()).toBe('(0@3)');
  });

  test('has nothing to read where it was deployed in its newest block', async () => {
    expect(await anvil.pass()).toBe(0);
    expect(await anvil.cursor()).toBeUndefined();
    await anvil.send(0);
    await anvil.read();
    expect(await anvil.stored()).toBe('0@1');
  });

  test('gets final without a new block', async () => {
    await anvil.mine(23);
    const before: unknown = await anvil.chain.provider.send('eth_getBlockByNumber', [anvil.block(2), false]);
    anvil.proxy.fault = ({ params }) => (params[0] === 'finalized' ? { kind: 'result', result: before } : undefined);
    await anvil.read();
    expect(await anvil.cursor()).toEqual({ at: 23, final: 2 });
    anvil.proxy.fault = () => undefined;
    await anvil.read();
    expect(await anvil.cursor()).toEqual({ at: 23, final: 23 - FINALITY_LAG });
    expect(await readWindow(anvil.store.db, CHAIN_ID)).toHaveLength(FINALITY_LAG + 1);
    expect(await anvil.pass()).toBe(0);
  });

  test('is read on from where it was after the node was away for long', async () => {
    await anvil.send(0);
    await anvil.read();
    await anvil.mine(100);
    await anvil.send(1);
    await anvil.restart();
    await anvil.read();
    expect(await anvil.stored()).toBe('0@1 1@102');
  });

  test('is read from the start again when other contracts are to be read', async () => {
    await anvil.send(0);
    await anvil.mine(40);
    const [source] = anvil.watched.sources as [LogSource];
    const other = { ...source, topics: [TOPICS.relayedMessage], record: async () => await Promise.resolve() };
    await anvil.read({ ...anvil.watched, sources: [other] });
    expect(await anvil.stored()).toBe('');
    expect(await anvil.cursor()).toMatchObject({ at: 41 });
    await anvil.read();
    expect(await anvil.stored()).toBe('0@1');
    expect(await anvil.cursor()).toEqual({ at: 41, final: 25 });
  });
});

describe('a node that is behind', () => {
  /** Answers as a node that has fewer blocks. */
  function behind(blocks: number): void {
    const limit = anvil.watched.deployedAt + blocks;
    const before: Fault = { kind: 'error', code: -32_000, message: 'unknown block' };
    const none: Fault = { kind: 'result', result: null };
    anvil.proxy.fault = ({ method, params }) => {
      const [first] = params as [unknown];
      const isRange = (first as { blockHash?: string }).blockHash === undefined;
      if (method === 'eth_getLogs') return isRange ? { kind: 'result', result: [] } : before;
      if (method !== 'eth_getBlockByNumber' || !String(first).startsWith('0x')) return undefined;
      return Number(first) > limit ? none : undefined;
    };
  }

  test('is not taken for a reorganisation', async () => {
    await anvil.send(0);
    await anvil.mine(5);
    await anvil.read();
    await anvil.mine(2);
    behind(4);
    await expect(anvil.pass()).rejects.toMatchObject({
      code: 'rpc-error',
      hint: expect.stringContaining('in sync') as string,
    });
    expect(await anvil.cursor()).toMatchObject({ at: 6 });
    expect(await anvil.stored()).toBe('0@1');
  });

  test('is not taken for a chain without logs, in what is final', async () => {
    await anvil.send(0);
    await anvil.mine(60);
    behind(30);
    await expect(anvil.read()).rejects.toMatchObject({ code: 'rpc-error' });
    expect(await anvil.cursor()).toBeUndefined();
    anvil.proxy.fault = () => undefined;
    await anvil.read();
    expect(await anvil.stored()).toBe('0@1');
  });

  test('is not taken for a chain without logs, near the head', async () => {
    await anvil.mine(1);
    await anvil.read();
    await anvil.send(0);
    behind(3);
    await expect(anvil.read()).rejects.toThrow('unknown block');
    expect(await anvil.cursor()).toMatchObject({ at: 1 });
    anvil.proxy.fault = () => undefined;
    await anvil.read();
    expect(await anvil.stored()).toBe('0@2');
  });

  test('and knows no final block yet is waited for', async () => {
    await anvil.send(0);
    anvil.proxy.fault = ({ params }) => (params[0] === 'finalized' ? { kind: 'result', result: null } : undefined);
    await expect(anvil.pass()).rejects.toMatchObject({
      message: `the node of chain ${CHAIN_ID} has no block finalized`,
    });
  });

  test('does not take back what was final', async () => {
    await anvil.mine(40);
    await anvil.read();
    const first: unknown = await anvil.chain.provider.send('eth_getBlockByNumber', ['0x1', false]);
    anvil.proxy.fault = ({ params }) => (params[0] === 'finalized' ? { kind: 'result', result: first } : undefined);
    await anvil.mine(1);
    await anvil.read();
    expect(await anvil.cursor()).toEqual({ at: 41, final: 24 });
  });
});

describe('what goes wrong', () => {
  test('while it is recorded leaves nothing recorded: neither cursor nor blocks nor events', async () => {
    await anvil.send(0);
    const [first] = anvil.watched.sources as [LogSource];
    const failing: LogSource = {
      ...first,
      record: async () => await Promise.reject(new Error('the disk is full')),
    };
    await expect(anvil.pass({ ...anvil.watched, sources: [first, failing] })).rejects.toThrow('the disk is full');
    expect(await anvil.stored()).toBe('');
    expect(await anvil.cursor()).toBeUndefined();
    expect(await readWindow(anvil.store.db, CHAIN_ID)).toEqual([]);
    await anvil.read();
    expect(await anvil.stored()).toBe('0@1');
  });

  test('while a reorganisation is undone leaves it to the next pass', async () => {
    await anvil.send(0);
    await anvil.send(1);
    await anvil.read();
    await anvil.drop(1);
    await anvil.mine(3);
    anvil.proxy.fault = ({ params }) => (params[0] === anvil.block(1) ? { kind: 'lost' } : undefined);
    await expect(anvil.pass()).rejects.toMatchObject({ code: 'rpc-unreachable' });
    expect(await anvil.stored()).toBe('0@1 1@2');
    await anvil.restart();
    anvil.proxy.fault = () => undefined;
    await anvil.read();
    expect(await anvil.stored()).toBe('0@1 (1@2)');
  });

  test.each<[string, Fault, string]>([
    ['no answer', { kind: 'answer-lost' }, 'rpc-unreachable'],
    ['429', { kind: 'status', status: 429 }, 'rpc-rate-limited'],
    ['503', { kind: 'status', status: 503 }, 'rpc-unreachable'],
    ['an error', { kind: 'error', code: -32_603, message: 'oops' }, 'rpc-error'],
  ])('on the way is told apart, and nothing is lost: %s', async (_name, fault, code) => {
    await anvil.send(0);
    await anvil.mine(30);
    anvil.proxy.fault = ({ method }) => (method === 'eth_getLogs' ? fault : undefined);
    const error: unknown = await anvil.pass().catch((thrown: unknown) => thrown);
    expect(toXdmError(error)).toMatchObject({ code });
    expect(await anvil.cursor()).toBeUndefined();
    anvil.proxy.fault = () => undefined;
    await anvil.read();
    expect(await anvil.stored()).toBe('0@1');
  });

  test('with a large range is a reason to ask for less', async () => {
    await anvil.send(0);
    await anvil.mine(500);
    anvil.proxy.fault = ({ method, params }) => {
      const { fromBlock, toBlock } = (params[0] ?? {}) as { fromBlock?: string; toBlock?: string };
      const isTooMuch = method === 'eth_getLogs' && Number(toBlock) - Number(fromBlock) > 100;
      return isTooMuch ? { kind: 'error', code: -32_005, message: 'query returned more than 100 blocks' } : undefined;
    };
    await anvil.read();
    expect(await anvil.stored()).toBe('0@1');
    expect(await anvil.cursor()).toEqual({ at: 501, final: 485 });
  });
});
