import { openAlarms, type OpenAlarm } from '../store/alarms.ts';
import { readCursor, type Cursor } from '../store/blocks.ts';
import { dayOf, spentOn } from '../store/spending.ts';
import { newestBatches, type StoredBatch } from '../store/stateBatches.ts';
import { stalledMessage, type StalledMessage } from '../store/stalled.ts';
import { tallyPending, tallyQueue, tallyRoute, type PendingTally, type RouteTally } from '../store/tallies.ts';
import type { LaneSigner } from '../lanes/nodeLane.ts';
import type { ServedNode, ServedRoute } from './servedNode.ts';

export interface RouteSnapshot extends ServedRoute {
  readonly tally: RouteTally;
  readonly stalled: StalledMessage | undefined;
  /** Elements of final blocks that are to be executed; undefined for messages that wait for no queue. */
  readonly queue: { readonly count: number; readonly oldestAt: number | undefined } | undefined;
  readonly newestBatch: StoredBatch | undefined;
}

/** The node at one instant, as its store has it. */
export interface Snapshot {
  /** Milliseconds. */
  readonly at: number;
  /** How long it took to read. */
  readonly milliseconds: number;
  readonly chains: readonly { readonly chainId: number; readonly cursor: Cursor | undefined }[];
  readonly routes: readonly RouteSnapshot[];
  readonly pending: readonly PendingTally[];
  readonly alarms: readonly OpenAlarm[];
  /** Wei that each signer has paid since midnight UTC. */
  readonly spent: readonly (LaneSigner & { readonly wei: bigint })[];
}

/** Milliseconds for which what was read is good enough: whoever asks how often, the store is not asked more often. */
const FRESH_MS = 1000;

/** Returns a function that reads the store, or answers what it has just read. */
export function snapshots(node: ServedNode): () => Promise<Snapshot> {
  let last: { readonly at: number; readonly snapshot: Promise<Snapshot> } | undefined;
  return async () => {
    const now = Date.now();
    if (last === undefined || Math.abs(now - last.at) > FRESH_MS) {
      const snapshot = readSnapshot(node);
      last = { at: now, snapshot };
      // What could not be read is read again by the next one who asks.
      snapshot.catch(() => (last = undefined));
    }
    return await last.snapshot;
  };
}

async function readSnapshot(node: ServedNode): Promise<Snapshot> {
  const { db } = node.store;
  const start = performance.now();
  const at = Date.now();
  const ids = [...new Set(node.routes.flatMap((route) => [route.sourceChainId, route.destinationChainId]))];
  const chains = await Promise.all(ids.map(async (chainId) => ({ chainId, cursor: await readCursor(db, chainId) })));
  const cursorOf = (chainId: number): Cursor | undefined => chains.find((chain) => chain.chainId === chainId)?.cursor;
  const routes: RouteSnapshot[] = [];
  for (const route of node.routes) {
    const readyBy = Math.max(cursorOf(route.destinationChainId)?.timestamp ?? 0, Math.floor(at / 1000));
    const { by } = route.waitsFor;
    const final = cursorOf(route.sourceChainId)?.finalNumber ?? -1;
    const [newestBatch] = by === 'state-batches' ? await newestBatches(db, route.id, { limit: 1 }) : [];
    routes.push({
      ...route,
      tally: await tallyRoute(db, route.id, readyBy),
      stalled: await stalledMessage(db, route.id, { readyBy, before: at - node.stuckAfter }),
      queue: by === 'queue' ? await tallyQueue(db, route.id, final) : undefined,
      newestBatch,
    });
  }
  const [pending, alarms] = [await tallyPending(db), await openAlarms(db)];
  const day = dayOf(at);
  const spent = await Promise.all(
    node.signers.map(async (signer) => ({ ...signer, wei: await spentOn(db, signer, day) })),
  );
  return { at, milliseconds: performance.now() - start, chains, routes, pending, alarms, spent };
}
