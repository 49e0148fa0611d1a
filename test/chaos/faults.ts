import { execFileSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';

import type { JsonRpcProvider } from 'ethers';

import { sleep } from '../../sdk/chain/sleep.ts';
import type { RpcProxy } from '../support/rpcProxy.ts';
import { ACTS } from '../support/replica.ts';
import type { NodeProcess } from './nodeProcess.ts';
import { TROUBLES, type Trouble, type TroubleName } from './rpcTroubles.ts';
import type { World } from './world.ts';

/** Something that goes wrong. */
export interface Fault<Kind extends World = World> {
  readonly name: string;
  /** Makes it so; what is returned makes it good again. */
  begin(world: Kind): Promise<() => Promise<void>>;
}

/** What was over as soon as it had happened is made good again. */
export const nothing = async (): Promise<void> => await Promise.resolve();

/** An endpoint that is of no use, or lies, to a share of what travels together; all of it, if not told otherwise. */
export function endpoint<Name extends string>(chain: Name, name: TroubleName, share = 1): Fault<World<Name>> {
  return {
    name: `${chain}'s endpoint: ${name}`,
    async begin({ chains, random }) {
      const { proxy, provider } = chains[chain];
      const head = await provider.getBlockNumber();
      const chance = random.fork();
      const { whole, each } = TROUBLES[name](chance.fork(), head) as Trouble;
      // Of what travels together all is met, or nothing.
      let isMet = false;
      const trouble: RpcProxy['trouble'] = (requests) => {
        isMet = chance.chance(share);
        return isMet ? whole?.(requests) : undefined;
      };
      const fault: RpcProxy['fault'] = (request) => (isMet ? each?.(request) : undefined);
      Object.assign(proxy, { trouble, fault });
      return async () => {
        // Another one may have begun meanwhile.
        if (proxy.trouble === trouble) Object.assign(proxy, SOUND);
        await nothing();
      };
    },
  };
}

/** A chain's endpoint takes what it is asked, and says nothing to it until it is good again. */
export function silence<Name extends string>(name: Name): Fault<World<Name>> {
  return {
    name: `${name}'s endpoint is silent`,
    async begin({ chains }) {
      const { proxy } = chains[name];
      const { promise: until, resolve } = Promise.withResolvers<void>();
      const trouble: RpcProxy['trouble'] = () => ({ kind: 'held', until });
      Object.assign(proxy, { ...SOUND, trouble });
      await nothing();
      return async () => {
        resolve();
        if (proxy.trouble === trouble) Object.assign(proxy, SOUND);
        await nothing();
      };
    },
  };
}

const SOUND: Pick<RpcProxy, 'trouble' | 'fault'> = { trouble: () => undefined, fault: () => undefined };

/** Of several replicas the one that acts, as far as they have said. */
function actingOf(nodes: readonly NodeProcess[]): NodeProcess {
  const since = ({ lines }: NodeProcess): number => Number(lines.findLast(({ msg }) => msg === ACTS)?.['time'] ?? 0);
  const [newest] = nodes.toSorted((a, b) => since(b) - since(a));
  if (newest === undefined) throw new Error('no node was started');
  return newest;
}

/** The node ends in the middle of what it does, and is started again. */
export const kill: Fault = {
  name: 'kill -9',
  async begin({ nodes }) {
    const node = actingOf(nodes);
    await node.kill();
    node.start();
    return nothing;
  },
};

/** The node stands still, as on a machine that is suspended. */
export const freeze: Fault = {
  name: 'SIGSTOP',
  async begin({ nodes }) {
    const node = actingOf(nodes);
    node.signal('SIGSTOP');
    await nothing();
    return async () => {
      node.signal('SIGCONT');
      await nothing();
    };
  },
};

/**
 * A chain drops its newest blocks with all that was in them, and goes on without.
 * @param back share of the dropped transactions that wait in the pool again, in another order
 */
export function reorganise<Name extends string>(name: Name, depth: number, back = 0): Fault<World<Name>> {
  return {
    name: `${name} drops ${depth} blocks${back > 0 ? `, and takes back ${back} of what was in them` : ''}`,
    async begin({ chains, random }) {
      const chain = chains[name];
      const { provider } = chain;
      const chance = random.fork();
      await chain.betweenBlocks(async () => {
        const head = await provider.getBlockNumber();
        chain.highest = Math.max(chain.highest, head);
        // Soon after another one: what was believed before that is not dropped, either.
        const most = Math.min(depth, head - (chain.highest - chain.droppable));
        if (most <= 0) return;
        const dropped = back > 0 ? await rawTransactions(provider, head - most + 1, head) : [];
        await provider.send('anvil_rollback', [most]);
        for (const raw of chance.shuffle(dropped.filter(() => chance.chance(back)))) {
          // One whose nonce another has taken in the meantime is lost.
          await provider.send('eth_sendRawTransaction', [raw]).catch(() => undefined);
        }
      });
      return nothing;
    },
  };
}

async function rawTransactions(provider: JsonRpcProvider, first: number, last: number): Promise<string[]> {
  const found: string[] = [];
  for (let number = first; number <= last; number++) {
    const block = await provider.getBlock(number);
    for (const hash of block?.transactions ?? []) {
      found.push((await provider.send('eth_getRawTransactionByHash', [hash])) as string);
    }
  }
  return found;
}

/** A chain's node forgets what waits to be mined. */
export function dropTransactions<Name extends string>(name: Name): Fault<World<Name>> {
  return {
    name: `${name}'s pool is dropped`,
    async begin({ chains }) {
      await chains[name].provider.send('anvil_dropAllTransactions', []);
      return nothing;
    },
  };
}

/** The machine's clock is set: as many hours ahead of the chains' as this, or behind. */
export function clock(hours: number): Fault {
  return {
    name: `the clock is set by ${hours} hours`,
    async begin({ clockPath }) {
      writeFileSync(clockPath, `${hours * 3_600_000}`);
      await nothing();
      return async () => {
        writeFileSync(clockPath, '0');
        await nothing();
      };
    },
  };
}

/** No file of the node can grow any more, as on a full disk; then there is room again. */
export const fullDisk: Fault = {
  name: 'a full disk',
  async begin({ nodes: [node], store }) {
    const pid = node?.pid;
    if (pid === undefined) return nothing;
    const limit = (size: string): void => void execFileSync('prlimit', [`--pid=${pid}`, `--fsize=${size}:`]);
    limit(`${statSync(store).size}`);
    await nothing();
    return async () => {
      if (node?.pid === pid) limit('unlimited');
      await nothing();
    };
  },
};

/** Postgres ends as at a loss of power, with all its connections, and is started again. */
export const losePostgres: Fault = {
  name: 'Postgres is gone',
  async begin({ postgres }) {
    if (postgres === undefined) throw new Error('this world has no Postgres');
    await postgres.kill();
    return async () => await postgres.start();
  },
};

/**
 * A fault of the replica that acts, or of what all stand on, which is over once a replica has taken over.
 * @param lasts milliseconds, where none can take over before it is good again
 */
export function untilTakenOver(fault: Fault, lasts?: number): Fault {
  return {
    name: fault.name,
    async begin(world) {
      const takeovers = (): number =>
        world.nodes.flatMap(({ lines }) => lines).filter(({ msg }) => msg === ACTS).length;
      const before = takeovers();
      const end = await fault.begin(world);
      if (lasts !== undefined) {
        await sleep(lasts);
        await end();
      }
      const deadline = performance.now() + TAKEOVER_MS;
      while (takeovers() === before && performance.now() < deadline) await sleep(50);
      if (lasts === undefined) await end();
      return nothing;
    },
  };
}

/** Longest wait for another replica, milliseconds, on a machine that has much else to do. */
const TAKEOVER_MS = 25_000;

/** Faults each of which begins when the one before it is over. */
export function oneAfterTheOther(faults: readonly Fault[], pause: () => number): Fault {
  return {
    name: faults.map(({ name }) => name).join(', then '),
    async begin(world) {
      for (const fault of faults) {
        await sleep(pause());
        const end = await fault.begin(world);
        await end();
      }
      return nothing;
    },
  };
}
