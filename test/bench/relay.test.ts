import { describe, expect, test } from 'vitest';

import { quantile, type Figures } from '../../bench/relay/figures.ts';
import { costsOf, type Profile } from '../../bench/relay/profile.ts';
import { backlogChart, document, latencyChart, printed } from '../../bench/relay/report.ts';
import { growth } from '../../bench/relay/tables.ts';
import { verdictsOf } from '../../bench/relay/targets.ts';

const backlog = (messages: number, cpu: number) => {
  return {
    messages,
    indexed: messages / 2000,
    relayed: messages / 400,
    cpu,
    peakMemory: 250e6,
    gas: 35_000 * messages,
  };
};

const figures: Figures = {
  machine: '2 cores, Node 24',
  ready: { messages: 1000, seconds: 4, rate: 250 },
  deposits: { messages: 1000, rate: 90, bareRate: 100 },
  latency: { l1ToL2: [50, 100, 150], l2ToL1: [200, 300, 499] },
  idle: { share: 0.01, localShare: 0.03 },
  backlogs: [backlog(100, 1), backlog(1000, 2), backlog(10_000, 20)],
  calls: { messages: 1000, counts: { 'L1 eth_call': 10, 'L2 eth_getLogs': 4 } },
  stored: { messages: 100_000, first: 2.5, restart: 2, peakMemory: 280e6, storeBytes: 1e8 },
  costs: [{ place: 'sign, relayer/tx/engine.ts', share: 0.3 }],
};

describe('targets', () => {
  test('are all met by what is good enough, and each is missed by what is not', () => {
    expect(verdictsOf(figures).every(({ isMet }) => isMet)).toBe(true);
    const worse: Figures = {
      ...figures,
      ready: { messages: 1000, seconds: 6, rate: 199 },
      deposits: { messages: 1000, rate: 79, bareRate: 100 },
      latency: { l1ToL2: [300], l2ToL1: [500] },
      idle: { share: 0.02, localShare: 0.03 },
      backlogs: [{ ...backlog(10_000, 20), indexed: 10, relayed: 90 }],
      stored: { messages: 100_000, first: 2.5, restart: 3, peakMemory: 300e6, storeBytes: 1e8 },
    };
    expect(verdictsOf(worse).some(({ isMet }) => isMet)).toBe(false);
  });

  test('that a short run does not measure are left out', () => {
    expect(verdictsOf({ ...figures, backlogs: [backlog(100, 1)], stored: undefined })).toHaveLength(5);
  });
});

test('the growth of the cost is 1 where it is in proportion', () => {
  expect(growth(figures).rows.map((row) => row.at(-1))).toEqual(['0.20', '1.00']);
});

test('a quantile is the value that so many are not above', () => {
  const values = Array.from({ length: 100 }, (_, place) => place + 1);
  expect([0.5, 0.9, 0.99, 1].map((share) => quantile(values, share))).toEqual([50, 90, 99, 100]);
  expect(() => quantile([], 0.5)).toThrow(RangeError);
});

describe('a profile', () => {
  const frame = (functionName: string, url = '') => ({ functionName, url });
  const profile: Profile = {
    nodes: [
      { id: 1, callFrame: frame('(root)'), children: [2, 5, 6] },
      { id: 2, callFrame: frame('sign', 'file:///somewhere/relayer/tx/engine.ts'), children: [3, 4] },
      { id: 3, callFrame: frame('keccak', 'file:///somewhere/node_modules/hashes/index.js') },
      { id: 4, callFrame: frame('encode', 'file:///somewhere/sdk/core/rlp.ts') },
      { id: 5, callFrame: frame('(idle)') },
      { id: 6, callFrame: frame('(garbage collector)') },
    ],
    samples: [2, 3, 4, 5, 6],
    timeDeltas: [10, 30, 40, 500, 20],
  };

  test('names our functions with what they called of others, and counts no idling', () => {
    expect(costsOf([profile])).toEqual([
      { place: 'sign, relayer/tx/engine.ts', share: 0.4 },
      { place: 'encode, sdk/core/rlp.ts', share: 0.4 },
      { place: 'collecting garbage', share: 0.2 },
    ]);
  });
});

describe('the document', () => {
  test('has all tables and both charts, and nothing in it that is missing', () => {
    const text = document(figures);
    expect(text.split('\n')[0]).toContain('Written by `npm run bench:relay`');
    expect(text.match(/^\| --- /gmu)).toHaveLength(8);
    for (const chart of ['performance-backlog.svg', 'performance-latency.svg']) expect(text).toContain(`](${chart})`);
    expect(text).not.toMatch(/undefined|NaN|null/u);
  });

  test('is the same for the same figures, and what is printed has no gaps', () => {
    expect(document(figures)).toBe(document(figures));
    for (const text of [printed(figures), backlogChart(figures), latencyChart(figures)]) {
      expect(text).not.toMatch(/undefined|NaN|null/u);
    }
  });
});
