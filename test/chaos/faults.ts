import { execFileSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';

import { Contract, toQuantity, Wallet } from 'ethers';

import { deployerAccount } from '../../devnet/accounts.ts';
import { l1CrossDomainMessenger } from '../../sdk/abi/L1CrossDomainMessenger.ts';
import { l2MessengerOf } from '../../sdk/chain/contracts.ts';
import { waitForReceipt } from '../../sdk/chain/receipts.ts';
import { sleep } from '../../sdk/chain/sleep.ts';
import type { Side } from '../../sdk/core/deployment.ts';
import { MAX_TRANSACTION_GAS } from '../../sdk/core/gas.ts';
import type { RpcProxy } from '../support/rpcProxy.ts';
import { ACTS } from '../support/replica.ts';
import type { NodeProcess } from './nodeProcess.ts';
import { TROUBLES, type Trouble, type TroubleName } from './rpcTroubles.ts';
import { EPOCH_SLOTS, type World } from './world.ts';

/** Something that goes wrong. */
export interface Fault {
  readonly name: string;
  /** Makes it so; what is returned makes it good again. */
  begin(world: World): Promise<() => Promise<void>>;
}

const nothing = async (): Promise<void> => await Promise.resolve();

/** An endpoint that is of no use, or lies, to a share of what travels together; all of it, if not told otherwise. */
export function endpoint(side: Side, name: TroubleName, share = 1): Fault {
  return {
    name: `${side}'s endpoint: ${name}`,
    async begin({ network, proxies, random }) {
      const head = await network.client[side].getBlockNumber();
      const chance = random.fork();
      const { whole, each } = TROUBLES[name](chance.fork(), head) as Trouble;
      const proxy = proxies[side];
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

/** A chain drops its newest blocks with all that was in them, and goes on without. */
export function reorganise(side: Side, depth: number): Fault {
  return {
    name: `${side} drops ${depth} blocks`,
    async begin({ network, highest }) {
      const rollBack = async (): Promise<void> => {
        const head = await network.client[side].getBlockNumber();
        highest[side] = Math.max(highest[side], head);
        // Soon after another one: what was safe before that is not dropped, either.
        const most = Math.min(depth, head - (highest[side] - EPOCH_SLOTS + 1));
        if (most > 0) await network.client[side].send('anvil_rollback', [most]);
      };
      await (side === 'l2' ? network.miner.betweenBlocks(rollBack) : rollBack());
      return nothing;
    },
  };
}

/** A chain's node forgets what waits to be mined. */
export function dropTransactions(side: Side): Fault {
  return {
    name: `${side}'s pool is dropped`,
    async begin({ network }) {
      await network.client[side].send('anvil_dropAllTransactions', []);
      return nothing;
    },
  };
}

/** Blocks of L1 that ask for more than the node may pay; the base fee falls by an eighth a block after that, unless it is told to. */
export function baseFee(gwei: bigint): Fault {
  const set = async ({ network }: World, wei: bigint): Promise<void> => {
    await network.client.l1.send('anvil_setNextBlockBaseFeePerGas', [toQuantity(wei)]);
  };
  return {
    name: `a base fee of ${gwei} gwei`,
    async begin(world) {
      await set(world, gwei * 10n ** 9n);
      return async () => await set(world, 10n ** 9n);
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

/** Hours pass on L1 between two of its blocks. */
export function passTime(hours: number): Fault {
  return {
    name: `${hours} hours`,
    async begin({ network }) {
      await network.client.l1.send('evm_increaseTime', [hours * 3600]);
      return nothing;
    },
  };
}

/** The guardian stops relaying on L1; after that the owner lets it go on. */
export const pause: Fault = {
  name: 'a pause',
  async begin({ network }) {
    const owner = new Wallet(deployerAccount().privateKey, network.client.l1);
    const messenger = new Contract(network.deployment.l1Messenger, l1CrossDomainMessenger.abi, owner);
    const call = async (name: 'pause' | 'unpause'): Promise<void> => {
      const { hash } = (await messenger.getFunction(name)()) as { hash: string };
      await waitForReceipt(network.client.l1, hash);
    };
    await call('pause');
    return async () => await call('unpause');
  },
};

/** Blocks of L1 have room for so much gas: no transaction delivers what needs more. */
export function smallBlocks(gas: bigint): Fault {
  return {
    name: `blocks of ${gas} gas`,
    async begin({ network: { client } }) {
      const before = (await client.l1.getBlock('latest'))?.gasLimit ?? MAX_TRANSACTION_GAS;
      const set = async (limit: bigint): Promise<void> => {
        await client.l1.send('evm_setBlockGasLimit', [toQuantity(limit)]);
      };
      await set(gas);
      return async () => await set(before);
    },
  };
}

/** Somebody sends a message to L1 whose target is promised so much gas. */
export function greedyMessage(gas: bigint): Fault {
  return {
    name: `a message that wants ${gas} gas`,
    async begin({ network, targets }) {
      const messenger = l2MessengerOf(network.deployment, network.account('l2', 7));
      const { hash } = await messenger.sendMessage(targets.l1.sound.address, '0x', gas);
      await waitForReceipt(network.client.l2, hash);
      return nothing;
    },
  };
}
