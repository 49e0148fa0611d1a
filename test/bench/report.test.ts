import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { drawChart, type Chart } from '../../bench/chart.ts';
import { PAYLOADS, payload, targetFor } from '../../bench/gas/payloads.ts';
import { omnichainSection, omnichainVerdicts, withOmnichain } from '../../bench/gas/omnichain.ts';
import { chart, document, printed } from '../../bench/gas/report.ts';
import { isMet } from '../../bench/gas/targets.ts';
import { calldataGas } from '../../bench/gas/transactions.ts';
import { gasFigures, stateFigures } from '../support/gasFigures.ts';

const snapshots = {
  ...(JSON.parse(readFileSync('snapshots/light clients.json', 'utf8')) as Record<string, string>),
  ...(JSON.parse(readFileSync('snapshots/omnichain.json', 'utf8')) as Record<string, string>),
  'relay by path, tree of 65536': '84750',
  'send from L2, average of 256 after 65,536': '78486',
};

describe('the document', () => {
  const text = document(gasFigures(), snapshots);

  test('says that it is written by the benchmark, and how to repeat it', () => {
    expect(text.split('\n')[0]).toContain('Written by `npm run bench:gas`');
  });

  test('shows the chart, all tables, and what is exact in the snapshots', () => {
    expect(text).toContain('](gas.svg)');
    expect(text.match(/^\| --- /gmu)).toHaveLength(11);
    expect(text).toContain('84,750');
    expect(text).toContain('78,486');
  });

  test('has nothing in it that is missing', () => {
    expect(text).not.toMatch(/SIZE|undefined|NaN|null/u);
    expect(text.endsWith('\n')).toBe(true);
  });

  test('is the same for the same figures', () => {
    expect(document(gasFigures(), snapshots)).toBe(text);
    expect(chart(gasFigures())).toBe(chart(gasFigures()));
  });
});

test('what is printed of a single small state leaves nothing missing', () => {
  const text = printed({ states: [stateFigures(10)] }, snapshots);
  expect(text).toContain('10/10');
  expect(text).not.toMatch(/undefined|NaN|null/u);
});

describe('the omnichain lane', () => {
  test('meets its bounds, by the snapshots', () => {
    expect(omnichainVerdicts(snapshots).filter((verdict) => !isMet(verdict))).toEqual([]);
  });

  test('shows a bound that is missed', () => {
    const missed = { ...snapshots, 'transferIn, executed': '220001' };
    expect(omnichainSection(missed).join('\n')).toMatch(/\| 220,000 \| 220,001 \| -0\.0 % \| MISSED \|/u);
  });

  test('has every figure that the snapshots hold of it', () => {
    const text = omnichainSection(snapshots).join('\n');
    const {
      'relay by path, tree of 65536': _path,
      'send from L2, average of 256 after 65,536': _send,
      ...own
    } = snapshots;
    const absent = Object.entries(own).filter(([, gas]) => !text.includes(Number(gas).toLocaleString('en-US')));
    expect(absent).toEqual([]);
  });

  test('is written anew apart from the rest', () => {
    const whole = document(gasFigures(), snapshots);
    const old = document(gasFigures(), { ...snapshots, transferOut: '12345' });
    expect(old).not.toBe(whole);
    expect(withOmnichain(old, snapshots)).toBe(whole);
    expect(() => withOmnichain('# Gas', snapshots)).toThrow('write all of it anew');
  });

  // Where it does not: npm run bench:gas -- --omnichain
  test('stands in docs/gas.md with the figures of the snapshots as they are', () => {
    expect(readFileSync('docs/gas.md', 'utf8')).toContain(omnichainSection(snapshots).join('\n\n'));
  });
});

describe('the chart', () => {
  const simple: Chart = {
    title: 'a < b & c',
    x: { name: 'messages in the batch', scale: 'logarithmic', least: 1, most: 200, ticks: [1, 200] },
    y: { name: 'gas per message', scale: 'logarithmic', least: 30_000, most: 700_000, ticks: [30_000, 700_000] },
    lines: [
      {
        name: 'line',
        points: [
          [1, 700_000],
          [200, 30_000],
        ],
      },
    ],
    levels: [
      { name: 'same', y: 100_000 },
      { name: 'as this', y: 100_000 },
    ],
  };

  test('has its ends where the axes end', () => {
    expect(drawChart(simple)).toContain('points="80,56 640,416"');
  });

  test('puts ten times as many messages as far from 10 as from 1', () => {
    const at = (messages: number): number => {
      const points = [[messages, 50_000]] as const;
      return Number(/cx="(?<x>[\d.]+)"/u.exec(drawChart({ ...simple, lines: [{ name: '', points }] }))?.groups?.['x']);
    };
    expect(at(10) - at(1)).toBeCloseTo(at(100) - at(10), 0);
  });

  test('moves labels apart that would lie on each other', () => {
    const labels = [...drawChart(simple).matchAll(/y="(?<y>[\d.]+)"[^>]*>(?:same|as this)</gu)];
    const [first, second] = labels.map(({ groups }) => Number(groups?.['y']));
    expect(second! - first!).toBeGreaterThanOrEqual(15);
  });

  test('escapes what is written in it, and names its axes', () => {
    const svg = drawChart(simple);
    expect(svg).toContain('<title>a &lt; b &amp; c</title>');
    expect(svg).toContain('gas per message');
    expect(svg).toContain('messages in the batch');
    expect(svg).toContain('prefers-color-scheme: dark');
  });
});

describe('a payload', () => {
  test.each(PAYLOADS)('of %d bytes has as many, and is another one for each index', (bytes) => {
    expect(payload(bytes, 3)).toHaveLength(2 + 2 * bytes);
    expect(payload(bytes, 3)).toBe(payload(bytes, 3));
    expect(payload(bytes, 3) === payload(bytes, 4)).toBe(bytes === 0);
  });

  test("goes to a fallback where a recorder's function cannot take it", () => {
    expect(PAYLOADS.map((bytes) => targetFor(payload(bytes, 1)))).toEqual([
      'fallbackRecorder',
      'fallbackRecorder',
      'recorder',
      'recorder',
      'recorder',
    ]);
  });
});

test('calldata costs 4 and 16 gas a byte, at the least 10 and 40', () => {
  expect(calldataGas('0x')).toEqual({ calldata: 0, floor: 21_000 });
  expect(calldataGas('0x00ff00')).toEqual({ calldata: 24, floor: 21_060 });
});
