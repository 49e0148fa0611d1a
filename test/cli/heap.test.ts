import { spawnSync } from 'node:child_process';
import process from 'node:process';

import { expect, test } from 'vitest';

/** The options of Node that a command of xdm runs with in the end. */
function optionsOf(command: string): string {
  const told = `data:text/javascript,console.error(process.execArgv.join(' '))`;
  const env = { ...process.env, NODE_OPTIONS: `--import=${told.replaceAll(' ', '%20')}` };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/xdm.mjs', command, '--help'], {
    env,
    encoding: 'utf8',
  });
  expect({ status, help: stdout.split('\n')[0] }).toEqual({ status: 0, help: `xdm ${command} [options]` });
  return stderr.trim().split('\n').at(-1) ?? '';
}

test('a node runs with a heap that is kept small, what ends soon does not', () => {
  expect(optionsOf('relayer')).toBe('--max-semi-space-size=8 --heap-growing-percent=20');
  expect(optionsOf('list')).toBe('');
});
