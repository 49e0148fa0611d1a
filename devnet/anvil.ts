import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { anvilBinary } from './anvilBinary.ts';
import { freePort } from './ports.ts';

/** Anvil's public development accounts come from this phrase. */
export const DEVELOPMENT_MNEMONIC = 'test test test test test test test test test test test junk';

export interface AnvilOptions {
  readonly chainId: number;
  /** Port on 127.0.0.1; a free one where it is not given. */
  readonly port?: number | undefined;
  /** More command-line options of anvil. */
  readonly args?: readonly string[];
}

export interface Anvil {
  readonly url: string;
  /** Settles when the process is gone, whoever ended it. */
  readonly exited: Promise<void>;
  /** Ends the process and waits until it is gone. */
  stop(): Promise<void>;
}

const START_DEADLINE_MS = 10_000;

/**
 * Starts an anvil chain on 127.0.0.1 and waits until it listens.
 * @throws {Error} with anvil's own words when it ends or does not listen within 10 seconds
 */
export async function startAnvil(options: AnvilOptions): Promise<Anvil> {
  const port = options.port ?? (await freePort());
  // Where it keeps old states. One that is killed leaves them, gigabytes in time.
  const states = mkdtempSync(join(tmpdir(), 'xdm-anvil-'));
  const removeStates = (): void => rmSync(states, { recursive: true, force: true });
  const place = ['--host', '127.0.0.1', '--port', `${port}`, '--cache-path', states];
  const args = [...place, '--chain-id', `${options.chainId}`];
  // The native binary: npm's wrapper would leave anvil running when it is killed itself.
  const child = spawn(anvilBinary(), [...args, ...(options.args ?? [])], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C in a terminal is for who started it, who then stops it after what still needs it.
    detached: true,
  });
  // Where the process ends without having stopped it, as by an error.
  const kill = (): void => {
    child.kill('SIGKILL');
    removeStates();
  };
  process.once('exit', kill);
  child.once('exit', () => {
    process.off('exit', kill);
    removeStates();
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));

  await new Promise<void>((resolve, reject) => {
    let output = '';
    const fail = (what: string): void => {
      child.kill('SIGKILL');
      reject(new Error(`anvil on port ${port} ${what}: ${output.trim()}`));
    };
    const timer = setTimeout(() => fail(`did not listen within ${START_DEADLINE_MS / 1000} s`), START_DEADLINE_MS);
    const onEnd = (): void => fail('ended');
    const onOutput = (chunk: Buffer): void => {
      output += chunk.toString();
      if (!output.includes('Listening on')) return;
      clearTimeout(timer);
      child.off('exit', onEnd);
      // From here on the output is of no use, but the pipes must be drained.
      child.stdout.off('data', onOutput).resume();
      child.stderr.off('data', onOutput).resume();
      resolve();
    };
    child.stdout.on('data', onOutput);
    child.stderr.on('data', onOutput);
    child.once('error', (error) => fail(`did not start (${error.message})`));
    child.once('exit', onEnd);
  });

  return {
    url: `http://127.0.0.1:${port}`,
    exited,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
