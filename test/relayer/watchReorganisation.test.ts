import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { readCursor } from '../../relayer/store/blocks.ts';
import { isHalted, openAlarms } from '../../relayer/store/alarms.ts';
import { CHAIN_ID, startWatchedAnvil, type WatchedAnvil } from '../support/watchedAnvil.ts';

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

describe('a reorganisation', () => {
  test('takes what it dropped out, and the chain is read anew', async () => {
    await anvil.send(0);
    await anvil.send(1);
    await anvil.send(2);
    await anvil.read();
    await anvil.drop(2);
    await anvil.send(7);
    await anvil.mine(2);
    await anvil.read();
    expect(await anvil.stored()).toBe('0@1 (1@2) (2@3) 7@2');
    expect(anvil.lines.map(({ msg }) => msg)).toEqual(['a reorganisation: reading again']);
    expect(anvil.lines[0]).toMatchObject({
      chainId: CHAIN_ID,
      from: anvil.watched.deployedAt + 3,
      to: anvil.watched.deployedAt + 1,
    });
  });

  test('moves a message into another block', async () => {
    await anvil.send(0);
    await anvil.send(1);
    await anvil.read();
    await anvil.drop(2);
    await anvil.mine(1);
    await anvil.send(0, 1);
    await anvil.read();
    expect(await anvil.stored()).toBe('0@2 1@2');
    expect(await anvil.stored()).toBe(await anvil.onChain());
  });

  test('that leaves the same messages in the same places leaves them to us', async () => {
    await anvil.send(0);
    await anvil.send(1);
    await anvil.read();
    const raw = await anvil.rawTransactions(2);
    // Each in its place, in blocks with other hashes.
    await anvil.chain.provider.send('anvil_reorg', [2, raw.map((transaction, index) => [transaction, index])]);
    await anvil.send(2);
    expect(await anvil.onChain()).toBe('0@1 1@2 2@3');
    await anvil.read();
    expect(await anvil.stored()).toBe('0@1 1@2 2@3');
    expect(anvil.lines.map(({ msg }) => msg)).toEqual(['a reorganisation: reading again']);
  });

  test('back and forth ends where the chain does', async () => {
    await anvil.send(0);
    await anvil.read();
    const before = await anvil.chain.provider.send('evm_snapshot', []);
    await anvil.send(1);
    await anvil.read();
    const blocks = (await anvil.chain.provider.send('eth_getBlockByNumber', ['latest', false])) as { hash: string };
    await anvil.chain.provider.send('evm_revert', [before]);
    await anvil.mine(3);
    await anvil.read();
    expect(await anvil.stored()).toBe('0@1 (1@2)');
    expect(blocks.hash).not.toBe((await readCursor(anvil.store.db, CHAIN_ID))?.hash);
    await anvil.drop(3);
    await anvil.send(1);
    await anvil.mine(5);
    await anvil.read();
    expect(await anvil.stored()).toBe('0@1 1@2');
  });

  test('of the whole window is undone in one piece', async () => {
    await anvil.mine(20);
    await anvil.send(...Array.from({ length: 10 }, (_, counter) => counter));
    await anvil.mine(14);
    await anvil.read();
    expect(await anvil.cursor()).toEqual({ at: 35, final: 19 });
    await anvil.drop(16);
    await anvil.mine(30);
    await anvil.read();
    expect(await anvil.stored()).toMatch(/^\(0@21\) .*\(9@21\)$/u);
    expect(await anvil.cursor()).toEqual({ at: 49, final: 33 });
  });

  test('below what was final stops the lane with an alarm, and nothing is guessed', async () => {
    await anvil.mine(20);
    await anvil.send(0);
    await anvil.mine(14);
    await anvil.read();
    await anvil.drop(17);
    await anvil.mine(30);
    const what = `chain ${CHAIN_ID} has dropped block ${anvil.watched.deployedAt + 19}, which was final`;
    await expect(anvil.pass()).rejects.toMatchObject({ code: 'internal', message: what });
    expect(await openAlarms(anvil.store.db)).toMatchObject([
      { kind: 'deep-reorganisation', subject: `${CHAIN_ID}`, message: expect.stringContaining(what) as string },
    ]);
    expect(await isHalted(anvil.store.db)).toBe(true);
    expect(await anvil.stored()).toBe('0@21');
    expect(await anvil.cursor()).toEqual({ at: 35, final: 19 });
  });

  test('below what was final is over when the chain is as it was, and not by a restart', async () => {
    await anvil.mine(20);
    await anvil.send(0);
    await anvil.mine(14);
    await anvil.read();
    // A node of another branch, which knows nothing of ours.
    anvil.proxy.fault = ({ method, params }) => {
      if (method !== 'eth_getBlockByNumber' || params[0] === 'finalized') return undefined;
      return { kind: 'changed', change: (block) => ({ ...(block as object), hash: `0x${'77'.repeat(32)}` }) };
    };
    await expect(anvil.pass()).rejects.toMatchObject({ code: 'internal' });
    await anvil.restart();
    await expect(anvil.pass()).rejects.toMatchObject({ code: 'internal' });
    expect(await isHalted(anvil.store.db)).toBe(true);
    expect(anvil.lines.filter(({ msg }) => msg === 'alarm')).toHaveLength(1);

    anvil.proxy.fault = () => undefined;
    await anvil.send(1);
    await anvil.read();
    expect(await openAlarms(anvil.store.db)).toEqual([]);
    expect(anvil.lines.at(-1)).toMatchObject({ kind: 'deep-reorganisation', msg: 'the alarm is over' });
    expect(await anvil.stored()).toBe('0@21 1@36');
  });

  test('to a shorter chain is seen once that chain has grown', async () => {
    await anvil.send(0);
    await anvil.send(1);
    await anvil.mine(3);
    await anvil.read();
    await anvil.drop(4);
    await expect(anvil.pass()).rejects.toMatchObject({
      code: 'rpc-error',
      message: expect.stringContaining('no block') as string,
    });
    expect(await anvil.stored()).toBe('0@1 1@2');
    await anvil.mine(6);
    await anvil.read();
    expect(await anvil.stored()).toBe('0@1 (1@2)');
  });

  test('in the middle of reading records only what fits together', async () => {
    await anvil.send(0);
    await anvil.send(1);
    await anvil.send(2);
    const asked = Promise.withResolvers<undefined>();
    const released = Promise.withResolvers<undefined>();
    // When the logs arrive at the node, the newer blocks are gone.
    anvil.proxy.fault = ({ method }) => {
      if (method !== 'eth_getLogs') return undefined;
      asked.resolve(undefined);
      return { kind: 'held', until: released.promise };
    };
    const reading = anvil.pass();
    await asked.promise;
    await anvil.drop(2);
    await anvil.mine(4);
    released.resolve(undefined);
    // The node knows nothing of the blocks that it was asked for by hash.
    await expect(reading).rejects.toThrow('unknown block');
    expect(await anvil.stored()).toBe('');
    await anvil.read();
    expect(await anvil.stored()).toBe('0@1');
  });

  test('between the headers is seen by what is not linked', async () => {
    await anvil.send(0);
    await anvil.mine(4);
    await anvil.read();
    await anvil.drop(3);
    await anvil.send(1);
    await anvil.mine(4);
    const old = { number: '', hash: `0x${'11'.repeat(32)}`, parentHash: `0x${'22'.repeat(32)}`, timestamp: '0x1' };
    const third = `0x${(anvil.watched.deployedAt + 5).toString(16)}`;
    // Another node answers for the third block, one that is on another branch.
    anvil.proxy.fault = ({ method, params }) =>
      method === 'eth_getBlockByNumber' && params[0] === third
        ? { kind: 'result', result: { ...old, number: third } }
        : undefined;
    for (let passes = 0; passes < 3; passes++) await anvil.pass();
    expect(await anvil.cursor()).toMatchObject({ at: 4 });
    anvil.proxy.fault = () => undefined;
    await anvil.read();
    expect(await anvil.stored()).toBe('0@1 1@3');
    expect(await anvil.cursor()).toMatchObject({ at: 7 });
  });
});
