import { checkReadiness } from '../http/readiness.ts';
import type { ServedNode } from '../http/servedNode.ts';
import type { RouteSnapshot, Snapshot } from '../http/snapshot.ts';
import type { Balance, ChainFacts } from './chainFacts.ts';
import type { MetricsRegistry } from './registry.ts';

/** What the gauges are made of. */
export interface Collected {
  readonly node: ServedNode;
  readonly snapshot: Snapshot;
  readonly chainFacts: ChainFacts;
  /** Of the store. */
  readonly bytes: number;
}

/** Sets the gauges to what is so now. */
export function collect(metrics: MetricsRegistry, { node, snapshot, chainFacts, bytes }: Collected): void {
  collectRoutes(metrics, snapshot);
  collectChains(metrics, node, snapshot);
  collectLightClients(metrics, node, snapshot);
  collectSigners(metrics, snapshot, chainFacts.balances);
  metrics.set(
    'xdm_route_paused',
    chainFacts.pauses.map(({ route, isPaused }) => [{ route }, isPaused ? 1 : 0]),
  );
  const limit = node.maxSpendPerDay;
  metrics.set(
    'xdm_signer_spending_limit_wei',
    limit === undefined
      ? []
      : node.signers.map(({ chainId, address }) => [{ chain: chainId, signer: address }, Number(limit)]),
  );
  const { ready, state, checks } = checkReadiness(node, snapshot);
  metrics.set('xdm_ready', [[{}, ready ? 1 : 0]]);
  metrics.set('xdm_active', [[{}, state === 'active' ? 1 : 0]]);
  metrics.set(
    'xdm_check',
    checks.map(({ name, ok }) => [{ check: name }, ok ? 1 : 0]),
  );
  metrics.set(
    'xdm_stage_failing_seconds',
    node.progress.stages().map(({ name, failing }) => {
      return [{ stage: name }, failing === undefined ? 0 : (Date.now() - failing.since) / 1000];
    }),
  );
  const alarms = Map.groupBy(snapshot.alarms, ({ kind, halts }) => JSON.stringify({ kind, halts: `${halts}` }));
  metrics.set(
    'xdm_alarms',
    [...alarms].map(([labels, open]) => [JSON.parse(labels) as Record<string, string>, open.length]),
  );
  metrics.set('xdm_store_bytes', [[{}, bytes]]);
  metrics.set('xdm_scrape_seconds', [[{}, snapshot.milliseconds / 1000]]);
}

function collectRoutes(metrics: MetricsRegistry, { routes, at }: Snapshot): void {
  const of = (value: (route: RouteSnapshot) => number) =>
    routes.map((route) => [{ route: route.name }, value(route)] as const);
  const age = (since: number | undefined): number => (since === undefined ? 0 : Math.max(0, (at - since) / 1000));
  const flat = <T>(label: string, entries: (route: RouteSnapshot) => Readonly<Record<string, T>>) =>
    routes.flatMap((route) => {
      return Object.entries(entries(route)).map(
        ([key, value]) => [{ route: route.name, [label]: key }, value] as const,
      );
    });
  metrics.set(
    'xdm_messages',
    flat('stage', ({ tally }) => tally.stages),
  );
  metrics.set(
    'xdm_messages_parked',
    flat('reason', ({ tally }) => tally.parked),
  );
  metrics.set(
    'xdm_messages_ready',
    of(({ tally }) => tally.ready.count),
  );
  metrics.set(
    'xdm_oldest_pending_age_seconds',
    of(({ tally }) => age(tally.oldestPendingAt)),
  );
  metrics.set(
    'xdm_oldest_ready_age_seconds',
    of(({ tally: { ready } }) => age(ready.oldest && ready.oldest * 1000)),
  );
  metrics.set(
    'xdm_queue_oldest_age_seconds',
    routes.flatMap(({ name, queue }) => (queue === undefined ? [] : [[{ route: name }, age(queue.oldestAt)] as const])),
  );
  metrics.set(
    'xdm_queue_waiting_elements',
    routes.flatMap(({ name, queue }) => (queue === undefined ? [] : [[{ route: name }, queue.count] as const])),
  );
  metrics.set(
    'xdm_state_batch_timestamp_seconds',
    routes.flatMap(({ name, newestBatch }) => {
      return newestBatch === undefined ? [] : [[{ route: name }, Number(newestBatch.timestamp)] as const];
    }),
  );
}

function collectChains(metrics: MetricsRegistry, { progress }: ServedNode, { chains, at }: Snapshot): void {
  const known = chains.map(({ chainId, cursor }) => ({ chain: chainId, cursor, said: progress.chain(chainId) }));
  const read = known.flatMap(({ chain, cursor }) => (cursor === undefined ? [] : [{ chain, cursor }]));
  metrics.set(
    'xdm_chain_head_block',
    known.flatMap(({ chain, said }) => (said === undefined ? [] : [[{ chain }, said.head] as const])),
  );
  metrics.set(
    'xdm_chain_silence_seconds',
    known.map(({ chain, said }) => [{ chain }, Math.max(0, (at - (said?.seenAt ?? progress.startedAt())) / 1000)]),
  );
  metrics.set(
    'xdm_chain_cursor_block',
    read.map(({ chain, cursor }) => [{ chain }, cursor.number]),
  );
  metrics.set(
    'xdm_chain_cursor_timestamp_seconds',
    read.map(({ chain, cursor }) => [{ chain }, cursor.timestamp]),
  );
  metrics.set(
    'xdm_chain_final_block',
    read.map(({ chain, cursor }) => [{ chain }, cursor.finalNumber]),
  );
}

function collectLightClients(metrics: MetricsRegistry, { progress }: ServedNode, { at }: Snapshot): void {
  const seen = progress.lightClients().map((each) => ({ ...each, labels: { chain: each.on, of: each.of } }));
  metrics.set(
    'xdm_light_client_head_block',
    seen.map(({ labels, head }) => [labels, head]),
  );
  metrics.set(
    'xdm_light_client_expires_seconds',
    seen.flatMap(({ labels, expiresIn, seenAt }) => {
      return expiresIn === undefined ? [] : [[labels, expiresIn - (at - seenAt) / 1000] as const];
    }),
  );
}

function collectSigners(
  metrics: MetricsRegistry,
  { pending, spent, at }: Snapshot,
  balances: readonly Balance[],
): void {
  metrics.set(
    'xdm_signer_balance_wei',
    balances.map(({ chainId, address, wei }) => [{ chain: chainId, signer: address }, Number(wei)]),
  );
  metrics.set(
    'xdm_signer_spent_today_wei',
    spent.map(({ chainId, address, wei }) => [{ chain: chainId, signer: address }, Number(wei)]),
  );
  const labels = pending.map(({ chainId, signer, purpose }) => ({ chain: chainId, signer, purpose }));
  metrics.set(
    'xdm_signer_pending_transactions',
    pending.map(({ count }, position) => [labels[position] ?? {}, count]),
  );
  metrics.set(
    'xdm_signer_pending_age_seconds',
    pending.map(({ oldestAt }, position) => [labels[position] ?? {}, Math.max(0, (at - oldestAt) / 1000)]),
  );
}
