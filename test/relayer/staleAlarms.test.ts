import type { JsonRpcProvider } from 'ethers';
import { afterEach, beforeEach, expect, test } from 'vitest';

import type { AlarmKind } from '../../relayer/alarm.ts';
import type { Work } from '../../relayer/pipeline.ts';
import { newSignals } from '../../relayer/signals.ts';
import { endStaleAlarms } from '../../relayer/staleAlarms.ts';
import type { StageContext } from '../../relayer/stages/stage.ts';
import { insertAlarm, openAlarms } from '../../relayer/store/alarms.ts';
import { newEngines } from '../../relayer/tx/engines.ts';
import { listeningLogger } from '../support/logger.ts';
import { newStore, type TestStore } from '../support/store.ts';

const KEY = `0x${'42'.repeat(32)}`;

let store: TestStore;
let context: StageContext;

beforeEach(async () => {
  store = await newStore();
  context = { store, logger: listeningLogger().logger, signals: newSignals() };
});

afterEach(async () => {
  await store.remove();
});

test('a node that starts ends alarms about accounts, chains and light clients that it does not look after any more', async () => {
  // Nobody is asked.
  const provider = undefined as unknown as JsonRpcProvider;
  const settings = { maxFeePerGas: 500, maxSpendPerDay: undefined, rebroadcastAfter: 1000, bumpAfter: 1000 };
  const engine = newEngines(settings, context).of({ chainId: 31, provider }, KEY);
  const chain = { chainId: 31, provider, finality: 'latest', deployedAt: 0, sources: [] } as const;
  const watches = (kind: AlarmKind, subject: string): boolean => kind !== 'light-client-late' || subject === '32 on 31';
  const work: Work = { chains: [chain], routes: [], engines: [engine], duties: [], watches };
  const kept = [
    ['deep-reorganisation', '31'],
    ['signer-unfunded', `31 ${engine.address}`],
    ['light-client-late', '32 on 31'],
    ['queue-rewritten', '5'],
  ] as const;
  const stale = [
    ['deep-reorganisation', '33'],
    ['signer-unfunded', `33 ${engine.address}`],
    ['spending-limit', '31 0x0000000000000000000000000000000000000001'],
    ['light-client-late', '33 on 31'],
  ] as const;
  for (const [kind, subject] of [...kept, ...stale]) {
    await insertAlarm(store.db, { kind, subject, message: '', halts: kind === 'deep-reorganisation' });
  }
  await endStaleAlarms(work, context);
  const open = (await openAlarms(store.db)).map(({ kind, subject }) => `${kind} ${subject}`);
  expect(new Set(open)).toEqual(new Set(kept.map((each) => each.join(' '))));
});
