import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { openStore, type Store } from '../../../relayer/store/store.ts';
import { temporaryFolder } from '../../support/store.ts';

let folder: string;
let path: string;
let node: Store;

beforeEach(async () => {
  folder = temporaryFolder();
  path = join(folder, 'relayer.sqlite');
  node = await openStore(path);
});

afterEach(async () => {
  await node.close();
  rmSync(folder, { recursive: true });
});

const CHAIN = {
  chainId: 7,
  blockNumber: 0,
  blockHash: new Uint8Array(32),
  sources: new Uint8Array(32),
  timestamp: 1,
  finalNumber: 1,
};

/** Reads first, as most transactions of the node do. */
async function increment(store: Store): Promise<void> {
  await store.write(async (db) => {
    const { blockNumber } = await db.selectFrom('chains').select('blockNumber').executeTakeFirstOrThrow();
    await db
      .updateTable('chains')
      .set({ blockNumber: blockNumber + 1 })
      .execute();
  });
}

test('beside the node that has it, a store can be read and written', async () => {
  await node.db.insertInto('chains').values(CHAIN).execute();
  const shared = await openStore(path, { shared: true });
  await increment(shared);
  await increment(node);
  expect(await shared.db.selectFrom('chains').select('blockNumber').execute()).toEqual([{ blockNumber: 2 }]);
  await shared.close();
  await increment(node);
});

test('neither process is refused when both write at the same time', async () => {
  await node.db.insertInto('chains').values(CHAIN).execute();
  const code = `
    const { openStore } = await import(${JSON.stringify(resolve('relayer/store/store.ts'))});
    const store = await openStore(${JSON.stringify(path)}, { shared: true });
    console.log('open');
    for (let done = 0; done < 300; done++) await store.write(async (db) => {
      const { blockNumber } = await db.selectFrom('chains').select('blockNumber').executeTakeFirstOrThrow();
      await db.updateTable('chains').set({ blockNumber: blockNumber + 1 }).execute();
    });
    await store.close();`;
  const other = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(other, 'exit');
  await Promise.race([once(other.stdout, 'data'), exit]);
  for (let done = 0; done < 300; done++) {
    await increment(node);
    // As the node's timers would have it.
    if (done % 10 === 0) await node.compact();
  }
  expect(await exit).toEqual([0, null]);
  expect(await node.db.selectFrom('chains').select('blockNumber').execute()).toEqual([{ blockNumber: 600 }]);
});

test('is opened after the node has ended, too, and is no lock on it', async () => {
  await node.close();
  const shared = await openStore(path, { shared: true });
  node = await openStore(path);
  expect(await shared.db.selectFrom('chains').select('chainId').execute()).toEqual([]);
  await shared.close();
});

test.each([
  ['an older', `delete from kysely_migration where name > '0002'`, 'store-outdated'],
  ['a newer', `insert into kysely_migration values ('9999_later', '')`, 'store-incompatible'],
])('a store of %s version is refused, and left as it was', async (_name, sql, code) => {
  await node.close();
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
  await expect(openStore(path, { shared: true })).rejects.toMatchObject({ code });
  rmSync(path);
  node = await openStore(path);
});

test('a store that is not there is not created', async () => {
  const none = join(folder, 'none.sqlite');
  for (let time = 0; time < 2; time++) {
    await expect(openStore(none, { shared: true })).rejects.toMatchObject({ code: 'store-not-found' });
  }
});
