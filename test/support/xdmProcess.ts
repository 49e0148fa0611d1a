import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import process from 'node:process';

import { onTestFinished } from 'vitest';

/** Starts `xdm` in a process of its own, that ends with the test at the latest. What it says on stderr is nobody's to read but `onStderr`'s. */
export function startXdm(args: readonly string[], onStderr?: (text: string) => void): ChildProcess {
  const child = spawn(process.execPath, ['bin/xdm.mjs', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stderr.on('data', (chunk) => onStderr?.(String(chunk)));
  return child;
}

/** What it says first. */
export async function firstOutput(child: ChildProcess): Promise<string> {
  const [chunk] = (await once(child.stdout!, 'data')) as [Buffer];
  return chunk.toString();
}

/** Whether something listens on a port of 127.0.0.1. */
export async function isOpen(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Arguments of the command lines `npx xdm ...` among some lines, as a shell would take them apart. */
export function commandLines(text: string): string[][] {
  const lines = text.split('\n').filter((line) => line.startsWith('  npx xdm '));
  return lines.map((line) =>
    line
      .trim()
      .match(/'[^']*'|\S+/gu)!
      .slice(2)
      .map((word) => word.replaceAll("'", '')),
  );
}
