import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import process from 'node:process';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createProject, type Project } from '../support/project.ts';

async function isListening(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

describe('the launcher of Foundry', () => {
  let project: Project;
  beforeAll(() => {
    project = createProject({}, { links: ['tools'] });
  });
  afterAll(() => project.remove());

  const launch = async (...args: readonly string[]): Promise<unknown> =>
    (await project.run('node', 'tools/foundry.mjs', ...args)).code;

  test('passes on success', async () => {
    expect(await launch('cast', '--version')).toBe(0);
  });

  test("passes on the tool's exit code", async () => {
    expect(await launch('cast', 'to-hex', 'nonsense')).toBe(1);
    expect(await launch('cast', '--nonsense')).toBe(2);
  });

  test('refuses a tool it does not know', async () => {
    expect(await launch('nonsense')).toBe(2);
    expect(await launch()).toBe(2);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('ends the tool with itself on %s', async (signal) => {
    const launcher = spawn('node', ['tools/foundry.mjs', 'anvil', '--port', '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    for await (const chunk of launcher.stdout) {
      output += String(chunk);
      if (output.includes('Listening on')) break;
    }
    const port = Number(/Listening on 127\.0\.0\.1:(\d+)/u.exec(output)?.[1]);
    expect(await isListening(port)).toBe(true);

    const exited = once(launcher, 'exit');
    launcher.kill(signal);
    await exited;
    expect(await isListening(port)).toBe(false);
  });
});

describe('the preload of the scripts', () => {
  test('gives an older Node one clear line', async () => {
    const older = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.9.0'})";
    const child = spawn(process.execPath, [
      '--import',
      older,
      '--import',
      './tools/require-node.mjs',
      'tools/check.ts',
    ]);
    let output = '';
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(1);
    expect(output).toMatch(/^xdm needs Node 24 or newer.*\n$/u);
  });
});
