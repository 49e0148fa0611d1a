import { describe, expect, test } from 'vitest';

import { medianOf, perMessage, perMessageWithRoot } from '../../bench/gas/figures.ts';
import {
  byBatch,
  byModel,
  byPayload,
  bySize,
  bySplit,
  comparison,
  grouped,
  referenceOf,
  targets,
} from '../../bench/gas/tables.ts';
import { isMet, verdictsOf } from '../../bench/gas/targets.ts';
import { toMarkdown, toText } from '../../bench/gas/text.ts';
import { gasFigures, split, stateFigures } from '../support/gasFigures.ts';

/** The row of a table whose first cell has a text in it. */
function row(table: { readonly rows: readonly (readonly string[])[] }, name: string): readonly string[] | undefined {
  return table.rows.find(([first]) => first?.includes(name));
}

describe('a number', () => {
  test.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [65_536, '65,536'],
    [16_777_216.4, '16,777,216'],
  ])('%d is written %s', (number, text) => {
    expect(grouped(number)).toBe(text);
  });
});

describe('a median', () => {
  test('is the one in the middle, of two the larger', () => {
    expect(medianOf([5, 1, 3], (item) => item)).toBe(3);
    expect(medianOf([4, 1, 3, 2], (item) => item)).toBe(3);
  });

  test('of nothing is refused', () => {
    expect(() => medianOf([], () => 0)).toThrow(RangeError);
  });
});

test("a message's share of a batch has a share of the root's proof or not", () => {
  expect(perMessage({ gas: 1001, messages: 2 })).toBe(501);
  expect(perMessageWithRoot({ gas: 1000, messages: 4 }, 200)).toBe(300);
});

describe('tables of one size', () => {
  test('are of 1,000/1,000, and of the last where that is missing', () => {
    expect(referenceOf(gasFigures()).accounts).toBe(1000);
    expect(referenceOf({ states: [stateFigures(5), stateFigures(20)] }).accounts).toBe(20);
  });

  test('cannot be of no size', () => {
    expect(() => referenceOf({ states: [] })).toThrow(RangeError);
  });
});

describe('targets', () => {
  test('take the most of all sizes', () => {
    const states = [stateFigures(10), stateFigures(1000, { l1Send: split(80_001) })];
    const verdict = verdictsOf({ states }).find(({ name }) => name === 'send from L1')!;
    expect(verdict).toMatchObject({ limit: 80_000, gas: 80_001 });
    expect(isMet(verdict)).toBe(false);
    expect(row(targets({ states }), 'send from L1')).toEqual(['send from L1', '80,000', '80,001', '-0.0 %', 'MISSED']);
  });

  test('are met at the limit itself', () => {
    expect(isMet({ name: '', limit: 5, gas: 5 })).toBe(true);
  });

  test('for direct proofs are for states up to 1,000/1,000', () => {
    const dear = { direct: { samples: [], median: split(180_000) } };
    const names = verdictsOf({ states: [stateFigures(10_000, dear)] }).map(({ name }) => name);
    expect(names.filter((name) => name.includes('direct'))).toEqual([]);
    expect(verdictsOf({ states: [stateFigures(10), stateFigures(10_000, dear)] }).every(isMet)).toBe(true);
  });

  test('for batches of 100 are left out where there are no such', () => {
    const names = verdictsOf({ states: [stateFigures(10, { batches: [] })] }).map(({ name }) => name);
    expect(names.filter((name) => name.includes('batch of 100'))).toEqual([]);
  });

  test('by path hold for each message', () => {
    const path = { samples: [80_000, 85_001].map((gas) => ({ gas, model: gas })), median: split(80_000) };
    expect(verdictsOf({ states: [stateFigures(10, { path })] }).filter((verdict) => !isMet(verdict))).toHaveLength(1);
  });
});

describe('the tables', () => {
  const figures = gasFigures();

  test('are rectangular', () => {
    for (const table of [comparison, targets, bySize, byBatch, byPayload, bySplit, byModel].map((make) =>
      make(figures),
    )) {
      for (const cells of table.rows) expect(cells).toHaveLength(table.header.length);
    }
  });

  test('show ours beside the others', () => {
    const table = comparison(figures);
    expect(row(table, 'direct proof')).toEqual([
      '**xdm**, direct proof',
      '78,000',
      '79,000',
      '146,000',
      '67,000',
      '60,000',
    ]);
    expect(row(table, 'batch of 100')?.[3]).toBe('36,500');
    expect(row(table, 'Bedrock')?.slice(1, 5)).toEqual(['103,921', '101,998', '441,303', '79,878']);
  });

  test('leave out what a state is too small for', () => {
    const table = bySize({ states: [stateFigures(10, { batches: [] }), stateFigures(1000)] });
    expect(row(table, 'batch of 100')).toEqual(['relay in a batch of 100, per message', '-', '35,000']);
    expect(row(byPayload(figures), '32')?.at(-1)).toBe('-');
  });

  test("show a batch's cost with its share of the root, and what it saves", () => {
    expect(byBatch(figures).rows[1]).toEqual(['100', '3,500,000', '4,000,000', '35,000', '36,500', '146,000', '75 %']);
  });

  test('split the gas into parts that add up, and say what binds', () => {
    for (const [, gas, , ...parts] of bySplit({ states: [stateFigures(10)] }).rows.filter(
      (cells) => cells.at(-1) === 'execution',
    )) {
      const numbers = parts.slice(0, 5).map((part) => Number(part.replaceAll(',', '')));
      const sum = numbers.reduce((total, part) => total + part, 0);
      expect(Math.abs(sum - Number(gas!.replaceAll(',', '')))).toBeLessThanOrEqual(3);
    }
    expect(row(bySplit(figures), 'root')?.at(-1)).toBe('floor');
  });

  test('show how far the model is from what was measured', () => {
    const samples = [
      { gas: 100, model: 95 },
      { gas: 100, model: 108 },
    ];
    const table = byModel({ states: [stateFigures(10, { path: { samples, median: split(100_000) } })] });
    expect(row(table, 'path')).toEqual(['relay by path', '95 to 108 %']);
    expect(row(table, 'root')).toEqual(['prove a message root', '100 %']);
  });
});

describe('a table', () => {
  const table = {
    header: ['', 'gas'],
    rows: [
      ['**xdm**', '1,000'],
      ['other', '-'],
    ],
  };

  test('is aligned for a terminal', () => {
    expect(toText(table)).toBe(['         gas', '-----  -----', 'xdm    1,000', 'other      -'].join('\n'));
  });

  test('is Markdown in a document', () => {
    expect(toMarkdown(table)).toBe(['|  | gas |', '| --- | ---: |', '| **xdm** | 1,000 |', '| other | - |'].join('\n'));
  });
});
