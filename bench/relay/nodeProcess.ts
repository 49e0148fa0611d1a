import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';

import type { World } from './world.ts';

/** A line of the node's log, and when it was read. */
interface LogLine {
  readonly msg: string;
  readonly purpose?: string;
  readonly count?: number;
  readonly route?: string;
  /** By `performance.now()`. */
  readonly at: number;
}

/** What the node has taken of the machine. */
interface Usage {
  /** Seconds of one core. */
  readonly cpu: number;
  /** Most memory at once, bytes. */
  readonly peakMemory: number;
}

/** The node as a process of its own, as `xdm relayer` runs it. */
export interface NodeProcess {
  /** By `performance.now()`. */
  readonly startedAt: number;
  readonly lines: LogLine[];
  usage(): Usage;
  /** Asks the store, beside the node: the first column of the first row. */
  ask(sql: string): number;
  /** Lets it finish what it is at. */
  stop(): Promise<void>;
  /** Ends it at once. */
  kill(): Promise<void>;
}

export interface NodeProcessOptions {
  /** Settings beside the local network's. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Folder that a profile of its CPU is written to. */
  readonly profileTo?: string | undefined;
}

/** Clock ticks of a second, in what Linux says of a process. */
const TICKS = 100;

/** Starts the node. Stop it. */
export function startNodeProcess(world: World, { settings = {}, profileTo }: NodeProcessOptions = {}): NodeProcess {
  const profiling = profileTo === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileTo}`];
  const files = { config: world.settingsPath, deployment: world.deploymentPath, store: world.storePath };
  const options = { ...files, 'http-port': 'none', ...settings };
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...profiling, 'bin/xdm.mjs', 'relayer', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  const lines: LogLine[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    const entry = parseLine(line);
    if (entry !== undefined) lines.push(entry);
    if (entry === undefined || isTrouble(line)) console.error(`node: ${line.slice(0, 400)}`);
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await exited;
  };
  return {
    startedAt,
    lines,
    usage: () => usageOf(child),
    ask: (sql) => askStore(world.storePath, sql),
    stop: async () => await end('SIGTERM'),
    kill: async () => await end('SIGKILL'),
  };
}

function parseLine(line: string): LogLine | undefined {
  try {
    return { ...(JSON.parse(line) as Omit<LogLine, 'at'>), at: performance.now() };
  } catch {
    return undefined;
  }
}

/** Pino's levels: 40 is a warning. */
function isTrouble(line: string): boolean {
  return /"level":[456]0/u.test(line);
}

function usageOf({ pid, exitCode }: ChildProcess): Usage {
  if (exitCode !== null) throw new Error(`the node has ended with ${exitCode}`);
  // What stands after the name, which can have blanks.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const peak = /^VmHWM:\s+(?<kilobytes>\d+) kB/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return {
    cpu: (Number(fields[11]) + Number(fields[12])) / TICKS,
    peakMemory: Number(peak?.groups?.['kilobytes']) * 1024,
  };
}

function askStore(path: string, sql: string): number {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    return Number(Object.values(database.prepare(sql).get() ?? {})[0] ?? 0);
  } catch {
    // The node has not created it yet, or holds it for a moment.
    return 0;
  } finally {
    database?.close();
  }
}
