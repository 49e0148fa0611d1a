import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { startEngineAnvil, type EngineAnvil } from '../support/engineAnvil.ts';

let anvil: EngineAnvil;

beforeAll(async () => {
  anvil = await startEngineAnvil();
});

afterAll(async () => {
  await anvil.stop();
});

afterEach(async () => {
  await anvil.reset();
});

describe('nonces', () => {
  test('that somebody else has taken with the same key are given up once that is final', async () => {
    await anvil.submit('a', 'b');
    await anvil.send('anvil_dropAllTransactions');
    await anvil.foreign(0);
    await anvil.mine(2);
    anvil.elapse(15_000);
    await anvil.advance();
    expect(await anvil.stages()).toBe('a0 pending b1 pending');
    await anvil.mine(16);
    await anvil.advance();
    // A node that is behind does not know the receipt yet that another one has.
    expect(await anvil.stages()).toBe('a0 pending b1 mined');
    anvil.elapse(15_000);
    await anvil.advance();
    expect(await anvil.stages()).toBe('a0 replaced b1 mined');
    await anvil.submit('c');
    expect(await anvil.stages()).toBe('a0 replaced b1 mined c2 pending');
  });

  test('that somebody else only wants are taken: one would be left free when those are dropped', async () => {
    await anvil.foreign(0, 2n);
    await anvil.submit('a');
    expect(await anvil.stages()).toBe('a0 pending');
    await anvil.mine(17);
    await anvil.advance();
    expect(await anvil.stages()).toBe('a0 final');
  });

  test('that were freed by a reorganisation are filled', async () => {
    await anvil.foreign(0);
    await anvil.mine(1);
    await anvil.advance();
    await anvil.submit('a', 'b');
    // The block with somebody else's transaction is dropped, and the transaction with it.
    await anvil.send('anvil_rollback', 1);
    await anvil.send('anvil_dropAllTransactions');
    await anvil.mine(2);
    anvil.elapse(15_000);
    await anvil.advance();
    await anvil.mine(17);
    await anvil.advance();
    expect(await anvil.stages()).toBe('gap0 final a1 final b2 final');
    expect(anvil.lines).toContainEqual(expect.objectContaining({ msg: 'filling a gap of nonces', nonces: [0] }));
  });

  test('are not mistaken for free because a node is behind', async () => {
    await anvil.submit('a', 'b');
    await anvil.mine(17);
    await anvil.advance();
    await anvil.submit('c');
    const none = { kind: 'result', result: '0x0' } as const;
    anvil.proxy.fault = ({ method, params }) =>
      method === 'eth_getTransactionCount' && params[1] === 'latest' ? none : undefined;
    await anvil.submit('d');
    await anvil.advance();
    expect(await anvil.stages()).toBe('a0 final b1 final c2 pending d3 pending');
  });
});

describe('a reorganisation', () => {
  test('puts a mined transaction back, and it is mined again', async () => {
    await anvil.submit('a', 'b');
    await anvil.mine(3);
    await anvil.advance();
    expect(await anvil.stages()).toBe('a0 mined b1 mined');
    await anvil.send('anvil_rollback', 3);
    await anvil.send('anvil_dropAllTransactions');
    await anvil.mine(4);
    anvil.elapse(15_000);
    await anvil.advance();
    expect(await anvil.stages()).toBe('a0 pending b1 pending');
    expect(await anvil.pool()).toEqual([0, 1]);
    await anvil.mine(17);
    await anvil.advance();
    expect(await anvil.stages()).toBe('a0 final b1 final');
    expect(await anvil.nonce()).toBe(2);
  });

  test('that was not seen in time is seen when the block is final', async () => {
    await anvil.submit('a');
    await anvil.mine(1);
    await anvil.advance();
    // As if an answer from the branch that was dropped had come after `watch` had left it.
    await anvil.send('anvil_rollback', 1);
    await anvil.send('anvil_dropAllTransactions');
    await anvil.mine(20);
    await anvil.store.db.updateTable('transactions').set({ stage: 'mined', blockNumber: 2 }).execute();
    anvil.elapse(15_000);
    await anvil.advance();
    expect(await anvil.stages()).toBe('a0 pending');
    expect(await anvil.pool()).toEqual([0]);
  });
});

describe('a lost answer', () => {
  test('to a broadcast is no reason to send something else', async () => {
    anvil.proxy.fault = ({ method }) => (method === 'eth_sendRawTransaction' ? { kind: 'answer-lost' } : undefined);
    await anvil.submit('a', 'b');
    anvil.proxy.fault = () => undefined;
    anvil.elapse(15_000);
    await anvil.advance();
    await anvil.mine(17);
    await anvil.advance();
    expect(await anvil.stages()).toBe('a0 final b1 final');
    expect(await anvil.nonce()).toBe(2);
  });

  test.each(['eth_getTransactionCount', 'eth_getTransactionReceipt', 'eth_getBlockByNumber'])(
    'to %s ends the pass, and nothing is decided',
    async (asked) => {
      await anvil.submit('a');
      await anvil.mine(17);
      await anvil.read();
      anvil.proxy.fault = ({ method }) => (method === asked ? { kind: 'status', status: 503 } : undefined);
      await anvil.engine.advance().catch(() => undefined);
      await anvil.engine.submit([anvil.submission('b')]).catch(() => undefined);
      anvil.proxy.fault = () => undefined;
      await anvil.advance();
      await anvil.submit('c');
      await anvil.mine(17);
      await anvil.advance();
      expect(await anvil.stages()).toMatch(/^a0 final (?:b1 final c2|c1) final$/u);
    },
  );

  test('to any other call, and a request that arrives twice, changes nothing', async () => {
    anvil.proxy.fault = () => ({ kind: 'twice' });
    await anvil.submit('a', 'b');
    await anvil.mine(17);
    await anvil.advance();
    expect(await anvil.stages()).toBe('a0 final b1 final');
    expect(await anvil.nonce()).toBe(2);
  });
});
