import { JsonRpcProvider } from 'ethers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { METRICS } from '../../../relayer/metrics/definitions.ts';
import { newMetricsRegistry } from '../../../relayer/metrics/registry.ts';
import { insertAlarm } from '../../../relayer/store/alarms.ts';
import { orphanAbove } from '../../../relayer/store/blocks.ts';
import { recordDeliveries, settleDeliveries } from '../../../relayer/store/deliveries.ts';
import { markProven, markSubmitted, park, recordSent } from '../../../relayer/store/messages.ts';
import { insertTransaction } from '../../../relayer/store/transactions.ts';
import { account, at, delivery, L1, L2, sentMessage } from '../../support/events.ts';
import { parseExposition, type Exposition } from '../../support/exposition.ts';
import { serve, startRpcServer } from '../../support/rpcServer.ts';
import { startServedNode, type ServedTestNode } from '../../support/servedNode.ts';

const SIGNER = { chainId: L1, address: account(3) };

let served: ServedTestNode;

beforeEach(async () => {
  served = await startServedNode();
});

afterEach(async () => {
  await served.stop();
});

async function scrape(): Promise<Exposition> {
  const response = await fetch(`${served.server.url}/metrics`);
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  return parseExposition(await response.text());
}

test('every metric is told with what it is, by names that say their unit', async () => {
  const { help, types, samples } = await scrape();
  for (const [name, { type, help: text }] of Object.entries(METRICS)) {
    expect(types.get(name)).toBe(type);
    expect(help.get(name)).toBe(text);
    expect(name.endsWith('_total')).toBe(type === 'counter');
    expect(name).toMatch(/^xdm_[a-z_]+$/u);
  }
  const own = [...types.keys()].filter((name) => name.startsWith('xdm_'));
  expect(own.toSorted()).toEqual(Object.keys(METRICS).toSorted());
  // What Node says of the process is there as well.
  expect(samples.map(({ name }) => name)).toContain('process_resident_memory_bytes');
});

test('messages are counted by where they stand, without those whose block was dropped', async () => {
  const { db } = served.store;
  const source = { routeId: served.up, chainId: L2 };
  const counters = Array.from({ length: 9 }, (_, counter) => counter);
  await recordSent(
    db,
    source,
    counters.map((counter) => sentMessage(counter, at(10 + counter))),
  );
  const proof = { proof: '0x12', blockNumber: 12, readyAt: 1_700_000_001, batchEventId: 1 };
  await markProven(
    db,
    [2, 3, 4, 5].map((id) => ({ id, ...proof })),
  );
  const transaction = { nonce: 0, purpose: 'relay', messages: 1, createdAt: Date.now() - 5000 };
  const transactionId = await insertTransaction(db, SIGNER, transaction);
  await markSubmitted(db, [4], transactionId);
  await recordDeliveries(db, { routeId: served.up, chainId: L1 }, [delivery(4, at(30)), delivery(5, at(30, 1), '0x')]);
  await settleDeliveries(db, served.up, 30);
  await park(db, 2, { reason: 'target-reverted', nextTryAt: 0 });
  await park(db, 1, { reason: 'rpc-error', nextTryAt: 0 });
  await orphanAbove(db, L2, 17);

  const metrics = await scrape();
  const route = '901 -> 900';
  expect(metrics.values('xdm_messages')).toMatchObject({
    [`${route},sent`]: 3,
    [`${route},proven`]: 2,
    [`${route},submitted`]: 1,
    [`${route},relayed`]: 1,
    [`${route},failed`]: 1,
    [`${route},orphaned`]: 1,
    '900 -> 901,sent': 0,
  });
  expect(metrics.values('xdm_messages_parked')).toEqual({ [`${route},target-reverted`]: 1, [`${route},rpc-error`]: 1 });
  expect(metrics.values('xdm_messages_ready')).toMatchObject({ [route]: 1 });
  expect(metrics.values('xdm_oldest_ready_age_seconds')[route]).toBeGreaterThan(1_000_000);
  expect(metrics.values('xdm_oldest_pending_age_seconds')[route]).toBeLessThan(60);
  expect(metrics.values('xdm_oldest_pending_age_seconds')['900 -> 901']).toBe(0);
  const pending = metrics.values('xdm_signer_pending_age_seconds')[`900,${SIGNER.address},relay`];
  expect(pending).toBeGreaterThanOrEqual(5);
  expect(metrics.values('xdm_signer_pending_transactions')).toEqual({ [`900,${SIGNER.address},relay`]: 1 });
  expect(metrics.values('xdm_chain_cursor_block')).toEqual({ '900': 50, '901': 20 });
  expect(metrics.values('xdm_chain_final_block')).toEqual({ '900': 40, '901': 10 });
});

