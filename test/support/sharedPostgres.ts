import type { TestProject } from 'vitest/node';

import { openStore } from '../../relayer/store/store.ts';
import { startPostgres } from './postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of a server that all tests of a run share; undefined where they have no need of one. */
    readonly postgres: string | undefined;
  }
}

/** A database with the newest tables: copying it is quicker than creating them. */
export const TEMPLATE = 'empty-store';

/** Starts a server for all tests of a run. Returns what ends it. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  const template = await openStore(await server.createDatabase(TEMPLATE));
  await template.close();
  provide('postgres', server.url());
  return async () => await server.stop();
}
