import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';

import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { removeSqlite } from '../../../relayer/store/backends/sqlite.ts';
import type { Database } from '../../../relayer/store/schema.ts';
import { openStore } from '../../../relayer/store/store.ts';
import { temporaryFolder } from '../../support/store.ts';

let folder: string;
let path: string;
let holder: ChildProcess | undefined;

beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder, 'relayer.sqlite');
});

afterEach(() => {
  holder?.kill('SIGKILL');
  holder = undefined;
  rmSync(folder, { recursive: true });
});

/** Another process that has the store open. */
async function startHolder(): Promise<ChildProcess> {
  const module = JSON.stringify(resolve('relayer/store/store.ts'));
  const code = `
    const { openStore } = await import(${module});
    const { db } = await openStore(${JSON.stringify(path)});
    await db.insertInto('chains').values({ chainId: 7, blockNumber: 1, blockHash: new Uint8Array(32),
      sources: new Uint8Array(32), timestamp: 1, finalNumber: 1 }).execute();
    // Whoever opened it need not keep anything of it.
    globalThis.gc();
    console.log('open');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  expect(child.exitCode).toBeNull();
  return child;
}

/** Runs statements on the file, as another program would. */
function alter(statements: string): void {
  const database = new DatabaseSync(path);
  database.exec(statements);
  database.close();
}

test('a store is created with its folder, and keeps what was written', async () => {
  path = join(folder, 'not', 'there', 'yet', 'relayer.sqlite');
  const store = await openStore(path);
  await store.db
    .insertInto('routes')
    .values({ ...ENDS })
    .execute();
  await store.close();

  const again = await openStore(path);
  expect(await again.db.selectFrom('routes').select('sourceChainId').execute()).toEqual([{ sourceChainId: 900 }]);
  await again.close();
});

const ENDS = {
  sourceChainId: 900,
  sourceMessenger: new Uint8Array(20),
  destinationChainId: 901,
  destinationMessenger: new Uint8Array(20),
};

test('what is committed is on the disk, and free room goes back to the file system', async () => {
  const store = await openStore(path);
  await store.close();
  const database = new DatabaseSync(path);
  expect(database.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' });
  expect(database.prepare('pragma auto_vacuum').get()).toEqual({ auto_vacuum: 2 });
  database.close();
});

test('what may be lost does not wait for the disk, and all else does', async () => {
  const store = await openStore(path);
  const waits = async (db: Database): Promise<unknown> => (await sql`pragma synchronous`.execute(db)).rows[0];
  const [normal, full] = [{ synchronous: 1 }, { synchronous: 2 }];
  expect(await store.write(waits)).toEqual(full);
  expect(await store.write(waits, { mayBeLost: true })).toEqual(normal);
  expect(await store.write(waits)).toEqual(full);
  const failing = store.write(async () => await Promise.reject(new Error('no')), { mayBeLost: true });
  await expect(failing).rejects.toThrow('no');
  // Side by side they do not get into each other's way.
  const both = await Promise.all([store.write(waits, { mayBeLost: true }), store.write(waits), waits(store.db)]);
  expect(both).toEqual([normal, full, full]);
  await store.close();
});

test('a second process is refused while the first lives, and let in as soon as it is killed', async () => {
  holder = await startHolder();
  await expect(openStore(path)).rejects.toMatchObject({
    code: 'in-use',
    message: `the store ${path} is in use by another node`,
    hint: expect.stringContaining('--store') as string,
  });
  expect(() => removeSqlite(path)).toThrow('in use by another node');

  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const store = await openStore(path);
  // It was killed right after the commit, without having closed anything.
  expect(await store.db.selectFrom('chains').select('chainId').execute()).toEqual([{ chainId: 7 }]);
  await store.close();
});

test('a second handle of the same process is refused too, by whatever name the file goes', async () => {
  const store = await openStore(path);
  const link = join(folder, 'link.sqlite');
  symlinkSync(path, link);
  await expect(openStore(path)).rejects.toMatchObject({ code: 'in-use' });
  await expect(openStore(link)).rejects.toMatchObject({ code: 'in-use' });
  await store.close();
  await (await openStore(link)).close();
});

test('a store of a newer version is refused, and left as it was', async () => {
  await (await openStore(path)).close();
  alter(`insert into kysely_migration values ('9999_later', '2030-01-01T00:00:00.000Z')`);
  const before = readFileSync(path);

  const refusal = {
    code: 'store-incompatible',
    message: expect.stringContaining('newer xdm (version 9999_later)') as string,
  };
  await expect(openStore(path)).rejects.toMatchObject(refusal);
  // It was closed again: there is nothing in the way of the version that can use it.
  await expect(openStore(path)).rejects.toMatchObject(refusal);
  expect(readFileSync(path).equals(before)).toBe(true);
});

test('a store without its first version is brought to this one, or refused in words', async () => {
  await (await openStore(path)).close();
  // As a version would leave it that did its work and was stopped before it wrote so down: the tables are there already.
  alter('delete from kysely_migration');
  await expect(openStore(path)).rejects.toMatchObject({
    code: 'store-incompatible',
    message: `the store ${path} cannot be brought to this version`,
  });
});

test.each([
  ['text', Buffer.from('not a database, and longer than a header of one: '.repeat(100))],
  ['a header and then nothing', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(84, 0xff)])],
])('a damaged file is refused: %s', async (_name, content) => {
  writeFileSync(path, content);
  const refusal = {
    code: 'store-incompatible',
    message: expect.stringContaining(`the store ${path} is damaged`) as string,
  };
  await expect(openStore(path)).rejects.toMatchObject(refusal);
  await expect(openStore(path)).rejects.toMatchObject(refusal);
  expect(readFileSync(path).equals(content)).toBe(true);
});

test('the database of another program is refused, and nothing is written to it', async () => {
  alter('create table bookmarks (url text)');
  await expect(openStore(path)).rejects.toMatchObject({
    code: 'store-incompatible',
    message: `the file ${path} is a database of another program`,
  });
  const database = new DatabaseSync(path);
  expect(database.prepare('select name from sqlite_master').all()).toEqual([{ name: 'bookmarks' }]);
  database.close();
});

test('a path that cannot be opened is named, with the reason', async () => {
  mkdirSync(path);
  await expect(openStore(path)).rejects.toMatchObject({
    code: 'invalid-config',
    message: `the store ${path} cannot be opened: unable to open database file`,
  });
  writeFileSync(join(folder, 'file'), '');
  await expect(openStore(join(folder, 'file', 'store'))).rejects.toMatchObject({ code: 'invalid-config' });
});

test('compaction gives room back while the store is in use', async () => {
  const store = await openStore(path);
  const { id: routeId } = await store.db.insertInto('routes').values(ENDS).returning('id').executeTakeFirstOrThrow();
  const row = { routeId, messageHash: new Uint8Array(32), outcome: 'relayed' as const, chainId: 900, blockNumber: 1 };
  const hashes = { blockHash: new Uint8Array(32), transactionHash: new Uint8Array(32), orphaned: 0 as const };
  const reason = new Uint8Array(10_000).fill(1);
  for (let logIndex = 0; logIndex < 300; logIndex++) {
    await store.db
      .insertInto('deliveries')
      .values({ ...row, ...hashes, reason, logIndex })
      .execute();
  }
  await store.compact();
  expect(statSync(path).size).toBeGreaterThan(3_000_000);

  // In the middle of a transaction of a stage, as the node's timer would have it.
  const emptied = store.db.transaction().execute(async (db) => {
    await db.deleteFrom('deliveries').execute();
    await new Promise((done) => setTimeout(done, 50));
  });
  await Promise.all([emptied, store.compact()]);
  expect(statSync(path).size).toBeLessThan(300_000);
  expect(statSync(`${path}-wal`).size).toBe(0);
  await store.close();
});

test('a store is removed with all its files', async () => {
  await (await openStore(path)).close();
  removeSqlite(path);
  expect(() => statSync(path)).toThrow('ENOENT');
  expect(() => removeSqlite(path)).not.toThrow();
});

test('a migration that breaks off leaves no table behind, which would stop all later ones', async () => {
  // One of the tables is there already: creating it fails after others were created.
  alter('pragma application_id = 0x78646d31; create table "proofs" ("id" integer)');
  await expect(openStore(path)).rejects.toMatchObject({ code: 'store-incompatible' });
  alter('drop table "proofs"');

  const store = await openStore(path);
  expect(await store.db.selectFrom('routes').select('id').execute()).toEqual([]);
  await store.close();
});
