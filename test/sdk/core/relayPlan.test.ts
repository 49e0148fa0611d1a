import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { MAX_TRANSACTION_GAS } from '../../../sdk/core/gas.ts';
import { batchGasLimit, directCost, rootCost, treeCost, type RelayableMessage } from '../../../sdk/core/relayGas.ts';
import { planRelay, type L1Prices, type Relayable, type RelayPlan } from '../../../sdk/core/relayPlan.ts';

const PROOF_BYTES = 3000;
const provable = { count: 1000, proofBytes: PROOF_BYTES };
const prices: L1Prices = { gas: 10n ** 9n, byte: 0n };

function messagesAt(indices: readonly number[], properties: Partial<RelayableMessage> = {}): RelayableMessage[] {
  return indices.map((index) => ({
    index,
    dataBytes: 132,
    gasLimit: 200_000,
    proofBytes: PROOF_BYTES,
    ...properties,
  }));
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, offset) => start + offset);
}

function plan(messages: readonly RelayableMessage[], known: Partial<Relayable> = {}): RelayPlan {
  return planRelay({ messages, proven: 0, provable, prices, ...known });
}

/** All indices that a plan relays, ascending. */
function relayed({ byTree, direct, root }: RelayPlan): number[] {
  return [...direct, ...[...byTree, ...(root?.batches ?? [])].flatMap(({ indices }) => indices)].toSorted(
    (a, b) => a - b,
  );
}

describe('what is relayed', () => {
  test('is nothing where nothing can be', () => {
    expect(plan([])).toEqual({ byTree: [], direct: [], root: undefined });
  });

  test('goes alone when it is a single message and no root is proven', () => {
    expect(plan(messagesAt([7]))).toEqual({ byTree: [], direct: [7], root: undefined });
  });

  test('goes by its path when a root is proven that holds it', () => {
    expect(plan(messagesAt([7]), { proven: 500 }).byTree).toEqual([{ count: 500, indices: [7] }]);
  });

  test('goes by a root that is proven first, when there are several messages', () => {
    const { root, direct, byTree } = plan(messagesAt([7, 8, 9]));
    expect({ direct, byTree }).toEqual({ direct: [], byTree: [] });
    expect(root).toEqual({ count: 1000, batches: [{ count: 1000, indices: [7, 8, 9] }] });
  });

  test('goes alone where there is no root to prove', () => {
    expect(plan(messagesAt([7, 8, 9]), { provable: undefined }).direct).toEqual([7, 8, 9]);
  });

  test('does not wait for a root when a proven one holds it', () => {
    const messages = messagesAt([7, 8, 600, 601, 602]);
    expect(plan(messages, { proven: 500 })).toEqual({
      byTree: [{ count: 500, indices: [7, 8] }],
      direct: [],
      root: { count: 1000, batches: [{ count: 1000, indices: [600, 601, 602] }] },
    });
  });

  test('goes alone when no tree holds it yet', () => {
    const { direct, root } = plan(messagesAt([998, 999, 1000]));
    expect(direct).toEqual([1000]);
    expect(root?.batches).toEqual([{ count: 1000, indices: [998, 999] }]);
  });

  test('goes alone when its own proof is so short that neither root nor path pay', () => {
    const messages = messagesAt([7, 8], { proofBytes: 200 });
    expect(plan(messages).direct).toEqual([7, 8]);
    expect(plan(messages, { proven: 1000 }).byTree).toHaveLength(1);
  });

  test("depends on the price of calldata's bytes where that is beside gas", () => {
    // Little is cheaper in gas, and more in bytes.
    const messages = messagesAt([0, 1], { proofBytes: 700 });
    const small = { count: 1000, proofBytes: 500 };
    expect(plan(messages, { provable: small }).root).toBeUndefined();
    expect(plan(messages, { provable: small, prices: { gas: 1n, byte: 10_000n } }).root).toBeDefined();
  });

  test('is chosen by gas where gas is free', () => {
    const free = { prices: { gas: 0n, byte: 0n } };
    expect(plan(messagesAt([7]), free).direct).toEqual([7]);
    expect(plan(messagesAt([7, 8, 9]), free).root?.count).toBe(1000);
  });
});

