import { defineConfig } from 'vitest/config';

import { isLong } from './test/chaos/length.ts';

// Generous: a test that starts processes waits for the other suites' processes too.
const TIMEOUT_MS = 60_000;

/** What is about Postgres alone. */
const POSTGRES = 'test/relayer/store/postgres/**';

// The long form of a scenario takes many minutes.
const CHAOS_TIMEOUT_MS = (isLong ? 60 : 2) * TIMEOUT_MS;

// Its time goes by a real chain's slots.
const CONSENSUS_TIMEOUT_MS = 20 * TIMEOUT_MS;

export default defineConfig({
  test: {
    // A forgotten `.only` would pass the rest over in silence.
    allowOnly: false,
    // Its default leaves one processor idle, which is half of them in CI.
    maxWorkers: '100%',
    setupFiles: 'test/support/leaveNothing.ts',
    testTimeout: TIMEOUT_MS,
    hookTimeout: TIMEOUT_MS,
    // Its default is a second, which a busy machine needs for less than what is waited for.
    expect: { poll: { timeout: TIMEOUT_MS / 2 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // To import everything anew for each file takes as much of the processors as the tests themselves.
          isolate: false,
          include: ['test/**/*.test.ts'],
          exclude: ['test/{e2e,chaos,tools,consensus}/**', POSTGRES],
        },
      },
      // The store's tests again, on Postgres. What is left out is about SQLite's files.
      {
        extends: true,
        test: {
          name: 'postgres',
          globalSetup: 'test/support/sharedPostgres.ts',
          include: ['test/relayer/store/**/*.test.ts', 'test/relayer/{http/api,metrics/metrics,why}.test.ts'],
          exclude: ['test/relayer/store/{fullDisk,openStore,room,sharedStore}.test.ts'],
        },
      },
      // The tools' tests start compilers and linters, for as long as others start chains.
      { extends: true, test: { name: 'e2e', include: ['test/{e2e,tools}/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'chaos',
          include: ['test/chaos/**/*.test.ts'],
          exclude: isLong ? [] : ['test/chaos/{rollup/week,omnichain/anything}.test.ts'],
          testTimeout: CHAOS_TIMEOUT_MS,
        },
      },
      {
        extends: true,
        test: {
          name: 'consensus',
          include: ['test/consensus/*.test.ts'],
          testTimeout: CONSENSUS_TIMEOUT_MS,
          hookTimeout: CONSENSUS_TIMEOUT_MS,
        },
      },
    ],
  },
});
