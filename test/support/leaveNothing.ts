import { afterAll, vi } from 'vitest';

// Files share a process, one after the other: a clock that one of them has set must not be that of the next.
afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});
