import { join } from 'node:path';
import { rmSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { parseNodeConfig } from '../../relayer/lanes/rollup/config.ts';
import { rollupNodeLane } from '../../relayer/lanes/rollup/rollupNodeLane.ts';
import { startNode } from '../../relayer/node.ts';
import { startLane, type LaneChains } from '../support/lane.ts';
import { listeningLogger } from '../support/logger.ts';
import { startRpcProxy, type RpcProxy } from '../support/rpcProxy.ts';
import { temporaryFolder } from '../support/store.ts';

let chains: LaneChains;
let proxy: RpcProxy;
let folder: string;

beforeAll(async () => {
  chains = await startLane();
  proxy = await startRpcProxy(chains.l1.url);
  folder = temporaryFolder();
});

afterAll(async () => {
  await proxy.stop();
  await chains.stop();
  rmSync(folder, { recursive: true });
});

test('a node whose endpoint hangs ends in a few seconds, without an error', async () => {
  const { logger, lines } = listeningLogger();
  const flags = {
    l1RpcUrl: proxy.url,
    l2RpcUrl: chains.l2.url,
    privateKey: chains.l1.account(0).privateKey,
    pollInterval: '50',
    store: join(folder, 'relayer.sqlite'),
  };
  const node = await startNode(
    rollupNodeLane(chains.lane, parseNodeConfig({ flags, environment: {}, file: {} })),
    logger,
  );
  proxy.fault = () => ({ kind: 'late', milliseconds: 60_000 });
  await setTimeout(500);
  const start = performance.now();
  await node.stop();
  expect(performance.now() - start).toBeLessThan(6000);
  expect(lines.filter(({ level }) => level >= 50)).toEqual([]);
  expect(lines.at(-1)).toMatchObject({ msg: 'the node has stopped' });
});
