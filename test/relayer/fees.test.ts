import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { bumpedFees, currentFees, type Fees } from '../../relayer/tx/fees.ts';
import { connect } from '../../sdk/chain/rpc.ts';
import { serve, startRpcServer } from '../support/rpcServer.ts';

const GWEI = 10n ** 9n;

/** Wei for a unit of gas, from nothing to more than anybody pays. */
const wei = fc.oneof(fc.bigInt(0n, 10n), fc.bigInt(0n, 10_000n * GWEI));

/** As the engine signs them: no more for the block's producer than at all. */
const fees: fc.Arbitrary<Fees> = fc
  .tuple(wei, wei)
  .map(([one, other]) =>
    one < other
      ? { maxFeePerGas: other, maxPriorityFeePerGas: one }
      : { maxFeePerGas: one, maxPriorityFeePerGas: other },
  );

const legacyFees: fc.Arbitrary<Fees> = wei.map((maxFeePerGas) => ({ maxFeePerGas, maxPriorityFeePerGas: undefined }));

/** Whether a node that asks for 12.5 % more takes one fee in place of another. */
function replaces(old: bigint, fee: bigint): boolean {
  return fee > old && fee * 1000n >= old * 1125n;
}

describe('a replacement', () => {
  test('pays at least 12.5 % more on both fees, and never more than the cap', () => {
    fc.assert(
      fc.property(fees, fees, wei, (old, current, cap) => {
        const bumped = bumpedFees(old, current, cap);
        if (bumped === undefined) return;
        const { maxFeePerGas, maxPriorityFeePerGas = -1n } = bumped;
        expect(replaces(old.maxFeePerGas, maxFeePerGas)).toBe(true);
        expect(replaces(old.maxPriorityFeePerGas ?? 0n, maxPriorityFeePerGas)).toBe(true);
        expect(maxPriorityFeePerGas).toBeLessThanOrEqual(maxFeePerGas);
        expect(maxFeePerGas).toBeLessThanOrEqual(cap);
      }),
    );
  });

  test('pays at least what the chain asks for now', () => {
    fc.assert(
      fc.property(fees, fees, (old, current) => {
        const bumped = bumpedFees(old, current, 10n ** 30n);
        expect(bumped?.maxFeePerGas).toBeGreaterThanOrEqual(current.maxFeePerGas);
        expect(bumped?.maxPriorityFeePerGas).toBeGreaterThanOrEqual(current.maxPriorityFeePerGas ?? 0n);
      }),
    );
  });

  test('is given up only where it would exceed the cap', () => {
    fc.assert(
      fc.property(fees, fees, wei, (old, current, cap) => {
        const bump = (old.maxFeePerGas * 1125n + 999n) / 1000n;
        const least = [bump, old.maxFeePerGas + 1n, current.maxFeePerGas].reduce((a, b) => (a > b ? a : b));
        expect(bumpedFees(old, current, cap) === undefined).toBe(least > cap);
      }),
    );
  });

  test('of a gas price is a gas price', () => {
    fc.assert(
      fc.property(legacyFees, legacyFees, wei, (old, current, cap) => {
        const bumped = bumpedFees(old, current, cap);
        if (bumped === undefined) return;
        expect(bumped.maxPriorityFeePerGas).toBeUndefined();
        expect(replaces(old.maxFeePerGas, bumped.maxFeePerGas)).toBe(true);
        expect(bumped.maxFeePerGas).toBeLessThanOrEqual(cap);
      }),
    );
  });

  test('of a replacement gets to the cap in a bounded number of steps', () => {
    fc.assert(
      fc.property(fees, (first) => {
        const cap = 10n ** 15n;
        let steps = 0;
        let next: Fees | undefined = first;
        while (next !== undefined && steps < 1000) {
          next = bumpedFees(next, first, cap);
          steps++;
        }
        expect(steps).toBeLessThan(320);
      }),
      { numRuns: 20 },
    );
  });
});

describe("a chain's fees now", () => {
  const block = { number: '0x1', timestamp: '0x1', gasLimit: '0x1', gasUsed: '0x0', transactions: [] };
  const filler = { hash: `0x${'11'.repeat(32)}`, parentHash: `0x${'22'.repeat(32)}`, miner: `0x${'00'.repeat(20)}` };

  test.each([
    ['twice the base fee and the priority fee', { baseFeePerGas: '0x64', tip: '0x5', cap: 1000n }, [205n, 5n, 100n]],
    ['the cap where it is less', { baseFeePerGas: '0x64', tip: '0x5', cap: 150n }, [150n, 5n, 100n]],
    ['the cap for both where it is less', { baseFeePerGas: '0x64', tip: '0x5', cap: 3n }, [3n, 3n, 100n]],
    ['a gas price before EIP-1559', { baseFeePerGas: undefined, tip: '0x5', cap: 1000n }, [7n, undefined, 7n]],
    ['the cap instead of a gas price', { baseFeePerGas: undefined, tip: '0x5', cap: 6n }, [6n, undefined, 7n]],
  ])('are %s', async (_name, { baseFeePerGas, tip, cap }, [maxFeePerGas, maxPriorityFeePerGas, least]) => {
    const server = await startRpcServer(
      serve({
        eth_chainId: { result: '0x384' },
        eth_gasPrice: { result: '0x7' },
        eth_maxPriorityFeePerGas: { result: tip },
        eth_getBlockByNumber: {
          result: {
            ...block,
            ...filler,
            nonce: `0x${'00'.repeat(8)}`,
            difficulty: '0x0',
            extraData: '0x',
            baseFeePerGas,
          },
        },
      }),
    );
    const provider = await connect(server.url, { name: 'L1' });
    expect(await currentFees(provider, cap)).toEqual({ maxFeePerGas, maxPriorityFeePerGas, least });
    provider.destroy();
    await server.stop();
  });
});