test('the chains are asked in one request each for balances and pauses, and who stands by asks and says nothing', async () => {
  const requests: number[] = [];
  const answer = serve({ eth_call: { result: `0x${'1'.padStart(64, '0')}` }, eth_getBalance: { result: '0x5' } });
  const l1 = await startRpcServer((body, response) => {
    requests.push(Array.isArray(body) ? body.length : 1);
    answer(body, response);
  });
  const provider = new JsonRpcProvider(l1.url, L1, { staticNetwork: true });
  let isActive = true;
  const providerOf = (chainId: number): JsonRpcProvider | undefined =>
    isActive && chainId === L1 ? provider : undefined;
  const asking = await startServedNode({ providerOf, signers: [SIGNER] });
  try {
    const read = async (): Promise<Exposition> =>
      parseExposition(await (await fetch(`${asking.server.url}/metrics`)).text());
    const metrics = await read();
    // From L1 nobody can pause.
    expect(metrics.values('xdm_route_paused')).toEqual({ '901 -> 900': 1 });
    expect(metrics.values('xdm_signer_balance_wei')).toEqual({ [`900,${SIGNER.address}`]: 5 });
    await read();
    expect(requests).toEqual([2]);

    // What it has known once can be another by now.
    isActive = false;
    const later = performance.now() + 16_000;
    vi.spyOn(performance, 'now').mockReturnValue(later);
    const standby = await read();
    expect(standby.values('xdm_route_paused')).toEqual({});
    expect(standby.values('xdm_signer_balance_wei')).toEqual({});
    expect(requests).toEqual([2]);
  } finally {
    vi.restoreAllMocks();
    await asking.stop();
    provider.destroy();
    await l1.stop();
  }
});

