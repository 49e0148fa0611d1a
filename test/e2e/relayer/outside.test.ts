import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { parseNodeConfig } from '../../../relayer/lanes/rollup/config.ts';
import { rollupNodeLane } from '../../../relayer/lanes/rollup/rollupNodeLane.ts';
import { startNode, type RelayerNode } from '../../../relayer/node.ts';
import { nodeLogger } from '../../../relayer/telemetry/nodeLogger.ts';
import { sendMessage } from '../../../sdk/actions/sendMessage.ts';
import type { LaneMessage } from '../../../sdk/chain/messages.ts';
import type { Side } from '../../../sdk/core/deployment.ts';
import { parseExposition, type Exposition } from '../../support/exposition.ts';
import { startNetwork, type Network } from '../../support/network.ts';
import { startRpcProxy, type RpcProxy } from '../../support/rpcProxy.ts';
import { until } from '../../support/until.ts';

const PASSWORD = 'hunter2-secret';
const API_KEY = 'APIKEY0123456789abcdef';
const TOKEN = 't0ken-s3cret';

let network: Network;
let proxies: RpcProxy[];
let node: RelayerNode;
let secrets: string[];
const lines: string[] = [];

/** A message as the API shows it. */
interface Shown {
  readonly stage: string;
  readonly from: string;
  readonly history: readonly { readonly event: string; readonly transactionHash: string | null }[];
  readonly transactions: readonly { readonly stage: string; readonly attempts: readonly { readonly hash: string }[] }[];
  readonly why: { readonly code: string; readonly text: string };
}

beforeAll(async () => {
  network = await startNetwork({ challengePeriod: 2n, relayer: false });
  proxies = await Promise.all([network.l1RpcUrl, network.l2RpcUrl].map(async (url) => await startRpcProxy(url)));
  const [l1RpcUrl, l2RpcUrl] = proxies.map(({ url }) => {
    return `${url.replace('//', `//operator:${PASSWORD}@`)}/v3/${API_KEY}?token=${TOKEN}`;
  });
  const file = JSON.parse(readFileSync(network.settingsPath, 'utf8')) as { privateKey: string };
  secrets = [PASSWORD, API_KEY, TOKEN, file.privateKey.slice(2)];
  const store = join(network.storePath, '..', 'outside.sqlite');
  const config = parseNodeConfig({
    flags: { l1RpcUrl, l2RpcUrl, store, httpPort: 0, logLevel: 'debug' },
    environment: {},
    file,
  });
  const lane = rollupNodeLane(network.deployment, config);
  const logger = nodeLogger(lane, { write: (line) => void lines.push(line) });
  node = await startNode(lane, logger);
});

afterAll(async () => {
  await node.stop();
  await Promise.all(proxies.map(async (proxy) => await proxy.stop()));
  await network.stop();
});

async function get(path: string): Promise<string> {
  const response = await fetch(`${node.httpUrl}${path}`);
  return await response.text();
}

async function scrape(): Promise<Exposition> {
  return parseExposition(await get('/metrics'));
}

/** The same message from the other chain has the same hash. */
async function shown({ messageHash, fromChain }: LaneMessage): Promise<Shown | undefined> {
  return (JSON.parse(await get(`/v1/messages/${messageHash}`)) as { messages?: Shown[] }).messages?.find(
    ({ from }) => from === fromChain,
  );
}

async function send(fromChain: Side): Promise<LaneMessage> {
  const target = network.accounts[3]?.address ?? '';
  const signer = network.account(fromChain, 0);
  return await sendMessage(network.client, { fromChain, signer, target, data: '0x', gasLimit: 100_000n, value: 1n });
}

describe('from outside', () => {
  test('a message is followed until it is delivered, with what it waited for, its transactions and its events', async () => {
    const down = await send('l1');
    const up = await send('l2');
    const reasons = new Set<string | undefined>();
    await until(async () => {
      const message = await shown(up);
      reasons.add(message?.why.code);
      return message?.stage === 'relayed';
    });
    expect([...reasons]).toEqual(expect.arrayContaining(['challenge-period', 'delivered']));
    await until(async () => (await shown(down))?.stage === 'relayed');

    const message = await shown(up);
    expect(message?.history.map(({ event }) => event)).toEqual(['sent', 'proven', 'submitted', 'relayed']);
    expect(message?.transactions).toHaveLength(1);
    const hashes = message?.transactions[0]?.attempts.map(({ hash }) => hash);
    expect(hashes).toContain(message?.history.at(-1)?.transactionHash);
    expect((await shown(down))?.history.map(({ event }) => event)).toEqual(['sent', 'relayed']);

    const metrics = await scrape();
    expect(metrics.values('xdm_messages')).toMatchObject({ '901 -> 900,relayed': 1, '900 -> 901,relayed': 1 });
    expect(metrics.values('xdm_deliveries_total')).toEqual({ '901 -> 900,relayed': 1, '900 -> 901,relayed': 1 });
    expect(metrics.values('xdm_delivery_after_ready_seconds_count')).toEqual({ '901 -> 900': 1 });
    expect(metrics.values('xdm_ready')).toEqual({ '': 1 });
    expect(metrics.values('xdm_route_paused')).toEqual({ '901 -> 900': 0 });
    const [balance] = Object.values(metrics.values('xdm_signer_balance_wei'));
    expect(balance).toBeGreaterThan(1e18);
    const methods = metrics.samples
      .filter(({ name }) => name === 'xdm_rpc_requests_total')
      .map(({ labels }) => labels['method']);
    expect(methods).toEqual(expect.arrayContaining(['eth_getLogs', 'eth_getProof', 'eth_sendRawTransaction']));
    // Its transaction is looked at on its own, maybe after its delivery.
    await until(async () => {
      const spent = Object.keys((await scrape()).values('xdm_spent_wei_total'));
      return spent.filter((labels) => labels.includes('relay')).length === 1;
    });
  });

  test('an endpoint that fails is seen, and told by its host alone, even if it repeats the key', async () => {
    const [l1] = proxies;
    if (l1 === undefined) throw new Error('no proxy');
    l1.fault = () => ({
      kind: 'error',
      code: -32_000,
      message: `no project ${API_KEY} (${PASSWORD}, ${l1.url}/?token=${TOKEN})`,
    });
    await until(async () => (await scrape()).values('xdm_stage_passes_total')['watch 900,rpc-error'] !== undefined);
    expect((await scrape()).values('xdm_stage_failing_seconds')['watch 900']).toBeGreaterThan(0);
    l1.fault = () => undefined;
    await until(async () => (await scrape()).values('xdm_stage_failing_seconds')['watch 900'] === 0);
  });

  test('nothing that it has said holds a secret', async () => {
    const paths = [
      '/metrics',
      '/readyz',
      '/healthz',
      '/v1/lanes',
      '/v1/messages',
      '/v1/transactions',
      '/v1/batches',
      '/v1/alarms',
    ];
    const answers = await Promise.all(paths.map(get));
    expect(lines.length).toBeGreaterThan(10);
    for (const text of [...answers, ...lines]) for (const secret of secrets) expect(text).not.toContain(secret);
    expect(answers[0]).toContain('127.0.0.1');
  });
});
