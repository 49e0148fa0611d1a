import type { Signals } from '../signals.ts';
import type { MetricsRegistry } from './registry.ts';

/** Counts what happens in a node, from now on. */
export function countSignals(signals: Signals, metrics: MetricsRegistry): void {
  countStages(signals, metrics);
  countChains(signals, metrics);
  countTransactions(signals, metrics);
  signals.on('alarmRaised', ({ kind }) => metrics.add('xdm_alarms_raised_total', { kind }));
  signals.on('lightClientUpdated', ({ on: chain, of, count }) => {
    metrics.add('xdm_light_client_updates_total', { chain, of }, count);
  });
  signals.on('batchChecked', ({ agrees }) => metrics.add('xdm_batches_checked_total', { agrees: `${agrees}` }));
  signals.on('batchChallenged', () => metrics.add('xdm_batches_challenged_total', {}));
  signals.on('depositsMatched', ({ count }) => metrics.add('xdm_deposits_matched_total', {}, count));
  signals.on('leaseAcquired', () => metrics.add('xdm_leases_total', { event: 'acquired' }));
  signals.on('leaseLost', ({ isReleased }) => {
    metrics.add('xdm_leases_total', { event: isReleased ? 'released' : 'lost' });
  });
  signals.on('delivered', ({ route, at, deliveries }) => {
    for (const { outcome, seenAt, readyAt } of deliveries) {
      metrics.add('xdm_deliveries_total', { route, outcome });
      // The clocks of chains and of this machine can differ.
      const since = (start: number): number => Math.max(0, (at - start) / 1000);
      if (seenAt !== null) metrics.observe('xdm_delivery_seconds', { route }, since(seenAt));
      if (readyAt !== null) metrics.observe('xdm_delivery_after_ready_seconds', { route }, since(readyAt * 1000));
    }
  });
}

function countStages(signals: Signals, metrics: MetricsRegistry): void {
  signals.on('stagePassed', ({ stage, moved, milliseconds }) => {
    metrics.add('xdm_stage_passes_total', { stage, outcome: 'passed' });
    metrics.add('xdm_stage_seconds_total', { stage }, milliseconds / 1000);
    if (moved > 0) metrics.add('xdm_stage_rows_total', { stage }, moved);
  });
  signals.on('stageFailed', ({ stage, code }) => metrics.add('xdm_stage_passes_total', { stage, outcome: code }));
}

function countChains(signals: Signals, metrics: MetricsRegistry): void {
  signals.on('reorganised', ({ chainId: chain, depth }) => {
    metrics.add('xdm_reorganisations_total', { chain });
    metrics.observe('xdm_reorganisation_depth_blocks', { chain }, depth);
  });
  signals.on('gapFound', ({ chainId: chain }) => metrics.add('xdm_audit_gaps_total', { chain }));
  signals.on('rpcCall', ({ chainId: chain, endpoint, method, outcome, milliseconds }) => {
    metrics.add('xdm_rpc_requests_total', { chain, endpoint, method, outcome });
    metrics.observe('xdm_rpc_request_seconds', { chain, endpoint, method }, milliseconds / 1000);
  });
  signals.on('endpointChanged', ({ chainId: chain, from, to }) => {
    metrics.add('xdm_rpc_failovers_total', { chain, from, to });
  });
  signals.on('endpointLags', ({ chainId: chain, endpoint }) => metrics.add('xdm_rpc_lags_total', { chain, endpoint }));
  signals.on('finalityDisputed', ({ chainId: chain }) => metrics.add('xdm_finality_disputes_total', { chain }));
  signals.on('endpointDropped', ({ chainId: chain, endpoint }) => {
    metrics.add('xdm_rpc_endpoints_dropped_total', { chain, endpoint });
  });
}

function countTransactions(signals: Signals, metrics: MetricsRegistry): void {
  signals.on('transactionMined', ({ chainId: chain, signer, purpose, reverted, gasUsed, wei }) => {
    const labels = { chain, signer, purpose };
    metrics.add('xdm_transactions_total', { ...labels, outcome: reverted ? 'reverted' : 'mined' });
    metrics.add('xdm_gas_used_total', labels, Number(gasUsed));
    metrics.add('xdm_spent_wei_total', labels, Number(wei));
  });
  signals.on('transactionReplaced', ({ chainId: chain, signer }) => {
    metrics.add('xdm_transactions_replaced_total', { chain, signer });
  });
  signals.on('transactionGivenUp', ({ chainId: chain, signer }) => {
    metrics.add('xdm_transactions_given_up_total', { chain, signer });
  });
  signals.on('broadcastRefused', ({ chainId: chain, signer, code }) => {
    metrics.add('xdm_broadcasts_refused_total', { chain, signer, code });
  });
  signals.on('feeCapped', ({ chainId: chain, signer }) => metrics.add('xdm_fee_cap_hits_total', { chain, signer }));
  signals.on('spendingLimitHit', ({ chainId: chain, signer }) => {
    metrics.add('xdm_spending_limit_hits_total', { chain, signer });
  });
}