describe('a batch', () => {
  test('has as much as fits into the gas of one transaction', () => {
    const { byTree } = plan(messagesAt(range(0, 1000)), { proven: 1000 });
    expect(byTree.length).toBeGreaterThan(1);
    for (const { indices, count } of byTree) {
      expect(BigInt(batchGasLimit(messagesAt(indices), count))).toBeLessThanOrEqual(MAX_TRANSACTION_GAS);
    }
    expect(byTree[0]?.indices.length).toBeGreaterThanOrEqual(100);
  });

  test('has as much as the account can pay for', () => {
    const { byTree } = plan(messagesAt(range(0, 100)), { proven: 1000, maxGas: 1_000_000n });
    expect(byTree.length).toBeGreaterThan(4);
    for (const { indices, count } of byTree) {
      expect(batchGasLimit(messagesAt(indices), count)).toBeLessThanOrEqual(1_000_000);
    }
  });

  test('is no larger than what a node takes', () => {
    const properties = { dataBytes: 30_000 };
    const { byTree } = plan(messagesAt(range(0, 10), properties), { proven: 1000 });
    expect(byTree.map(({ indices }) => indices.length)).toEqual([3, 3, 3, 1]);
    for (const { indices, count } of byTree) {
      expect(treeCost(messagesAt(indices, properties), count).bytes).toBeLessThan(128 * 1024);
    }
  });

  test('has all that fits, and is found in a few looks at each message', () => {
    const dataBytes = (index: number): number => (index * 97) % 300;
    const limits = { count: 2000, maxGas: 16_000_000n };
    let looks = 0;
    const messages = messagesAt(range(0, 1500)).map((message) => ({
      ...message,
      get dataBytes() {
        looks++;
        return dataBytes(message.index);
      },
    }));
    const { byTree } = plan(messages, { proven: limits.count, maxGas: limits.maxGas });
    // To weigh a batch anew with each message that comes to it takes five times as many.
    expect(looks / messages.length).toBeLessThan(120);
    const sized = messagesAt(range(0, 1500)).map((message) => ({ ...message, dataBytes: dataBytes(message.index) }));
    const fits = (indices: readonly number[]): boolean => {
      const some = indices.map((index) => sized[index]!);
      const { bytes } = treeCost(some, limits.count);
      return bytes <= 120_000 && batchGasLimit(some, limits.count) <= Number(limits.maxGas);
    };
    expect(byTree.length).toBeGreaterThan(3);
    for (const [position, { indices }] of byTree.entries()) {
      const next = byTree[position + 1]?.indices[0];
      expect([fits(indices), next !== undefined && fits([...indices, next])]).toEqual([true, false]);
    }
  });

  test('counts the words that data takes: a selector and one argument take two', () => {
    const { byTree } = plan(messagesAt(range(0, 500), { dataBytes: 36 }), { proven: 500 });
    const words = 256 + 64;
    expect((byTree[0]?.indices.length ?? 0) * words).toBeLessThan(125_000);
  });

  test('is not cut short by messages between its own that need a transaction for themselves', () => {
    const messages = range(0, 200).flatMap((index) =>
      messagesAt([index], { gasLimit: index % 2 === 0 ? 200_000 : 15_000_000 }),
    );
    const sizes = plan(messages, { proven: 1000 }).byTree.map(({ indices }) => indices.length);
    expect(sizes).toEqual([100, ...Array.from({ length: 100 }, () => 1)]);
  });

  test('keeps the whole promise to its dearest message in reserve', () => {
    const messages = [...messagesAt(range(0, 100)), ...messagesAt([100], { gasLimit: 15_000_000 })];
    const { byTree } = plan(messages, { proven: 1000 });
    expect(byTree.at(-1)?.indices).toContain(100);
    expect(byTree).toHaveLength(2);
  });
});

test('each message is relayed once, in the order of the indices, at no more than alone', () => {
  const message = fc.record({
    dataBytes: fc.oneof(fc.constantFrom(0, 132), fc.nat(60_000)),
    gasLimit: fc.oneof(fc.constantFrom(0, 200_000), fc.nat(15_000_000)),
    proofBytes: fc.integer({ min: 300, max: 6000 }),
  });
  const indices = fc.uniqueArray(fc.nat(999), { maxLength: 40 }).map((some) => some.toSorted((a, b) => a - b));
  const property = fc.property(
    indices,
    fc.infiniteStream(message),
    fc.nat(1000),
    fc.nat(1000),
    (places, sizes, proven, count) => {
      const messages = places.map((index) => ({ index, ...sizes.next().value }) as RelayableMessage);
      const root = count > proven ? { count, proofBytes: PROOF_BYTES } : undefined;
      const result = planRelay({ messages, proven, provable: root, prices });
      expect(relayed(result)).toEqual(places);
      const bySize = new Map(messages.map((one) => [one.index, one]));
      const gasOf = (some: readonly number[], size: number): number =>
        treeCost(
          some.map((index) => bySize.get(index)!),
          size,
        ).gas;
      const alone = (some: readonly number[]): number =>
        some.reduce((gas, index) => gas + directCost(bySize.get(index)!).gas, 0);
      for (const batch of result.byTree) {
        expect(batch.count).toBe(proven);
        expect(Math.max(...batch.indices)).toBeLessThan(proven);
        expect(gasOf(batch.indices, proven)).toBeLessThan(alone(batch.indices));
      }
      if (result.root === undefined) return;
      const covered = result.root.batches.flatMap((batch) => batch.indices);
      const gas = result.root.batches.reduce((sum, batch) => sum + gasOf(batch.indices, count), rootCost(root!).gas);
      expect(gas).toBeLessThan(alone(covered));
      expect(Math.min(...covered)).toBeGreaterThanOrEqual(proven);
      expect(Math.max(...covered)).toBeLessThan(count);
    },
  );
  fc.assert(property, { numRuns: 200 });
});
