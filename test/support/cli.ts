import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import process from 'node:process';

/** How a run of the command line ended, and what it printed. */
export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  /** Environment variables beside PATH. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Kills the process. */
  readonly signal?: AbortSignal;
  /** Told of what the process says on stderr, as it says it. */
  readonly onStderr?: (text: string) => void;
}

/** Stands for the exit code of a process that was killed. */
const KILLED = -1;

const BIN = resolve('bin/xdm.mjs');

/** Longest run: a command that hangs fails its test. */
const TIMEOUT_MS = 45_000;

/** Runs `xdm` in a process of its own, without a terminal. */
export async function runCli(
  args: readonly string[],
  { env = {}, onStderr, ...options }: CliOptions = {},
): Promise<CliRun> {
  const environment = { PATH: process.env['PATH'], ...env };
  return await new Promise((done) => {
    const child = execFile(
      process.execPath,
      [BIN, ...args],
      { ...options, env: environment, timeout: TIMEOUT_MS, killSignal: 'SIGKILL' },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : error.code;
        done({ code: typeof code === 'number' ? code : KILLED, stdout, stderr });
      },
    );
    child.stdin?.end();
    child.stderr?.on('data', (chunk) => onStderr?.(String(chunk)));
  });
}
