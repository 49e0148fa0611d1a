import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { routeId } from '../../../relayer/store/routes.ts';
import { newStore, type TestStore } from '../../support/store.ts';

let store: TestStore;

beforeEach(async () => {
  store = await newStore();
});

afterEach(async () => {
  await store.remove();
});

/** More than fits into the pages that the file has. */
async function fill(bytes: number): Promise<void> {
  await store.write(async (db) => {
    const route = { sourceChainId: 1, destinationChainId: 2, destinationMessenger: `0x${'22'.repeat(20)}` };
    await routeId(db, { ...route, sourceMessenger: `0x${'11'.repeat(20)}` });
    await sql`insert into blocks values (1, 1, ${new Uint8Array(bytes)}, 0)`.execute(db);
  });
}

test('a disk that is full is said to be so, keeps nothing of the transaction, and can have room again', async () => {
  await sql`pragma max_page_count = 1`.execute(store.db);
  await expect(fill(1_000_000)).rejects.toMatchObject({ code: 'store-unreachable', hint: /make room/u });
  expect(await store.db.selectFrom('routes').selectAll().execute()).toEqual([]);

  await sql`pragma max_page_count = 100000`.execute(store.db);
  await fill(1_000_000);
  expect(await store.db.selectFrom('routes').selectAll().execute()).toHaveLength(1);
});
