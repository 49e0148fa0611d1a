import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline';

import { sleep } from '../../sdk/chain/sleep.ts';
import type { LogLine } from '../support/logger.ts';

/** How a process of the node ended that nobody had ended. */
interface Death {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it said last. */
  readonly words: string;
}

/** The node as an operator runs it: a process, started again whenever it ends. */
export interface NodeProcess {
  /** Undefined while none runs. */
  readonly pid: number | undefined;
  /** What all of its processes have logged. */
  readonly lines: readonly LogLine[];
  /** Ends that nobody asked for. */
  readonly deaths: readonly Death[];
  /** Starts it, with more options than it always has: those of the last time, unless given. */
  start(options?: Readonly<Record<string, string>>): void;
  /** Ends the process in the middle of whatever it does. */
  kill(): Promise<void>;
  /** Stops it as an operator does. Returns its exit code. */
  stop(): Promise<number | null>;
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
}

export interface NodeProcessOptions {
  readonly options: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

/** Between an end and the next start, milliseconds: as long as a supervisor waits. */
const RESTART_MS = 300;

/** Time to end after SIGTERM, milliseconds. */
const STOP_MS = 15_000;

/** Words kept of a process for whoever asks why it ended. */
const LAST_WORDS = 2000;

/** The node, which does not run yet. */
export function newNodeProcess(always: NodeProcessOptions): NodeProcess {
  const lines: LogLine[] = [];
  const deaths: Death[] = [];
  let child: ChildProcess | undefined;
  let isWanted = false;
  let lastOptions: Readonly<Record<string, string>> = {};

  function spawnNode(options: Readonly<Record<string, string>>): ChildProcess {
    const args = Object.entries({ ...always.options, ...options }).flatMap(([name, value]) => [`--${name}`, value]);
    const started = spawn(process.execPath, ['bin/xdm.mjs', 'relayer', ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env['PATH'], ...always.env },
    });
    let words = '';
    createInterface({ input: started.stderr }).on('line', (line) => {
      words = `${words}\n${line}`.slice(-LAST_WORDS);
      const said = parseLine(line);
      if (said !== undefined) lines.push(said);
    });
    started.once('close', (code, signal) => {
      if (child !== started) return;
      child = undefined;
      deaths.push({ code, signal, words });
      void sleep(RESTART_MS).then(() => {
        if (isWanted && child === undefined) child = spawnNode(options);
      });
    });
    return started;
  }

  /** Ends the supervision, then the process. */
  async function end(name: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    isWanted = false;
    const ending = child;
    child = undefined;
    if (ending === undefined) return null;
    const ended = once(ending, 'close') as Promise<[number | null]>;
    ending.kill(name);
    const timer = setTimeout(() => ending.kill('SIGKILL'), STOP_MS);
    const [code] = await ended;
    clearTimeout(timer);
    return code;
  }

  return {
    lines,
    deaths,
    get pid() {
      return child?.pid;
    },
    start(options = lastOptions) {
      isWanted = true;
      lastOptions = options;
      child ??= spawnNode(options);
    },
    async kill() {
      await end('SIGKILL');
    },
    stop: async () => await end('SIGTERM'),
    signal(name) {
      child?.kill(name);
    },
  };
}

/** A line of its log; undefined for what it says in another way, such as Node's own warnings. */
function parseLine(line: string): LogLine | undefined {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return undefined;
  }
}
