import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, resolve } from 'node:path';
import process from 'node:process';

/** A command of the toolchain, run from the project's root. */
export interface Command {
  readonly command: readonly [string, ...string[]];
  /** Set on top of the environment; `undefined` unsets. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** How a command ended, and what it printed on both streams. */
export interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** The tools write to a pipe: whether they may colour what they write is told by where it ends up. */
function colours(): Record<string, string> {
  return process.stdout.isTTY ? { FORCE_COLOR: '1', CLICOLOR_FORCE: '1' } : { NO_COLOR: '1' };
}

const running = new Set<ChildProcess>();

// A command must not outlive the runner, which may be killed alone.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    for (const child of running) child.kill(signal);
    process.exit(128 + constants.signals[signal]);
  });
}

/**
 * Runs a command to its end, with the project's own tools first in PATH. With `stream` its output is passed on while it
 * runs. A command that cannot be started has code 127.
 */
export async function runCommand({ command, env }: Command, stream: boolean): Promise<Outcome> {
  const [file, ...args] = command;
  const path = [resolve('node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter);
  const child = spawn(file, args, {
    env: { ...colours(), ...process.env, ...env, PATH: path },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const chunks: Buffer[] = [];
  const collect = (target: NodeJS.WriteStream) => (chunk: Buffer) => {
    chunks.push(chunk);
    if (stream) target.write(chunk);
  };
  child.stdout.on('data', collect(process.stdout));
  child.stderr.on('data', collect(process.stderr));
  return await new Promise((done) => {
    const end = (code: number): void => {
      running.delete(child);
      done({ code, output: Buffer.concat(chunks).toString() });
    };
    child.once('error', (error) => {
      collect(process.stderr)(Buffer.from(`${file}: ${error.message}\n`));
      end(127);
    });
    child.once('close', (code, signal) => end(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  });
}

/** Runs commands one after the other with their output shown, up to the first that fails. Returns its code, or 0. */
export async function runInOrder(commands: readonly Command[]): Promise<number> {
  for (const command of commands) {
    const { code } = await runCommand(command, true);
    if (code !== 0) return code;
  }
  return 0;
}
