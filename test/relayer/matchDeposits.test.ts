import { id } from 'ethers';
import { describe, expect, test } from 'vitest';

import {
  matchDeposits,
  type MatchedDeposits,
  type QueueView,
} from '../../relayer/lanes/rollup/stages/matchDeposits.ts';
import type { DepositBlock, ExecutedDeposit } from '../../sdk/chain/l2Deposits.ts';

const SOMEBODY = `0x${'ab'.repeat(20)}`;

/** A deposit that is told apart by a label. */
function deposit(label: string, more: Partial<ExecutedDeposit> = {}): ExecutedDeposit {
  const rest = { sourceHash: id(`source of ${label}`), from: SOMEBODY, to: null, data: '0x', gasLimit: 50_000n };
  return { hash: id(label), mint: 0n, value: 0n, position: 0, ...rest, ...more };
}

function block(number: number, ...deposits: ExecutedDeposit[]): DepositBlock {
  return { number, timestamp: 1000 + number, deposits };
}

/** The queue from an index on: each element in the L1 block of its index. */
function queue(first: number, labels: readonly string[], more: Partial<QueueView> = {}): QueueView {
  const expected = labels.map((label, offset) => ({
    index: first + offset,
    depositHash: id(label),
    canLapse: label.startsWith('lapsing'),
    blockNumber: first + offset,
    isMatched: false,
  }));
  return { expected, finalNumber: 100, finalTimestamp: 5000, ...more };
}

const START = { blockNumber: 9, nextIndex: 0 };
const NONE: { readonly accepted: readonly string[]; readonly isDerived: boolean } = { accepted: [], isDerived: false };

function outcome({ blockNumber, nextIndex, obstacle }: MatchedDeposits): string {
  const at = `block ${blockNumber}, element ${nextIndex}`;
  return obstacle === undefined ? at : `${at}: ${obstacle.why} in ${obstacle.blockNumber}`;
}

function match(blocks: readonly DepositBlock[], view: QueueView, exemptions = NONE): string {
  return outcome(matchDeposits(START, blocks, view, exemptions));
}

