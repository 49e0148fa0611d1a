import { describe, expect, test } from 'vitest';

import { Looks } from '../../relayer/lanes/omnichain/looks.ts';

const INTERVALS = { idle: 30_000, awaited: 1000 };

/**
 * When looks come within two minutes, in seconds, and what for.
 * @param awaitedAt the first block that is waited for at a moment, and what a look then sends
 */
function lookTimes(awaitedAt: (second: number) => { awaited?: number; sends?: number }): string[] {
  const looks = new Looks(INTERVALS);
  const times: string[] = [];
  for (let second = 0; second <= 120; second++) {
    const { awaited, sends = 0 } = awaitedAt(second);
    const look = looks.next(awaited, second * 1000);
    if (look === undefined) continue;
    looks.looked(awaited, sends, second * 1000);
    times.push(`${second} ${look}`);
  }
  return times;
}

describe('what a light client is updated from is looked at', () => {
  test('each time the interval is over while nothing waits', () => {
    expect(lookTimes(() => ({}))).toEqual(['0 due', '30 due', '60 due', '90 due', '120 due']);
  });

  test('at once when a message comes to wait for a block', () => {
    const looks = lookTimes((second) => (second === 40 ? { awaited: 7, sends: 1 } : {}));
    expect(looks).toEqual(['0 due', '30 due', '40 early', '70 due', '100 due']);
  });

  test('ever less often while the block does not come, and no more often than without a message in the end', () => {
    const looks = lookTimes((second) => (second < 2 ? {} : { awaited: 7 }));
    expect(looks).toEqual([
      '0 due',
      '2 early',
      '3 early',
      '5 early',
      '9 early',
      '17 early',
      '33 early',
      '63 due',
      '93 due',
    ]);
  });

  test('anew for another block, but not more often than the shortest wait', () => {
    const looks = lookTimes((second) => (second < 40 ? {} : { awaited: Math.min(second, 43) }));
    expect(looks.slice(2, 8)).toEqual(['40 early', '41 early', '42 early', '43 early', '44 early', '46 early']);
  });

  test('no more often to send: of messages in a row the first is fast, the others wait for the interval', () => {
    const looks = lookTimes((second) => (second < 10 ? {} : { awaited: second, sends: 1 }));
    expect(looks).toEqual(['0 due', '10 early', '40 due', '70 due', '100 due']);
  });

  test('at once after what was sent is mined', () => {
    const looks = new Looks(INTERVALS);
    looks.looked(undefined, 1, 0);
    expect(looks.next(undefined, 10)).toBeUndefined();
    looks.goOn();
    expect(looks.next(undefined, 10)).toBe('due');
  });
});
