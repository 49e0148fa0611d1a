import { pino } from 'pino';

import { rollupLane, type RollupLane } from '../../relayer/lanes/rollup/rollupLane.ts';
import { newSignals } from '../../relayer/signals.ts';
import { watch } from '../../relayer/stages/watch.ts';
import { recordDeliveries, settleDeliveries } from '../../relayer/store/deliveries.ts';
import { openStore, type Store } from '../../relayer/store/store.ts';
import { startNodeProcess, type NodeProcess } from './nodeProcess.ts';
import { commit, countArrived, send, untilReady, untilSo, type World } from './world.ts';

/** A node whose store holds many messages. */
export interface StoredFigures {
  readonly messages: number;
  /** Seconds from the process's start to its first relay: with the store as it was filled, and after it was killed while it relayed. */
  readonly first: number;
  readonly restart: number;
  /** Bytes at most, of either process. */
  readonly peakMemory: number;
  /** Bytes of the store. */
  readonly storeBytes: number;
}

/** Messages that wait beside those that are done: enough for a kill to come in between. */
const WAITING = 3000;

/** Fills a store with messages that were delivered, adds some that wait, and starts a node on it, twice. */
export async function measureStored(world: World, messages: number): Promise<StoredFigures> {
  const known = await storedCount(world);
  await send(world, 'l2', messages - known, 3_000_000);
  await fill(world);
  await send(world, 'l2', WAITING, 4_000_000);
  await untilReady(world, await commit(world));
  const arrived = await countArrived(world, 'l1');

  const one = startNodeProcess(world, { settings: { roles: 'relayer' } });
  const first = await untilRelaying(one);
  const peak = one.usage().peakMemory;
  await one.kill();
  const other = startNodeProcess(world, { settings: { roles: 'relayer' } });
  try {
    const restart = await untilRelaying(other);
    await untilSo(async () => (await countArrived(world, 'l1')) >= arrived + WAITING, 100);
    const peakMemory = Math.max(peak, other.usage().peakMemory);
    const storeBytes = other.ask('select page_count * page_size from pragma_page_count(), pragma_page_size()');
    return { messages, first, restart, peakMemory, storeBytes };
  } finally {
    await other.stop();
  }
}

async function untilRelaying(node: NodeProcess): Promise<number> {
  const isRelay = ({ msg, purpose }: NodeProcess['lines'][number]): boolean =>
    msg === 'submitted' && purpose === 'relay';
  await untilSo(async () => await Promise.resolve(node.lines.some(isRelay)), 10);
  return ((node.lines.find(isRelay)?.at ?? 0) - node.startedAt) / 1000;
}

async function storedCount(world: World): Promise<number> {
  const store = await openStore(world.storePath);
  const { count } = await store.db
    .selectFrom('messages')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  await store.close();
  return count;
}

/** Reads both chains into the store as the node does, and says of all messages from L2 that they were delivered. */
async function fill(world: World): Promise<void> {
  const { client } = world;
  const store = await openStore(world.storePath);
  try {
    const context = { store, logger: pino({ level: 'silent' }), signals: newSignals() };
    const lane = await rollupLane(store.db, client, { isSequencing: true });
    for (const chain of chainsOf(world, lane)) {
      for (let moved = 1; moved > 0;) moved = await watch(chain, context);
    }
    await deliverAll(store, world, lane);
    await store.compact();
  } finally {
    await store.close();
  }
}

function chainsOf({ client }: World, sources: RollupLane) {
  const { lane, l1, l2 } = client;
  const common = { finality: 'latest' } as const;
  return [
    {
      ...common,
      chainId: Number(lane.l1ChainId),
      provider: l1,
      deployedAt: Number(lane.l1DeployedAt),
      sources: sources.l1Sources,
    },
    {
      ...common,
      chainId: Number(lane.l2ChainId),
      provider: l2,
      deployedAt: Number(lane.l2DeployedAt),
      sources: sources.l2Sources,
    },
  ];
}

/** Most deliveries that are made up at a time. */
const CHUNK = 1000;

async function deliverAll(store: Store, { client }: World, { l2ToL1 }: RollupLane): Promise<void> {
  const block = await client.l1.getBlock('latest');
  const where = { blockNumber: block?.number ?? 0, blockHash: block?.hash ?? '', transactionHash: block?.hash ?? '' };
  const source = { routeId: l2ToL1.id, chainId: Number(client.lane.l1ChainId) };
  for (;;) {
    const waiting = await store.db
      .selectFrom('messages')
      .select(['id', 'messageHash'])
      .where('routeId', '=', l2ToL1.id)
      .where('stage', '=', 'sent')
      .orderBy('id')
      .limit(CHUNK)
      .execute();
    if (waiting.length === 0) return;
    const events = waiting.map(({ id, messageHash }) => {
      const hash = `0x${Buffer.from(messageHash).toString('hex')}`;
      return { messageHash: hash, outcome: 'relayed' as const, logIndex: 1_000_000 + id, ...where };
    });
    await store.write(async (db) => {
      await recordDeliveries(db, source, events);
      await settleDeliveries(db, l2ToL1.id, where.blockNumber);
    });
  }
}
