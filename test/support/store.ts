import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openStore, type Store } from '../../relayer/store/store.ts';

/** A store in a folder of its own. */
export interface TestStore extends Store {
  readonly path: string;
  /** Closes it, as when the node ends, and opens it again. */
  reopen(): Promise<TestStore>;
  /** Closes it and removes the folder. */
  remove(): Promise<void>;
}

/** In memory where the machine has such a place: a store waits for its disk at every commit. */
const PLACE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A new folder, which the test removes. */
export function temporaryFolder(): string {
  return mkdtempSync(join(PLACE, 'xdm-store-'));
}

/** Opens a new store. */
export async function newStore(): Promise<TestStore> {
  const folder = temporaryFolder();
  return await openIn(folder);
}

async function openIn(folder: string): Promise<TestStore> {
  const path = join(folder, 'relayer.sqlite');
  const store = await openStore(path);
  return {
    ...store,
    path,
    async reopen() {
      await store.close();
      return await openIn(folder);
    },
    async remove() {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}
