import { id, type JsonRpcProvider } from 'ethers';
import { describe, expect, test, vi } from 'vitest';

import { maintenanceDuties } from '../../relayer/lanes/omnichain/duties.ts';
import { Looks } from '../../relayer/lanes/omnichain/looks.ts';
import type { MaintainedLightClient } from '../../relayer/lanes/omnichain/maintainedLightClient.ts';
import type { RecordComparison } from '../../relayer/lanes/omnichain/stages/compareRecords.ts';
import { newSignals } from '../../relayer/signals.ts';
import { recordSent } from '../../relayer/store/messages.ts';
import { LIGHT_CLIENT_CALLS } from '../../sdk/chain/omnichain/contracts.ts';
import { at, L2, newRoute, sentMessage } from '../support/events.ts';
import { listeningLogger } from '../support/logger.ts';
import { newStore } from '../support/store.ts';

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

test('the duty that keeps a light client in sync looks before its time only for a block above those that are known', async () => {
  const store = await newStore();
  const routeId = await newRoute(store.db);
  const context = { store, logger: listeningLogger().logger, signals: newSignals() };
  const call = async (): Promise<string> =>
    await Promise.resolve(LIGHT_CLIENT_CALLS.encodeFunctionResult('head', [20n, id('known')]));
  let looks = 0;
  const client = {
    name: '901 on 900',
    routeId,
    updates: 'needed',
    found: { of: 901n, address: `0x${'11'.repeat(20)}`, provider: { call } as unknown as JsonRpcProvider },
    engine: { pending: async () => await Promise.resolve(0) },
    maintainer: {
      async next() {
        looks += 1;
        return await Promise.resolve([]);
      },
    },
  } as unknown as MaintainedLightClient;
  const settings = { interval: 30_000, pollInterval: 1000, finality: 'finalized' } as const;
  const [duty] = maintenanceDuties(client, {} as RecordComparison, settings);
  expect(duty!.interval).toBe(1000);
  const start = performance.now();
  const clock = vi.spyOn(performance, 'now');
  const looksAt = async (second: number): Promise<number> => {
    clock.mockReturnValue(start + second * 1000);
    await duty!.run(context);
    return looks;
  };
  expect(await looksAt(0)).toBe(1);
  await recordSent(store.db, { routeId, chainId: L2 }, [sentMessage(0, at(20))]);
  expect(await looksAt(10)).toBe(1);
  await recordSent(store.db, { routeId, chainId: L2 }, [sentMessage(1, at(21))]);
  expect(await looksAt(11)).toBe(2);
  expect(await looksAt(11.5)).toBe(2);
  expect(await looksAt(12)).toBe(3);
  clock.mockRestore();
  await store.remove();
});
