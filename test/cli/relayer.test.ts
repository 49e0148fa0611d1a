import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { id } from 'ethers';
import { expect, test } from 'vitest';

import { relayer } from '../../cli/commands/relayer.ts';
import { EXIT } from '../../cli/exitCodes.ts';
import { OMNICHAIN_CONFIG_KEYS } from '../../relayer/lanes/omnichain/config.ts';
import { CONFIG_KEYS } from '../../relayer/lanes/rollup/config.ts';
import { serializeDeployment } from '../../sdk/core/deployment.ts';
import { runMain } from '../support/cliMain.ts';
import { EXAMPLE_DEPLOYMENT } from '../support/deployment.ts';

test('every setting of the node is an option', () => {
  const kebabCase = (key: string): string => key.replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
  const others = ['config', 'deployment', 'keystore', 'account', 'password-file', 'from'];
  const settings = Object.keys(relayer.options).filter((option) => !others.includes(option));
  const compare = (a: string, b: string): number => a.localeCompare(b);
  const keys = [...new Set([...CONFIG_KEYS, ...OMNICHAIN_CONFIG_KEYS].map(kebabCase))];
  expect(settings.toSorted(compare)).toEqual(keys.toSorted(compare));
});

test('a store that does not answer is said without its secrets, and the same command can succeed later', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'xdm-'));
  const deployment = join(folder, 'lane.json');
  writeFileSync(deployment, serializeDeployment(EXAMPLE_DEPLOYMENT));
  const secret = 'of-no-one-else';
  const variables = {
    XDM_STORE: `postgres://xdm:${secret}@127.0.0.1:1/lane?options=${secret}`,
    PRIVATE_KEY: id('key'),
  };
  const { code, stdout, stderr } = await runMain(['relayer', '--deployment', deployment], variables);
  rmSync(folder, { recursive: true });
  expect(code).toBe(EXIT.transient);
  expect(stderr).toContain('the store postgres://127.0.0.1:1/lane does not answer');
  expect(stdout + stderr).not.toContain(secret);
});