describe('deposits on L2', () => {
  test('are right in the order of the queue, each once', () => {
    const blocks = [block(10, deposit('a')), block(11), block(12, deposit('b'), deposit('c'))];
    const matched = matchDeposits(START, blocks, queue(0, ['a', 'b', 'c', 'd']), NONE);
    expect(outcome(matched)).toBe('block 12, element 3');
    expect(matched.matched.map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  test.each([
    [
      'invented',
      [block(10, deposit('a')), block(11, deposit('minted', { mint: 1n }))],
      'block 10, element 1: unexpected in 11',
    ],
    ['executed twice', [block(10, deposit('a'), deposit('a'))], 'block 9, element 0: unexpected in 10'],
    [
      'of a length of the queue that there is not',
      [block(10, deposit('a'), deposit('b'), deposit('c'))],
      'block 9, element 0: unexpected in 10',
    ],
  ])('are wrong where one is %s', (_, blocks, expected) => {
    expect(match(blocks, queue(0, ['a', 'b']))).toBe(expected);
  });

  test('are early where L1 can still drop the element', () => {
    expect(match([block(10, deposit('a')), block(11, deposit('b'))], queue(0, ['a', 'b'], { finalNumber: 0 }))).toBe(
      'block 10, element 1: early in 11',
    );
  });

  test('are not blamed for what L1 has not said yet', () => {
    // Its final block is older than the block with the deposit.
    expect(match([block(10, deposit('a'))], queue(0, [], { finalTimestamp: 1009 }))).toContain('waiting');
    expect(match([block(10, deposit('a'))], queue(0, [], { finalTimestamp: 1010 }))).toContain('unexpected');
    // Another element that can still be dropped.
    expect(match([block(10, deposit('a'))], queue(0, ['b'], { finalNumber: -1, finalTimestamp: 0 }))).toContain(
      'waiting',
    );
    // Behind one that L2 has skipped: it can be an element of a block that is not read yet.
    expect(match([block(10, deposit('b'))], queue(0, ['a'], { finalTimestamp: 1009 }))).toContain('waiting');
    expect(match([block(10, deposit('b'))], queue(0, ['a'], { finalTimestamp: 1010 }))).toContain('unexpected');
    // Logs are missing, which the audit reads again.
    expect(match([block(10, deposit('a'))], queue(1, ['b'], { finalTimestamp: 0 }))).toContain('waiting');
  });

  test('may pass over an element whose sender can lack the value, and no other', () => {
    const view = queue(0, ['a', 'lapsing b', 'lapsing c', 'd', 'e']);
    expect(match([block(10, deposit('a'), deposit('d'))], view)).toBe('block 10, element 4');
    expect(match([block(10, deposit('a'), deposit('lapsing c'))], view)).toBe('block 10, element 3');
    expect(match([block(10, deposit('a'), deposit('e'))], view)).toBe('block 10, element 1');
    // It can have been dropped with its block, and come later all the same, once.
    const late = [block(10, deposit('a'), deposit('d')), block(11, deposit('lapsing b'))];
    expect(match(late, view)).toBe('block 11, element 4');
    expect(match([...late, block(12, deposit('lapsing b'))], view)).toBe('block 11, element 4: unexpected in 12');
    const known = view.expected.map((each) => ({ ...each, isMatched: each.index === 0 || each.index === 3 }));
    const later = { blockNumber: 10, nextIndex: 4 };
    const blocks = [block(11, deposit('lapsing c')), block(12, deposit('e'))];
    expect(outcome(matchDeposits(later, blocks, { ...view, expected: known }, NONE))).toBe('block 12, element 5');
    expect(outcome(matchDeposits(later, blocks, { ...view, expected: known, finalNumber: 1 }, NONE))).toBe(
      'block 10, element 4: early in 11',
    );
  });

  test('may come before their turn, once, and what comes before them later', () => {
    const view = queue(0, ['a', 'b', 'c', 'lapsing d', 'e', 'f']);
    const early = [block(10, deposit('a')), block(11, deposit('c'), deposit('e'))];
    expect(match(early, view)).toBe('block 11, element 1');
    expect(matchDeposits(START, early, view, NONE).matched.map(({ index }) => index)).toEqual([0, 2, 4]);
    // Behind all that is done with then, and what lapsed before the last of it.
    expect(match([...early, block(12, deposit('b'))], view)).toBe('block 12, element 5');
    expect(match([...early, block(12, deposit('b'), deposit('f'))], view)).toBe('block 12, element 6');
    // Those of earlier passes are known.
    const known = view.expected.map((each) => ({ ...each, isMatched: each.index === 2 || each.index === 4 }));
    expect(match([block(10, deposit('a'), deposit('b'))], { ...view, expected: known })).toBe('block 10, element 5');
    expect(match([block(10, deposit('a'), deposit('c'))], { ...view, expected: known })).toBe(
      'block 9, element 0: unexpected in 10',
    );
    expect(match([...early, block(12, deposit('c'))], view)).toBe('block 11, element 1: unexpected in 12');
    // L1 can still drop it.
    expect(match([block(10, deposit('c'))], { ...view, finalNumber: 1 })).toBe('block 9, element 0: early in 10');
  });

  test('are right however far they are before their turn, of which a view can show a part', () => {
    const known = queue(0, ['a', 'b', 'c']).expected.map((each) => ({ ...each, isMatched: each.index > 0 }));
    const [far] = queue(9, ['j']).expected;
    const view = { ...queue(0, []), expected: [...known, far!] };
    const skipping = [block(10, deposit('j'))];
    expect(match(skipping, view)).toBe('block 10, element 0');
    // What lies between is not known to be done, and is looked at from there on.
    expect(match([...skipping, block(11, deposit('a'))], view)).toBe('block 11, element 3');
    const between = queue(3, ['d', 'e', 'f', 'g']).expected.map((each) => ({ ...each, isMatched: each.index < 6 }));
    const next = { blockNumber: 11, nextIndex: 3 };
    expect(outcome(matchDeposits(next, [], { ...view, expected: between }, NONE))).toBe('block 11, element 6');
  });

  test('are let pass by the word of the operator', () => {
    const blocks = [block(10, deposit('x')), block(11, deposit('a'))];
    const exemptions = { accepted: [id('x')], isDerived: false };
    expect(match(blocks, queue(0, ['a']))).toContain('unexpected');
    expect(match(blocks, queue(0, ['a']), exemptions)).toBe('block 11, element 1');
  });

  test('can be ones that do nothing at all', () => {
    const inert = deposit('probe', { to: SOMEBODY.toUpperCase().replace('0X', '0x'), gasLimit: 21_000n });
    expect(match([block(10, inert)], queue(0, []))).toBe('block 10, element 0');
    for (const more of [
      { mint: 1n },
      { value: 1n },
      { data: '0x12' },
      { gasLimit: 21_001n },
      { to: `0x${'11'.repeat(20)}` },
      { to: null },
    ]) {
      expect(match([block(10, { ...inert, ...more })], queue(0, []))).toContain('unexpected');
    }
  });

  test('begin with what tells L2 of L1, where it derives itself', () => {
    const attributes = deposit('attributes', {
      from: '0xDeaDDEaDDeAdDeAdDEAdDEaddeAddEAdDEAd0001',
      to: '0x4200000000000000000000000000000000000015',
      data: '0x440a5e20',
      gasLimit: 1_000_000n,
    });
    const derived = { accepted: [], isDerived: true };
    const blocks = [block(10, attributes, deposit('a', { position: 1 }))];
    expect(match(blocks, queue(0, ['a']), derived)).toBe('block 10, element 1');
    // Not where a sequencer of ours executes the queue, not in another place, not with value.
    expect(match(blocks, queue(0, ['a']))).toContain('unexpected');
    for (const more of [{ position: 1 }, { mint: 1n }, { to: SOMEBODY }, { from: SOMEBODY }]) {
      expect(match([block(10, { ...attributes, ...more })], queue(0, ['a']), derived)).toContain('unexpected');
    }
  });
});
