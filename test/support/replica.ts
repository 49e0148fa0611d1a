import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';

import type { LogLine } from './logger.ts';

/** A node in a process of its own, started by the command line. */
export interface ReplicaProcess {
  readonly child: ChildProcess;
  /** What it has logged. */
  readonly lines: readonly LogLine[];
  /** Waits until it has logged so many lines with a message. */
  logged(message: string, times?: number): Promise<void>;
  /** Ends it by a signal, and returns its exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

export const ACTS = 'acting for the lane';
export const STANDS_BY = 'another replica acts: standing by';
export const LOST = 'the lease is lost: standing by';

/** Starts `xdm relayer`. */
export function startReplicaProcess(args: readonly string[], store: string): ReplicaProcess {
  const child = spawn(process.execPath, ['bin/xdm.mjs', 'relayer', ...args], {
    // In a variable, as a URL with a password should be.
    env: { ...process.env, XDM_STORE: store },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  const lines: LogLine[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => lines.push(parse(line)));
  return {
    child,
    lines,
    async logged(message, times = 1) {
      while (lines.filter(({ msg }) => msg === message).length < times) {
        if (child.exitCode !== null) throw new Error(`the replica has ended: ${JSON.stringify(lines.slice(-5))}`);
        await setTimeout(20);
      }
    },
    async end(signal) {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill(signal);
        await once(child, 'exit');
      }
      return child.exitCode;
    },
  };
}

/** What is no log is the command line's word that it cannot start. */
function parse(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return { level: 60, msg: line };
  }
}
