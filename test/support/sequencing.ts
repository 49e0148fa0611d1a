import { hexlify } from 'ethers';

import { newSignals } from '../../relayer/signals.ts';
import { sequence } from '../../relayer/lanes/rollup/stages/sequence.ts';
import type { LaneNode } from './laneNode.ts';
import { listeningLogger } from './logger.ts';

/** How a deposit is handed to L2. */
export const RAW = 'eth_sendRawTransactionSync';

/** Executes the queue as the sequencer role does, in one pass. */
export async function sequenceOnce(
  { client, lane, store }: LaneNode,
  others: { readonly l2?: LaneNode['client']['l2']; readonly store?: LaneNode['store'] } = {},
): Promise<number> {
  const queue = {
    routeId: lane.l1ToL2.id,
    l1ChainId: 900,
    l2ChainId: 901,
    l1: client.l1,
    l2: others.l2 ?? client.l2,
    lane: client.lane,
    finality: 'latest' as const,
  };
  const context = { store: others.store ?? store, logger: listeningLogger().logger, signals: newSignals() };
  return await sequence(queue, context);
}

/** The deposits of the queue, encoded, in order. */
export async function queuedDeposits({ store }: LaneNode): Promise<string[]> {
  const rows = await store.db.selectFrom('queueElements').select('raw').orderBy('queueIndex').execute();
  return rows.map(({ raw }) => hexlify(raw));
}

/** How many deposits were handed to L2. */
export function countHanded({ proxies }: LaneNode): number {
  return proxies.l2.calls.filter((method) => method === RAW).length;
}

/** Hashes of the deposits that L2 has executed, in the order of its blocks. */
export async function executedDeposits({ chains }: LaneNode): Promise<string[]> {
  const { provider } = chains.l2;
  const head = await provider.getBlockNumber();
  const blocks = await Promise.all(
    Array.from({ length: head + 1 }, async (_, number) => await provider.getBlock(number, true)),
  );
  return blocks
    .flatMap((block) => block?.prefetchedTransactions ?? [])
    .filter(({ type }) => type === 0x7e)
    .map(({ hash }) => hash);
}
