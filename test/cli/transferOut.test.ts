import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { serializeOmnichainDeployment } from '../../sdk/core/omnichain/deployment.ts';
import { runMain } from '../support/cliMain.ts';
import { EXAMPLE_OMNICHAIN } from '../support/deployment.ts';

const KEY = `0x${'12'.repeat(32)}`;
const TARGET = '0x00000000000000000000000000000000000000AA';
const ORDER = `0x${'ab'.repeat(32)}`;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xdm-transfer-'));
  writeFileSync(join(folder, 'lane.json'), serializeOmnichainDeployment(EXAMPLE_OMNICHAIN));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** The options that every message has, without which it goes from A to the relay chain. */
function sending(...more: readonly string[]): string[] {
  return ['transferOut', '--from-chain', 'A', '--to-chain', 'relay', '--target', TARGET, ...more];
}

// No endpoint is known of any chain: what is said is said before anything is asked of one.
test.each([
  [
    'the same chain',
    ['transferOut', '--from-chain', 'A', '--to-chain', '7001', '--target', TARGET, '--data', '0x'],
    'cannot go to the same chain',
  ],
  [
    'an unknown chain',
    ['transferOut', '--from-chain', 'C', '--to-chain', 'A', '--target', TARGET, '--data', '0x'],
    '"C" is no chain of the lane; its chains are relay (7000), A (7001)',
  ],
  [
    'an unknown type',
    sending('--data', '0x', '--type', 'letter'),
    '--type "letter" is not known; it is one of calldata, message',
  ],
  [
    'too much gas',
    sending('--data', '0x', '--gas-limit', '12000001'),
    '--gas-limit "12000001" is too large; give 12000000 or less',
  ],
  ['neither data nor a function', sending(), 'neither --data nor --sig is given'],
  ['an argument that does not fit', sending('--sig', 'f(uint8)', '256'), 'argument 1 of f(uint8), "256", is no uint8'],
  [
    'a fee token that is no address',
    sending('--data', '0x', '--fee-token', '0x12'),
    '--fee-token "0x12" is no address',
  ],
  ['no endpoint', sending('--data', '0x'), 'no endpoint of chain'],
  ['endpoints of no chain', sending('--data', '0x', '--rpc-urls', 'B=http://one'), '"B" is no chain of the lane'],
  ["endpoints of a rollup's lane", ['status', ORDER, '--l1-rpc-url', 'http://one'], '--l1-rpc-url is for a rollup'],
  ["a node's port for the chains alone", ['status', ORDER, '--http-port', '1'], '--http-port is given without --why'],
  [
    'gas that nobody pays',
    ['retry', '--all', '--gas-limit', '5'],
    '--gas-limit is for orders of an omnichain lane that have failed',
  ],
  [
    'a status of a message',
    ['list', '--status', 'unconfirmed'],
    '--status "unconfirmed" is not known; it is one of waiting-for-light-client,',
  ],
])('%s is refused by its value', async (_what, args, sentence) => {
  const run = await runMain(args, { XDM_DEPLOYMENT: join(folder, 'lane.json'), PRIVATE_KEY: KEY });
  expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(`error: `) as string });
  expect(run.stderr).toContain(sentence);
});

test('an endpoint that does not answer is given by the option that this lane has', async () => {
  const urls = 'A=http://127.0.0.1:1,relay=http://127.0.0.1:1';
  const args = sending('--data', '0x', '--rpc-urls', urls);
  const run = await runMain(args, { XDM_DEPLOYMENT: join(folder, 'lane.json'), PRIVATE_KEY: KEY });
  expect(run).toMatchObject({ code: 3, stdout: '' });
  expect(run.stderr).toMatch(/give its endpoint with --rpc-urls (?:A|relay)=URL/u);
});
