import { setTimeout } from 'node:timers/promises';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { moveCursor, readCursor } from '../../../../relayer/store/blocks.ts';
import type { Claim } from '../../../../relayer/store/lease.ts';
import { renewLease } from '../../../../relayer/store/backends/leases.ts';
import { openStore, type OpenStore, type Tenure } from '../../../../relayer/store/store.ts';
import { cursorAt, L2 } from '../../../support/events.ts';
import { query } from '../../../support/postgres.ts';
import { newStore, type TestStore } from '../../../support/store.ts';

const CLAIM: Claim = { lane: 'lane', resources: [] };

/** Two processes, as far as the database can tell. */
let first: TestStore;
let second: OpenStore;

beforeEach(async () => {
  first = await newStore();
  second = await openStore(first.path);
  await moveCursor(first.db, L2, cursorAt(0));
});

afterEach(async () => {
  vi.restoreAllMocks();
  await second.close();
  await first.remove();
});

async function claimed(store: OpenStore, claim = CLAIM): Promise<Tenure> {
  const tenure = await store.claim(claim);
  expect(tenure).toBeDefined();
  return tenure!;
}

/** As when its holder has not renewed it for as long as it lasts. */
async function expire(): Promise<void> {
  await query(first.path, `update leases set "expiresAt" = 1`);
}

async function position(): Promise<number | undefined> {
  return (await readCursor(second.db, L2))?.number;
}

test('one process has the lease of a lane, the next one as soon as it is given back', async () => {
  const tenure = await claimed(first);
  expect(await second.claim(CLAIM)).toBeUndefined();
  const other = await claimed(second, { ...CLAIM, lane: 'another lane' });
  await tenure.release(true);
  const next = await claimed(second);
  expect(next.token).toBeGreaterThan(tenure.token);
  // Nothing is on its way.
  expect(next.store.lease.inFlight.canArrive).toBe(false);
  expect(() => tenure.store.lease.verify()).toThrow('may not act');
  // Though it ends in order, nobody knows what became of what it has sent last.
  next.store.lease.inFlight.note();
  await Promise.all([next.release(true), other.release(true)]);
  const last = await claimed(first);
  expect(last.store.lease.inFlight.canArrive).toBe(true);
  await last.release(true);
});

test('what a process writes that has lost its lease is refused and undone, and it hears of it', async () => {
  const stale = await claimed(first);
  await stale.store.write(async (db) => await moveCursor(db, L2, cursorAt(1)));
  await expire();
  const next = await claimed(second);
  expect(next.store.lease.inFlight.canArrive).toBe(true);
  expect(stale.lost.aborted).toBe(false);

  const late = stale.store.write(async (db) => await moveCursor(db, L2, cursorAt(2)));
  await expect(late).rejects.toMatchObject({ code: 'lease-lost' });
  expect(await position()).toBe(1);
  expect(stale.lost.aborted).toBe(true);
  expect(() => stale.store.lease.verify()).toThrow(expect.objectContaining({ code: 'lease-lost' }) as Error);
  // And it takes nothing from the other by ending.
  await stale.release(true);
  await next.store.write(async (db) => await moveCursor(db, L2, cursorAt(3)));
  expect(await position()).toBe(3);
  await next.release(true);
});

test('who takes over waits for a transaction that has begun, and sees what it wrote', async () => {
  const before = await claimed(first);
  const done: string[] = [];
  const { promise: written, resolve: end } = Promise.withResolvers<undefined>();
  const writing = before.store
    .write(async (db) => {
      await moveCursor(db, L2, cursorAt(4));
      await expire();
      await written;
    })
    .then(() => done.push('written'));
  while ((await query(first.path, 'select from leases where "expiresAt" = 1')).rowCount === 0) await setTimeout(5);
  const claiming = second.claim(CLAIM).then((tenure) => {
    done.push('taken over');
    return tenure;
  });
  await setTimeout(100);
  expect(done).toEqual([]);
  end(undefined);
  await writing;
  const next = await claiming;
  expect(done).toEqual(['written', 'taken over']);
  expect(await position()).toBe(4);
  await next?.release(true);
});

