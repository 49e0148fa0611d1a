import type { Figures, StateFigures } from '../../bench/gas/figures.ts';
import type { Split } from '../../bench/gas/transactions.ts';

/** A transaction of so much gas, all of whose parts add up. */
export function split(gas: number, properties: Partial<Split> = {}): Split {
  return {
    gas,
    bytes: 100,
    calldata: 1000,
    floor: 25_000,
    execution: gas - 22_000,
    target: 3000,
    storage: 5000,
    ...properties,
  };
}

/** Figures of a state with so many accounts and messages, all below their targets. */
export function stateFigures(size: number, properties: Partial<StateFigures> = {}): StateFigures {
  const relays = (...gas: number[]): StateFigures['direct'] => {
    return { samples: gas.map((one) => ({ gas: one, model: one })), median: split(gas[1] ?? 0) };
  };
  const batch = { messages: 100, gas: 3_500_000, model: 3_600_000, gasLimit: 4_000_000 };
  return {
    accounts: size,
    messages: size,
    l1Send: split(78_000),
    l2Execution: split(67_000),
    l2Send: { average: 79_000, one: split(76_000) },
    stateBatches: [{ roots: 16, gas: 60_000 }],
    direct: relays(140_000, 146_000, 152_000),
    directLargeBatch: relays(143_000, 149_000, 155_000),
    root: { ...split(150_000, { floor: 150_000, execution: 60_000 }), model: 150_000 },
    path: relays(79_000, 80_000, 81_000),
    batches: [{ messages: 2, gas: 120_000, model: 120_000, gasLimit: 350_000 }, batch],
    batch: { ...batch, ...split(3_500_000) },
    scattered: { ...batch, gas: 3_900_000 },
    payloads: [
      { bytes: 0, l1Send: 72_000, l2Execution: 62_000, l2Send: 75_000, direct: 143_000, path: 75_000, batch: 34_000 },
      { bytes: 32, l1Send: 73_000, l2Execution: 65_000, l2Send: 75_000, direct: 147_000, path: 78_000, batch: null },
    ],
    ...properties,
  };
}

/** Figures at three sizes. */
export function gasFigures(): Figures {
  return { states: [10, 1000, 10_000].map((size) => stateFigures(size)) };
}
