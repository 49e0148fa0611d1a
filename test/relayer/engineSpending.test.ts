import { toQuantity } from 'ethers';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';

import { startEngineAnvil, type EngineAnvil } from '../support/engineAnvil.ts';

const GWEI = 10n ** 9n;
const DAY_MS = 86_400_000;

/** Most wei that a transaction of these tests can cost where the base fee is one gwei: 30,000 gas, three gwei each. */
const COST = 90_000n * GWEI;

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

/** Submits with a base fee of one gwei, which anvil lets fall from block to block. */
async function submit(...purposes: string[]): Promise<void> {
  await anvil.setBaseFee(1n);
  await anvil.submit(...purposes);
}

async function spending(): Promise<bigint[]> {
  const rows = await anvil.store.db.selectFrom('spending').select('wei').orderBy('day').execute();
  return rows.map(({ wei }) => BigInt(wei));
}

describe('what a signer may spend in a day', () => {
  test('is not exceeded by what is submitted, and there is more the next day', async () => {
    await anvil.restartWithLimit(2n * COST);
    await submit('a', 'b');
    // Both could cost all of it until they are mined.
    await expect(submit('c')).rejects.toMatchObject({ code: 'spending-limit', readyAt: undefined });
    expect(await anvil.stages()).toBe('a0 pending b1 pending');
    expect(await anvil.alarms()).toEqual(['spending-limit']);
    await anvil.mine(17);
    await anvil.advance();
    // They were cheaper: 21,000 gas each.
    await submit('c');
    const [first = 0n] = await spending();
    expect(first).toBeGreaterThan(0n);
    expect(first).toBeLessThan(2n * COST);
    await anvil.advance();
    expect(await anvil.alarms()).toEqual([]);
    await anvil.mine(17);
    await anvil.advance();
    expect((await spending())[0]).toBeGreaterThan(first);

    const midnight = BigInt(Math.ceil(Date.now() / DAY_MS) * DAY_MS) / 1000n;
    await expect(submit('d', 'e')).rejects.toMatchObject({ code: 'spending-limit', readyAt: midnight });
    anvil.elapse(DAY_MS);
    await submit('d', 'e');
    await anvil.mine(17);
    await anvil.advance();
    expect(await spending()).toHaveLength(2);
    expect(await anvil.stages()).toBe('a0 final b1 final c2 final d3 final e4 final');
  });

  test('is not exceeded by what replaces, and what there is is broadcast all the same', async () => {
    await anvil.restartWithLimit(COST + COST / 5n);
    await submit('a');
    const hits: unknown[] = [];
    anvil.signals.on('spendingLimitHit', (hit) => hits.push(hit));
    for (let minutes = 0; minutes < 4; minutes++) {
      anvil.elapse(61_000);
      await anvil.advance();
    }
    expect(await anvil.attempts()).toHaveLength(2);
    expect(hits.length).toBeGreaterThan(0);
    expect(await anvil.alarms()).toEqual(['spending-limit']);
    await anvil.send('anvil_dropAllTransactions');
    anvil.elapse(15_001);
    await anvil.advance();
    expect(await anvil.pool()).toEqual([0]);
    await anvil.mine(17);
    await anvil.advance();
    expect(await anvil.stages()).toBe('a0 final');
    expect(await anvil.alarms()).toEqual([]);
  });

  test('counts what is mined with the most that it can cost until no reorganisation can have it mined again', async () => {
    await anvil.restartWithLimit((9n * COST) / 5n);
    await submit('a');
    await anvil.mine(1);
    await anvil.advance();
    expect(await anvil.stages()).toBe('a0 mined');
    // That can end before the day does, as it does here.
    await expect(submit('b')).rejects.toMatchObject({ code: 'spending-limit', readyAt: undefined });
    await anvil.mine(17);
    await anvil.advance();
    await submit('b');
    expect(await anvil.stages()).toBe('a0 final b1 pending');
  });

  test('lets through what fills a gap, where what waits for it leaves no room on any day', async () => {
    await anvil.restartWithLimit(COST + COST / 5n);
    await anvil.foreign(0);
    await anvil.mine(1);
    await anvil.advance();
    await submit('a');
    // The block with somebody else's transaction is dropped, the transaction with it, and the one that set the price.
    await anvil.send('anvil_rollback', 2);
    await anvil.send('anvil_dropAllTransactions');
    await anvil.mine(3);
    anvil.elapse(15_001);
    await anvil.advance();
    expect(await anvil.stages()).toBe('gap0 pending a1 pending');
    await anvil.mine(17);
    await anvil.advance();
    expect(await anvil.stages()).toBe('gap0 final a1 final');
  });

  test('counts what a rollup charges for data, and each transaction once', async () => {
    const mined: unknown[] = [];
    anvil.signals.on('transactionMined', (each) => mined.push(each));
    anvil.proxy.fault = ({ method }) =>
      method === 'eth_getTransactionReceipt'
        ? {
            kind: 'changed',
            change: (receipt) => (receipt === null ? null : { ...receipt, l1Fee: toQuantity(GWEI * GWEI) }),
          }
        : undefined;
    await submit('a');
    await anvil.mine(1);
    await anvil.advance();
    expect(await spending()).toEqual([]);
    await anvil.mine(16);
    await anvil.advance();
    const [wei = 0n] = await spending();
    expect(wei).toBeGreaterThan(GWEI * GWEI);
    expect(wei).toBeLessThan(GWEI * GWEI + COST);
    await anvil.restart();
    await anvil.advance();
    expect(await spending()).toEqual([wei]);
    expect(mined).toEqual([
      { chainId: 900, signer: anvil.engine.address, purpose: 'a', messages: 0, reverted: false, gasUsed: 21_000n, wei },
    ]);
    const { paid } = await anvil.store.db.selectFrom('transactions').select('paid').executeTakeFirstOrThrow();
    expect(paid).toBe(`${wei}`);
  });

  test('is what gas there is to spend for', async () => {
    await anvil.setBaseFee(1n);
    const free = await anvil.engine.affordableGas();
    await anvil.restartWithLimit(COST);
    expect(await anvil.engine.affordableGas()).toBe(30_000n);
    expect(free).toBeGreaterThan(30_000n);
    await submit('a');
    expect(await anvil.engine.affordableGas()).toBe(0n);
  });
});

