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
}

const BIN = resolve('bin/xdm.mjs');

/** Longest run: a command that hangs fails its test. */
const TIMEOUT_MS = 45_000;

/** Runs `xdm` in a process of its own, without a terminal. */
export async function runCli(args: readonly string[], { env = {}, ...options }: CliOptions = {}): Promise<CliRun> {
  const environment = { PATH: process.env['PATH'], ...env };
  return await new Promise((done) => {
    const child = execFile(
      process.execPath,
      [BIN, ...args],
      { ...options, env: environment, timeout: TIMEOUT_MS, killSignal: 'SIGKILL' },
      (error, stdout, stderr) => {
        const code = typeof error?.code === 'number' ? error.code : Number(error !== null) * -1;
        done({ code, stdout, stderr });
      },
    );
    child.stdin?.end();
  });
}
