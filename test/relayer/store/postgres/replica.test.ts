import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { startReplica, type Replica } from '../../../../relayer/replica.ts';
import { newSignals } from '../../../../relayer/signals.ts';
import { openStore, type OpenStore } from '../../../../relayer/store/store.ts';
import { XdmError } from '../../../../sdk/core/errors.ts';
import { listeningLogger } from '../../../support/logger.ts';
import { query } from '../../../support/postgres.ts';
import { newStore, type TestStore } from '../../../support/store.ts';

let store: TestStore;
const opened: OpenStore[] = [];
const replicas: Replica[] = [];

/** What has happened, in order. */
let events: string[];

beforeEach(async () => {
  store = await newStore();
  events = [];
});

afterEach(async () => {
  await Promise.all(replicas.splice(0).map(async (replica) => await replica.stop()));
  await Promise.all(opened.splice(0).map(async (each) => await each.close()));
  await store.remove();
});

interface Wanted {
  readonly lane?: string;
  readonly begin?: () => Promise<void>;
}

async function start(name: string, { lane = 'lane', begin = async () => await Promise.resolve() }: Wanted = {}) {
  const own = await openStore(store.path);
  opened.push(own);
  const signals = newSignals();
  signals.on('leaseAcquired', () => events.push(`${name} acquired`));
  signals.on('leaseLost', ({ isReleased }) => events.push(`${name} ${isReleased ? 'released' : 'lost'}`));
  const { logger, lines } = listeningLogger();
  const replica = await startReplica({
    store: own,
    claim: { lane, resources: ['key'] },
    logger,
    signals,
    async begin() {
      await begin();
      return {
        async stop() {
          events.push(`${name} stops`);
          return await Promise.resolve(true);
        },
      };
    },
  });
  replicas.push(replica);
  return { replica, lines };
}

test('one acts and the others stand by; one of these acts as soon as it is stopped', async () => {
  const { replica: a } = await start('a');
  const { replica: b } = await start('b');
  expect([a.state(), b.state()]).toEqual(['active', 'standby']);
  await a.stop();
  expect(a.state()).toBe('stopping');
  await vi.waitUntil(() => b.state() === 'active', { timeout: 2000 });
  expect(events).toEqual(['a acquired', 'a stops', 'a released', 'b acquired']);
});

test('one that has lost its lease stops what it does, stands by, and acts again when it is its turn', async () => {
  const { replica: a, lines } = await start('a');
  await query(store.path, `update leases set "holder" = 'somebody else', "token" = "token" + 1`);
  await vi.waitUntil(() => a.state() === 'standby', { timeout: 4000 });
  await vi.waitUntil(() => events.includes('a lost'));
  expect(lines.find(({ code }) => code === 'lease-lost')).toMatchObject({ level: 40 });
  await query(store.path, `update leases set "expiresAt" = 1`);
  await vi.waitUntil(() => a.state() === 'active', { timeout: 4000 });
  expect(events).toEqual(['a acquired', 'a stops', 'a lost', 'a acquired']);
});

test('one whose key is in use for another lane says so, waits, and acts once it is free', async () => {
  const { replica: a } = await start('a');
  const { replica: b, lines } = await start('b', { lane: 'another' });
  expect(b.state()).toBe('standby');
  expect(lines[0]).toMatchObject({ level: 40, code: 'in-use', reason: expect.stringContaining('uses key') as string });
  await a.stop();
  await vi.waitUntil(() => b.state() === 'active', { timeout: 4000 });
});

test('what is wrong at the start is thrown, later it is tried again, and the lease is for others meanwhile', async () => {
  const wrong = async (): Promise<void> => {
    await Promise.reject(new XdmError('rpc-unreachable', 'nobody is there'));
  };
  await expect(start('a', { begin: wrong })).rejects.toMatchObject({ code: 'rpc-unreachable' });
  const { replica: b } = await start('b');
  expect(b.state()).toBe('active');
  const { replica: c, lines } = await start('c', { begin: wrong });
  await b.stop();
  await vi.waitUntil(() => lines.some(({ code }) => code === 'rpc-unreachable'), { timeout: 4000 });
  expect(c.state()).toBe('standby');
});