describe('a transaction', () => {
  test('that the account cannot pay for is not signed, and is once it can', async () => {
    await anvil.setBaseFee(1n);
    await anvil.setBalance(2n * COST);
    await anvil.submit('a');
    await expect(anvil.submit('b', 'c')).rejects.toMatchObject({ code: 'insufficient-funds' });
    expect(await anvil.stages()).toBe('a0 pending');
    expect(await anvil.alarms()).toEqual(['signer-unfunded']);
    await anvil.advance();
    expect(await anvil.alarms()).toEqual(['signer-unfunded']);
    await anvil.setBalance(10n * COST);
    await anvil.advance();
    expect(await anvil.alarms()).toEqual([]);
    await anvil.submit('b', 'c');
    expect(await anvil.stages()).toBe('a0 pending b1 pending c2 pending');
  });

  test('that the account cannot pay for is no alarm for ever: somebody else may have sent it', async () => {
    await anvil.setBaseFee(1n);
    await anvil.setBalance(COST);
    await expect(anvil.submit('a', 'b')).rejects.toMatchObject({ code: 'insufficient-funds' });
    const clock = vi.spyOn(performance, 'now');
    onTestFinished(() => clock.mockRestore());
    const start = performance.now();
    clock.mockImplementation(() => start + 899_000);
    await anvil.advance();
    expect(await anvil.alarms()).toEqual(['signer-unfunded']);
    clock.mockImplementation(() => start + 901_000);
    await anvil.advance();
    expect(await anvil.alarms()).toEqual([]);
  });

  test('that no block takes at the highest fee allowed is not signed, and is once the price has fallen', async () => {
    const capped: unknown[] = [];
    anvil.signals.on('feeCapped', (each) => capped.push(each));
    await anvil.setBaseFee(501n);
    await expect(anvil.submit('a')).rejects.toMatchObject({ code: 'fee-cap', retryable: true });
    expect(await anvil.stages()).toBe('');
    expect(capped).toEqual([{ chainId: 900, signer: anvil.engine.address }]);
    await anvil.setBaseFee(499n);
    await anvil.submit('a');
    await anvil.mine(17);
    await anvil.advance();
    expect(await anvil.stages()).toBe('a0 final');
  });

  test('whose older attempt is mined after all is final, and the newer one is not', async () => {
    await submit('a');
    const [first = ''] = await anvil.hashes();
    const raw = (await anvil.attempts())[0]!.serialized;
    await anvil.send('anvil_dropAllTransactions');
    anvil.proxy.fault = ({ method }) => (method === 'eth_sendRawTransaction' ? { kind: 'lost' } : undefined);
    anvil.elapse(61_000);
    await anvil.advance();
    expect(await anvil.hashes()).toHaveLength(2);
    // By another node, which never heard of the second.
    await anvil.send('eth_sendRawTransaction', raw);
    await anvil.mine(17);
    await anvil.advance();
    expect(await anvil.stages()).toBe('a0 final');
    const { transactionHash } = await anvil.store.db
      .selectFrom('transactions')
      .select('transactionHash')
      .executeTakeFirstOrThrow();
    expect(`0x${Buffer.from(transactionHash!).toString('hex')}`).toBe(first);
  });

  test('that the node finds too cheap pays more, and is not given up', async () => {
    let refused = 0;
    anvil.proxy.fault = ({ method }) =>
      method === 'eth_sendRawTransaction' && refused++ < 2
        ? { kind: 'error', code: -32_000, message: 'transaction underpriced: tip needed 2, tip permitted 1' }
        : undefined;
    await submit('a');
    for (let quarters = 0; quarters < 8; quarters++) {
      anvil.elapse(15_001);
      await anvil.advance();
    }
    expect(await anvil.pool()).toEqual([0]);
    await anvil.mine(17);
    await anvil.advance();
    expect(await anvil.stages()).toBe('a0 final');
  });
});
