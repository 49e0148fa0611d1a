import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { inject } from 'vitest';

import { openStore, type OpenStore } from '../../relayer/store/store.ts';
import { createDatabase, query } from './postgres.ts';
import { TEMPLATE } from './sharedPostgres.ts';

/** A store of a test's own. */
export interface TestStore extends OpenStore {
  /** Of its file; its URL on Postgres. */
  readonly path: string;
  /** Closes it, as when the node ends, and opens it again. */
  reopen(): Promise<TestStore>;
  /** Closes and removes it. */
  remove(): Promise<void>;
}

/** In memory where the machine has such a place: a store waits for its disk at every commit. */
const PLACE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A new folder, which the test removes. */
export function temporaryFolder(): string {
  return mkdtempSync(join(PLACE, 'xdm-store-'));
}

/** Opens a new store: on Postgres in tests that run there. */
export async function newStore(): Promise<TestStore> {
  const server = inject('postgres');
  if (server !== undefined) return await newPostgresStore(server);
  const folder = temporaryFolder();
  return await openAt(join(folder, 'relayer.sqlite'), async () => {
    await Promise.resolve();
    rmSync(folder, { recursive: true });
  });
}

async function newPostgresStore(server: string): Promise<TestStore> {
  const name = `store-${process.pid}-${databases++}`;
  const url = await createDatabase(server, name, TEMPLATE);
  return await openAt(url, async () => void (await query(server, `drop database "${name}" with (force)`)));
}

/** Created by this process. */
let databases = 0;

async function openAt(path: string, remove: () => Promise<void>): Promise<TestStore> {
  const store = await openStore(path);
  return {
    ...store,
    path,
    async reopen() {
      await store.close();
      return await openAt(path, remove);
    },
    async remove() {
      await store.close();
      await remove();
    },
  };
}
