import { defineConfig } from 'vitest/config';

// fast-check's own default would let a slow property run into the test's deadline without a counterexample.
const TIMEOUT_MS = 30_000;

export default defineConfig({
  test: {
    // A forgotten `.only` would pass the rest over in silence.
    allowOnly: false,
    testTimeout: TIMEOUT_MS,
    hookTimeout: TIMEOUT_MS,
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/{sdk,tools}/**/*.test.ts'] } },
      { extends: true, test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'] } },
    ],
  },
});
