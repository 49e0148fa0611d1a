import { haltsBetween } from '../alarm.ts';
import type { Json } from '../json.ts';
import type { ServedNode } from './servedNode.ts';
import type { RouteSnapshot, Snapshot } from './snapshot.ts';
import { showBatch, showTime } from './views.ts';

/** The lane, how far its chains were read, and how its messages stand. Of the endpoints nothing is said. */
export function showLane(node: ServedNode, snapshot: Snapshot): Record<string, Json> {
  const { lane, roles, progress } = node;
  const routes = snapshot.routes.map((route) => showRoute(route, snapshot));
  return {
    ...lane.facts.values,
    roles,
    state: node.state(),
    actsSince: node.state() === 'active' ? showTime(progress.startedAt()) : null,
    alarms: snapshot.alarms.length,
    halted: routes.length > 0 && routes.every(({ halted }) => halted),
    chains: snapshot.chains.map(({ chainId, cursor }) => ({
      chainId,
      head: progress.chain(chainId)?.head ?? null,
      read: cursor?.number ?? null,
      final: cursor?.finalNumber ?? null,
      readTimestamp: cursor === undefined ? null : showTime(cursor.timestamp * 1000),
    })),
    routes,
    signers: node.signers.map(({ chainId, address }) => ({ chainId, address })),
  };
}

function showRoute(route: RouteSnapshot, { alarms }: Snapshot): Record<string, Json> & { readonly halted: boolean } {
  const { name, from, tally, queue, newestBatch, sourceChainId, destinationChainId } = route;
  return {
    route: name,
    from,
    sourceChainId,
    destinationChainId,
    halted: alarms.some((alarm) => haltsBetween(alarm, [sourceChainId, destinationChainId])),
    messages: tally.stages,
    parked: tally.parked,
    ready: tally.ready.count,
    readySince: showTime((tally.ready.oldest ?? 0) * 1000),
    oldestPendingSince: showTime(tally.oldestPendingAt),
    waitingElements: queue?.count ?? null,
    newestBatch: newestBatch === undefined ? null : showBatch(newestBatch),
  };
}
