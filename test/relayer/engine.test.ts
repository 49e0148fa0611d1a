import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { startEngineAnvil, type EngineAnvil } from '../support/engineAnvil.ts';

const GWEI = 10n ** 9n;

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

describe('a transaction', () => {
  test('is stored and broadcast, mined, and final', async () => {
    await anvil.submit('a');
    expect(await anvil.stages()).toBe('a0 pending');
    expect(await anvil.pool()).toEqual([0]);
    await anvil.mine(1);
    await anvil.advance();
    expect(await anvil.stages()).toBe('a0 mined');
    await anvil.mine(16);
    await anvil.advance();
    expect(await anvil.stages()).toBe('a0 final');
    // What was signed is of no more use, but what came of it is known for ever.
    const [transaction] = await anvil.store.db.selectFrom('transactions').selectAll().execute();
    expect(transaction).toMatchObject({ nonce: 0, purpose: 'a', reverted: 0, blockNumber: 2 });
    expect(await anvil.store.db.selectFrom('attempts').selectAll().execute()).toMatchObject([
      {
        hash: transaction?.transactionHash,
        raw: new Uint8Array(),
        gasLimit: '30000',
        maxPriorityFeePerGas: `${GWEI}`,
        broadcastAt: expect.any(Number) as number,
        refusal: null,
      },
    ]);
  });

  test('is known as mined only once its block was read, and is not sent again before', async () => {
    await anvil.submit('a');
    await anvil.mine(1);
    const calls = anvil.proxy.calls.length;
    expect(await anvil.engine.advance()).toBe(0);
    anvil.elapse(60_000);
    expect(await anvil.engine.advance()).toBe(0);
    expect(await anvil.stages()).toBe('a0 pending');
    expect(anvil.proxy.calls.slice(calls)).not.toContain('eth_sendRawTransaction');
    await anvil.advance();
    expect(await anvil.stages()).toBe('a0 mined');
  });

  test('that reverts is known to have', async () => {
    await anvil.submitReverting('a');
    await anvil.mine(17);
    await anvil.advance();
    expect(await anvil.store.db.selectFrom('transactions').selectAll().execute()).toMatchObject([
      { stage: 'final', reverted: 1 },
    ]);
  });

  test('is stored together with what waits for it, or not at all', async () => {
    const submission = { ...anvil.submission('a'), onStored: async () => await Promise.reject(new Error('no')) };
    await expect(anvil.engine.submit([anvil.submission('b'), submission])).rejects.toThrow('no');
    expect(await anvil.stages()).toBe('');
    expect(await anvil.pool()).toEqual([]);
    // Who comes next is not held up.
    await anvil.submit('c');
    expect(await anvil.stages()).toBe('c0 pending');
  });

  test('gets a nonce of its own, however many are submitted in the same instant', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    await Promise.all(names.map(async (name) => await anvil.submit(name, `${name}'`)));
    expect(await anvil.pool()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await anvil.mine(17);
    await anvil.advance();
    expect(await anvil.stages()).toBe(
      "a0 final a'1 final b2 final b'3 final c4 final c'5 final d6 final d'7 final e8 final e'9 final",
    );
  });

  test('waits while as many are on their way as nodes keep of an account', async () => {
    expect(await anvil.engine.capacity()).toBe(64);
    await anvil.submit(...Array.from({ length: 60 }, (_, index) => `t${index}-`));
    expect(await anvil.engine.capacity()).toBe(4);
    await anvil.submit('b', 'b', 'b', 'b', 'b');
    expect(await anvil.engine.capacity()).toBe(0);
    expect(await anvil.engine.pending('b')).toBe(5);
    await anvil.mine(1);
    await anvil.advance();
    expect(await anvil.engine.capacity()).toBe(64);
  });
});

describe('a restart', () => {
  test('broadcasts what was stored and perhaps never sent', async () => {
    // The process ends between the two.
    anvil.proxy.fault = ({ method }) => (method === 'eth_sendRawTransaction' ? { kind: 'lost' } : undefined);
    await anvil.submit('a', 'b');
    anvil.proxy.fault = () => undefined;
    expect(await anvil.pool()).toEqual([]);
    await anvil.restart();
    await anvil.advance();
    expect(await anvil.pool()).toEqual([0, 1]);
  });

  test('changes nothing of what is on its way', async () => {
    await anvil.submit('a', 'b');
    const before = await anvil.hashes();
    await anvil.restart();
    await anvil.advance();
    expect(await anvil.hashes()).toEqual(before);
    await anvil.mine(1);
    await anvil.restart();
    await anvil.advance();
    expect(await anvil.stages()).toBe('a0 mined b1 mined');
    await anvil.restart();
    await anvil.submit('c');
    await anvil.mine(17);
    await anvil.restart();
    await anvil.advance();
    expect(await anvil.stages()).toBe('a0 final b1 final c2 final');
  });

  test('without the store takes over what the account has on its way, and does nothing twice', async () => {
    await anvil.submit('a', 'b');
    await anvil.forget();
    await anvil.submit('a', 'b', 'c');
    await anvil.mine(17);
    await anvil.advance();
    await anvil.mine(17);
    await anvil.advance();
    expect(await anvil.stages()).toBe('a0 final b1 final c2 final');
    expect(await anvil.nonce()).toBe(3);
  });
});

