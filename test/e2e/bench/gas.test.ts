import { execFile } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';

import { beforeAll, describe, expect, test } from 'vitest';

import type { Figures, StateFigures } from '../../../bench/gas/figures.ts';
import { isMet, verdictsOf } from '../../../bench/gas/targets.ts';

/** The model may be off by so much of what was measured. */
const TOLERANCE = 0.12;

let figures: Figures;
let state: StateFigures;

beforeAll(async () => {
  const args = ['bench/gas.ts', '--state', '10', '--samples', '3', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 24 });
  figures = JSON.parse(stdout) as Figures;
  state = figures.states[0]!;
});

describe('the gas benchmark at 10/10', () => {
  test('measures each step', () => {
    expect(figures.states).toHaveLength(1);
    expect(state).toMatchObject({ accounts: 10, messages: 10 });
    expect(state.batches.map(({ messages }) => messages)).toEqual([1, 2, 5, 10]);
    expect(state.stateBatches.map(({ roots }) => roots)).toEqual([1, 16, 256, 65_536]);
    expect(state.payloads.map(({ bytes }) => bytes)).toEqual([0, 32, 132, 1024, 4096]);
    // Of three lanes.
    expect(state.direct.samples).toHaveLength(9);
    expect(state.path.samples).toHaveLength(3);
  });

  test('splits gas into its parts', () => {
    const { l1Send, l2Execution, direct, root, path, batch } = state;
    for (const { gas, floor, calldata, execution, target, storage } of [
      l1Send,
      l2Execution,
      direct.median,
      root,
      path.median,
      batch,
    ]) {
      expect(gas).toBe(Math.max(floor, 21_000 + calldata + execution));
      expect(target + storage).toBeLessThan(execution);
    }
  });

  test('finds every target met', () => {
    const verdicts = verdictsOf(figures);
    expect(verdicts.length).toBeGreaterThanOrEqual(7);
    expect(verdicts.filter((verdict) => !isMet(verdict))).toEqual([]);
  });
});

test.each(['direct', 'directLargeBatch', 'root', 'path', 'batches', 'scattered'] as const)(
  'the model of what relaying costs is within 12 %% of receipts: %s',
  (name) => {
    const relays = state[name];
    const items = 'samples' in relays ? relays.samples : [relays].flat();
    expect(items.length).toBeGreaterThan(0);
    for (const { gas, model } of items) expect(Math.abs(model / gas - 1)).toBeLessThanOrEqual(TOLERANCE);
  },
);