describe('what happens is counted', () => {
  test('with deliveries, and how long they took', async () => {
    const now = 1_700_000_100_000;
    const settled = { messageId: 1, outcome: 'relayed', seenAt: now - 90_000, readyAt: now / 1000 - 3 } as const;
    const failed = { messageId: 2, outcome: 'failed', seenAt: null, readyAt: null } as const;
    served.signals.emit('delivered', { route: 'r', at: now, deliveries: [settled, failed, settled] });
    const metrics = await scrape();
    expect(metrics.values('xdm_deliveries_total')).toEqual({ 'r,relayed': 2, 'r,failed': 1 });
    expect(metrics.values('xdm_delivery_seconds_sum')).toEqual({ r: 180 });
    expect(metrics.values('xdm_delivery_after_ready_seconds_sum')).toEqual({ r: 6 });
    expect(metrics.values('xdm_delivery_after_ready_seconds_bucket')).toMatchObject({ '2,r': 0, '5,r': 2 });
  });

  test('on the chains, at their endpoints', async () => {
    const { signals } = served;
    signals.emit('reorganised', { chainId: 900, depth: 4 });
    signals.emit('gapFound', { chainId: 901, from: 7 });
    signals.emit('chainRead', { chainId: 900, head: 77, read: 50 });
    const call = { chainId: 900, endpoint: 'https://a.example/...', method: 'eth_getLogs', milliseconds: 250 } as const;
    signals.emit('rpcCall', { ...call, outcome: 'ok' });
    signals.emit('rpcCall', { ...call, outcome: 'rate-limited' });
    const metrics = await scrape();
    expect(metrics.values('xdm_reorganisations_total')).toEqual({ '900': 1 });
    expect(metrics.values('xdm_reorganisation_depth_blocks_sum')).toEqual({ '900': 4 });
    expect(metrics.values('xdm_audit_gaps_total')).toEqual({ '901': 1 });
    expect(metrics.values('xdm_chain_head_block')).toEqual({ '900': 77 });
    expect(metrics.values('xdm_rpc_requests_total')).toEqual({
      '900,https://a.example/...,eth_getLogs,ok': 1,
      '900,https://a.example/...,eth_getLogs,rate-limited': 1,
    });
    expect(metrics.values('xdm_rpc_request_seconds_sum')).toEqual({ '900,https://a.example/...,eth_getLogs': 0.5 });
  });

  test('on light clients, which go on to expire after they were looked at', async () => {
    const { signals } = served;
    signals.emit('lightClientSeen', { on: 900, of: 7, head: 12, expiresIn: 3600 });
    signals.emit('lightClientSeen', { on: 900, of: 7, head: 13, expiresIn: 600 });
    signals.emit('lightClientSeen', { on: 900, of: 8, head: 5, expiresIn: undefined });
    signals.emit('lightClientUpdated', { on: 900, of: 7, count: 2 });
    const metrics = await scrape();
    expect(metrics.values('xdm_light_client_head_block')).toEqual({ '900,7': 13, '900,8': 5 });
    expect(metrics.values('xdm_light_client_updates_total')).toEqual({ '900,7': 2 });
    const expires = metrics.values('xdm_light_client_expires_seconds');
    expect(Object.keys(expires)).toEqual(['900,7']);
    expect(expires['900,7']).toBeLessThanOrEqual(600);
    expect(expires['900,7']).toBeGreaterThan(500);
  });

  test('by signers, with what they pay', async () => {
    const signer = { chainId: 900, signer: SIGNER.address };
    const mined = { ...signer, purpose: 'relay', messages: 3, gasUsed: 100_000n, wei: 2n * 10n ** 15n };
    served.signals.emit('transactionMined', { ...mined, reverted: false });
    served.signals.emit('transactionMined', { ...mined, reverted: true });
    served.signals.emit('feeCapped', signer);
    served.signals.emit('broadcastRefused', { ...signer, hash: '0x', code: 'nonce-conflict' });
    const metrics = await scrape();
    const who = `900,${SIGNER.address}`;
    expect(metrics.values('xdm_transactions_total')).toEqual({
      [`${who},relay,mined`]: 1,
      [`${who},relay,reverted`]: 1,
    });
    expect(metrics.values('xdm_gas_used_total')).toEqual({ [`${who},relay`]: 200_000 });
    expect(metrics.values('xdm_spent_wei_total')).toEqual({ [`${who},relay`]: 4e15 });
    expect(metrics.values('xdm_fee_cap_hits_total')).toEqual({ [who]: 1 });
    expect(metrics.values('xdm_broadcasts_refused_total')).toEqual({ [`${who},nonce-conflict`]: 1 });
  });

  test('with the stages, the alarms that last, and whether the node is ready', async () => {
    await insertAlarm(served.store.db, { kind: 'queue-rewritten', subject: '1', message: 'it was', halts: true });
    served.signals.emit('stagePassed', { stage: 'watch 900', moved: 3, milliseconds: 20 });
    served.signals.emit('stageFailed', { stage: 'watch 900', code: 'rpc-error', reason: 'it says no' });
    const metrics = await scrape();
    expect(metrics.values('xdm_stage_passes_total')).toEqual({ 'watch 900,passed': 1, 'watch 900,rpc-error': 1 });
    expect(metrics.values('xdm_stage_rows_total')).toEqual({ 'watch 900': 3 });
    expect(metrics.values('xdm_stage_failing_seconds')['watch 900']).toBeGreaterThanOrEqual(0);
    expect(metrics.values('xdm_alarms')).toEqual({ 'queue-rewritten,true': 1 });
    expect(metrics.values('xdm_ready')).toEqual({ '': 0 });
    expect(metrics.values('xdm_check')).toMatchObject({ alarms: 0, stages: 1, 'chain 900': 1 });
    expect(metrics.values('xdm_active')).toEqual({ '': 1 });
    expect(metrics.values('xdm_store_bytes')['']).toBeGreaterThan(50_000);
  });
});

test('what a gauge does not say any more is gone', async () => {
  const metrics = newMetricsRegistry();
  metrics.set('xdm_messages_parked', [[{ route: 'r', reason: 'paused' }, 3]]);
  metrics.set('xdm_messages_parked', [[{ route: 'r', reason: 'rpc-error' }, 1]]);
  const { body } = await metrics.text();
  expect(parseExposition(body).values('xdm_messages_parked')).toEqual({ 'r,rpc-error': 1 });
});
