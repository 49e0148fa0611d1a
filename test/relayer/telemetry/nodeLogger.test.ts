import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { logDestination, nodeLogger } from '../../../relayer/telemetry/nodeLogger.ts';

const LANE = { settings: { logLevel: 'info' }, secrets: {} } as unknown as Parameters<typeof nodeLogger>[0];

/** Takes nothing: what is written there fails as on a full disk. */
const FULL = '/dev/full';

test('a full disk costs lines of the log, and not the node', async () => {
  const logger = nodeLogger(LANE, logDestination(FULL));
  for (const words of ['lost', 'lost, too']) {
    expect(() => logger.info(words)).not.toThrow();
    // What nobody hears of an error that is told after the call ends the process, and fails the run.
    await new Promise((resolve) => setImmediate(resolve));
  }
});

test('a log is new each time that it is opened', () => {
  const folder = mkdtempSync(join(tmpdir(), 'xdm-log-'));
  const path = join(folder, 'node.log');
  for (const words of ['first', 'second']) nodeLogger(LANE, logDestination(path)).info(words);
  expect(readFileSync(path, 'utf8')).toMatch(/^.*second.*\n$/u);
  rmSync(folder, { recursive: true });
});