describe('a transaction that is not mined', () => {
  test('is broadcast again after a while, as when the pool was emptied', async () => {
    await anvil.submit('a', 'b');
    await anvil.send('anvil_dropAllTransactions');
    await anvil.advance();
    expect(await anvil.pool()).toEqual([]);
    anvil.elapse(15_000);
    await anvil.advance();
    expect(await anvil.pool()).toEqual([0, 1]);
  });

  test('that was dropped alone is broadcast again before those after it are mined', async () => {
    await anvil.submit('a', 'b', 'c');
    const [first] = await anvil.hashes();
    await anvil.send('anvil_dropTransaction', first);
    await anvil.mine(1);
    anvil.elapse(15_000);
    await anvil.advance();
    await anvil.mine(2);
    await anvil.advance();
    expect(await anvil.stages()).toBe('a0 mined b1 mined c2 mined');
  });

  test('is replaced by one that pays more, with the same nonce, up to the cap', async () => {
    await anvil.setBaseFee(50n);
    await anvil.submit('a');
    for (let minutes = 0; minutes < 25; minutes++) {
      anvil.elapse(61_000);
      await anvil.advance();
    }
    const attempts = await anvil.attempts();
    expect(attempts.length).toBeGreaterThan(10);
    expect(new Set(attempts.map(({ nonce }) => nonce))).toEqual(new Set([0]));
    for (const [index, attempt] of attempts.entries()) {
      const before = attempts[index - 1];
      if (before === undefined) continue;
      expect(attempt.maxFeePerGas! * 1000n).toBeGreaterThanOrEqual(before.maxFeePerGas! * 1125n);
      expect(attempt.maxPriorityFeePerGas! * 1000n).toBeGreaterThanOrEqual(before.maxPriorityFeePerGas! * 1125n);
      expect(attempt.maxFeePerGas).toBeLessThanOrEqual(anvil.cap);
    }
    expect(anvil.lines.map(({ msg }) => msg)).toContain('a transaction waits at the highest fee that is allowed');

    await anvil.mine(17);
    await anvil.advance();
    expect(await anvil.stages()).toBe('a0 final');
  });

  test('pays what the chain asks for at once, where that has multiplied', async () => {
    await anvil.setBaseFee(1n);
    await anvil.submit('a', 'b', 'c');
    await anvil.setBaseFee(100n);
    anvil.elapse(61_000);
    await anvil.advance();
    await anvil.mine(17);
    await anvil.advance();
    expect(await anvil.stages()).toBe('a0 final b1 final c2 final');
  });

  test('because an earlier one is not does not pay more for it', async () => {
    await anvil.submit('a', 'b', 'c');
    const [first] = await anvil.hashes();
    await anvil.send('anvil_dropTransaction', first);
    anvil.proxy.fault = ({ method }) => (method === 'eth_sendRawTransaction' ? { kind: 'lost' } : undefined);
    for (let minutes = 0; minutes < 10; minutes++) {
      anvil.elapse(61_000);
      await anvil.advance();
    }
    const counts = new Map<number, number>();
    for (const { nonce } of await anvil.attempts()) counts.set(nonce, (counts.get(nonce) ?? 0) + 1);
    expect(counts.get(0)).toBeGreaterThan(5);
    expect([counts.get(1), counts.get(2)]).toEqual([1, 1]);
  });

  test('because the account has lost its funds is sent once it has some, and pays no more for it', async () => {
    await anvil.submit('a', 'b');
    await anvil.send('anvil_dropAllTransactions');
    await anvil.setBalance(1n);
    anvil.elapse(15_000);
    await anvil.advance();
    for (let minutes = 0; minutes < 5; minutes++) {
      anvil.elapse(61_000);
      await anvil.advance();
    }
    expect(await anvil.pool()).toEqual([]);
    expect(await anvil.attempts()).toHaveLength(2);
    expect(await anvil.alarms()).toEqual(['signer-unfunded']);
    await anvil.setBalance(10n ** 18n);
    anvil.elapse(15_000);
    await anvil.advance();
    expect(await anvil.alarms()).toEqual([]);
    await anvil.mine(17);
    await anvil.advance();
    expect(await anvil.stages()).toBe('a0 final b1 final');
  });

  test('is looked after when the clock was set back', async () => {
    await anvil.submit('a');
    await anvil.send('anvil_dropAllTransactions');
    anvil.setClock(-3_600_000);
    anvil.elapse(15_000);
    await anvil.advance();
    expect(await anvil.pool()).toEqual([0]);
  });
});
