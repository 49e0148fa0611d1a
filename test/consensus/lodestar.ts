import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';

import { freePort } from '../../devnet/ports.ts';

/** A consensus client that runs, with the validators of its network. */
export interface ConsensusClient {
  /** Of its Beacon API. */
  readonly url: string;
  /** Settles when the process is gone, whoever ended it. */
  readonly exited: Promise<void>;
  stop(): Promise<void>;
}

export interface ConsensusClientOptions {
  /** Of the execution client. */
  readonly engineUrl: string;
  /** The block that the first payload is upon. */
  readonly genesisBlock: string;
  readonly secondsPerSlot: number;
  readonly validators: number;
  /** How many of them are there: the others never sign or propose. */
  readonly online: number;
  /** A folder for its data and its log. */
  readonly folder: string;
}

/** Seconds until the first slot: what it takes to start. */
const FIRST_SLOT_S = 25;

const FEE_RECIPIENT = `0x${'fe'.repeat(20)}`;

const CLIENT = 'test/consensus/client/node_modules';

/** Its BLS library is built for no newer one. */
const NODE = resolve(CLIENT, `node-${process.platform}-${process.arch}/bin/node`);

/** Starts Lodestar in a network of its own: the minimal preset, Capella from the first slot on, and all validators that are online. */
export async function startLodestar(options: ConsensusClientOptions): Promise<ConsensusClient> {
  const { engineUrl, genesisBlock, secondsPerSlot, validators, online, folder } = options;
  const [rest, p2p] = [await freePort(), await freePort()];
  mkdirSync(folder, { recursive: true });
  const url = `http://127.0.0.1:${rest}`;
  const settings = {
    dataDir: join(folder, 'data'),
    logFile: 'none',
    'params.ALTAIR_FORK_EPOCH': 0,
    'params.BELLATRIX_FORK_EPOCH': 0,
    'params.CAPELLA_FORK_EPOCH': 0,
    'params.SECONDS_PER_SLOT': secondsPerSlot,
    'terminal-total-difficulty-override': 0,
    genesisEth1Hash: genesisBlock,
    genesisTime: Math.floor(Date.now() / 1000) + FIRST_SLOT_S,
    genesisValidators: validators,
    startValidators: `0..${online - 1}`,
    suggestedFeeRecipient: FEE_RECIPIENT,
    'execution.urls': engineUrl,
    'rest.address': '127.0.0.1',
    'rest.port': rest,
    beaconNodes: url,
    listenAddress: '127.0.0.1',
    port: p2p,
    discv5: false,
    mdns: false,
    // Its worker threads would not be quicker on few processors.
    'chain.blsVerifyAllMainThread': true,
  };
  const args = Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
  const log = createWriteStream(join(folder, 'lodestar.log'));
  const child = spawn(NODE, [resolve(CLIENT, '@chainsafe/lodestar/lib/index.js'), 'dev', ...args], {
    // It writes its genesis state where it is started.
    cwd: folder,
    // The backend is for keys of its network, whose native code is not built here.
    env: { ...process.env, LODESTAR_PRESET: 'minimal', NODE_BACKEND: 'js' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  const exited = new Promise<void>((done) => child.once('exit', () => done()).once('error', () => done()));
  void exited.then(() => process.off('exit', kill));
  return {
    url,
    exited,
    async stop() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