test('a lease is renewed while a long transaction of its holder runs, and others hear at once that it is held', async () => {
  const tenure = await claimed(first);
  await tenure.store.write(async () => {
    expect(await renewLease(second.db, { lane: CLAIM.lane, token: tenure.token, ttl: 5000 })).toBe(true);
    expect(await second.claim(CLAIM)).toBeUndefined();
  });
  await tenure.release(true);
  expect(await renewLease(second.db, { lane: CLAIM.lane, token: tenure.token - 1, ttl: 5000 })).toBe(false);
});

test('what belongs to no lane is written between the transactions of all of them', async () => {
  const tenure = await claimed(first);
  const order: string[] = [];
  const long = tenure.store.write(async () => {
    order.push('begins');
    await setTimeout(100);
    order.push('ends');
  });
  while (order.length === 0) await setTimeout(5);
  await second.write(async () => await Promise.resolve(order.push('beside')));
  await long;
  expect(order).toEqual(['begins', 'ends', 'beside']);
  await tenure.release(true);
});

test('whose connection is cut has lost the lease, and can have it back at once, which others cannot', async () => {
  const tenure = await claimed(first);
  await query(
    first.path,
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'xdm lease'`,
  );
  await vi.waitUntil(() => tenure.lost.aborted);
  expect(await second.claim(CLAIM)).toBeUndefined();
  const again = await claimed(first);
  // What it had sent itself may be on its way.
  expect(again.store.lease.inFlight.canArrive).toBe(true);
  await expect(tenure.store.write(async () => await Promise.resolve())).rejects.toMatchObject({ code: 'lease-lost' });
  await again.release(true);
});

test('what is in use for one lane is used for no other, and the lease of that one stays free', async () => {
  const key = { lane: 'first', resources: ['account 0x1 on chain 900'] };
  const tenure = await claimed(first, key);
  const wanted = { lane: 'second', resources: ['account 0x2 on chain 900', ...key.resources] };
  await expect(second.claim(wanted)).rejects.toMatchObject({
    code: 'in-use',
    message: expect.stringContaining('another node uses account 0x1 on chain 900') as string,
  });
  const others = await claimed(first, { ...wanted, resources: ['account 0x2 on chain 900'] });
  await others.release(true);
  await tenure.release(true);
  const next = await claimed(second, wanted);
  expect(next.store.lease.inFlight.canArrive).toBe(false);
  await next.release(true);
});

test('a machine whose clock is set sends nothing by it that another may send, and takes nothing away', async () => {
  const tenure = await claimed(first);
  const { lease } = tenure.store;
  const now = Date.now();
  vi.spyOn(Date, 'now').mockReturnValue(now - 3_600_000);
  lease.verify();
  vi.spyOn(Date, 'now').mockReturnValue(now + 3_600_000);
  // It may have slept for an hour.
  expect(() => lease.verify()).toThrow('not renewed in time');
  expect(await second.claim(CLAIM)).toBeUndefined();
  // Until it is renewed.
  await vi.waitUntil(() => isHeld(tenure), { timeout: 5000 });
  await tenure.release(true);
});

function isHeld({ store: { lease } }: Tenure): boolean {
  try {
    lease.verify();
    return true;
  } catch {
    return false;
  }
}

test('nothing is sent shortly before a lease ends that could not be renewed', async () => {
  const tenure = await claimed(first);
  const { lease } = tenure.store;
  const now = performance.now();
  const clock = vi.spyOn(performance, 'now').mockReturnValue(now + 4000);
  lease.verify();
  clock.mockReturnValue(now + 4600);
  expect(() => lease.verify()).toThrow('not renewed in time');
  clock.mockRestore();
  await tenure.release(true);
});
