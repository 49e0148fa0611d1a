import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

import type { JsonRpcProvider } from 'ethers';

import { startPostgres, type PostgresServer } from '../support/postgres.ts';
import { randomOf, type Random } from '../support/random.ts';
import { startRpcProxy, type RpcProxy } from '../support/rpcProxy.ts';
import { newNodeProcess, type NodeProcess } from './nodeProcess.ts';

/** Chains, an endpoint in front of each that does what it is told, and the node's processes: whatever kind of lane it is. */
export interface World<Name extends string = string> extends NodeSide {
  readonly chains: Readonly<Record<Name, BreakableChain>>;
}

/** A chain and the endpoint by which the node knows it. */
export interface BreakableChain {
  /** What the node reads and sends through. */
  readonly proxy: RpcProxy;
  /** The chain itself: traffic and audit ask it. */
  readonly provider: JsonRpcProvider;
  /** Number of the highest block that it had when it dropped blocks. */
  highest: number;
  /** Blocks that it drops at most: no more than those which the node does not believe. */
  readonly droppable: number;
  /** Does something to the chain while it makes no block. */
  betweenBlocks<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** The node, and what it stands on beside the chains. */
export interface NodeSide {
  /** One process, or several replicas that share a store on Postgres. */
  readonly nodes: readonly NodeProcess[];
  readonly postgres: PostgresServer | undefined;
  readonly seed: number;
  readonly random: Random;
  /** The node's store: a file, or a URL. */
  readonly store: string;
  /** File that the node's clock reads how far it is from the machine's, milliseconds. */
  readonly clockPath: string;
  stop(): Promise<void>;
}

/** Blocks that the safe block is behind the newest, and half of those that the final one is: what is newer can be dropped. */
export const EPOCH_SLOTS = 3;

/** A chain with an endpoint in front of it. Whoever starts it stops the endpoint. */
export async function breakable(
  url: string,
  {
    betweenBlocks = async (work) => await work(),
    ...chain
  }: Pick<BreakableChain, 'provider' | 'droppable'> & Partial<Pick<BreakableChain, 'betweenBlocks'>>,
): Promise<BreakableChain> {
  return { proxy: await startRpcProxy(url), highest: 0, betweenBlocks, ...chain };
}

export interface NodeSideOptions {
  /** Processes of the node; more than one share a store on Postgres. */
  readonly replicas: number;
  /** Options that the node always has, beside where its store is. */
  readonly options: Readonly<Record<string, string>>;
}

/** A node that does not run yet. */
export async function prepareNodes({ replicas, options }: NodeSideOptions): Promise<NodeSide> {
  const seed = chooseSeed();
  const folder = mkdtempSync(join(tmpdir(), 'xdm-chaos-'));
  const postgres = replicas > 1 ? await startPostgres({ durable: true }) : undefined;
  const store = (await postgres?.createDatabase('lane')) ?? join(folder, 'relayer.sqlite');
  const clockPath = join(folder, 'clock');
  const node = {
    options: { ...options, store },
    env: { NODE_OPTIONS: `--import ${pathToFileURL('test/chaos/clock.mjs').href}`, XDM_CHAOS_CLOCK: clockPath },
  };
  const nodes = Array.from({ length: replicas }, () => newNodeProcess(node));
  return {
    nodes,
    postgres,
    seed,
    random: randomOf(seed),
    store,
    clockPath,
    async stop() {
      await Promise.all(nodes.map(async (each) => await each.kill()));
      await postgres?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The seed of this run; a variable repeats another one's. */
function chooseSeed(): number {
  const seed = Number(process.env['XDM_CHAOS_SEED'] ?? Date.now() % 1_000_000);
  console.log(`XDM_CHAOS_SEED=${seed} repeats this run's faults and their times`);
  return seed;
}
