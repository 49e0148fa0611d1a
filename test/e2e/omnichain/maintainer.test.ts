import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { devnetAccount } from '../../../devnet/accounts.ts';
import { serveLocally, type LocalServer } from '../../../devnet/httpServer.ts';
import { parseOmnichainConfig } from '../../../relayer/lanes/omnichain/config.ts';
import { omnichainNodeLane } from '../../../relayer/lanes/omnichain/omnichainNodeLane.ts';
import { startNode, type RelayerNode } from '../../../relayer/node.ts';
import { lightClientAt } from '../../../sdk/chain/omnichain/contracts.ts';
import { syncCommitteeLightClientAt } from '../../../sdk/chain/omnichain/maintenance/contracts.ts';
import { findLightClient } from '../../../sdk/chain/omnichain/maintenance/maintainerOf.ts';
import { listeningLogger, type LogLine } from '../../support/logger.ts';
import { A, B, RELAY, startOmnichainLane, type OmnichainLane } from '../../support/omnichainLane.ts';
import { temporaryFolder } from '../../support/store.ts';
import { until } from '../../support/until.ts';

const SLOTS_PER_PERIOD = 64;

let lane: OmnichainLane;
let folder: string;
let node: RelayerNode;
let lines: LogLine[];
let source: SwitchedSource;

interface SwitchedSource extends LocalServer {
  isDown: boolean;
}

/** A beacon node that can be had answer nothing but errors. */
async function serveSwitched(url: string): Promise<SwitchedSource> {
  const app = new Hono();
  const state = { isDown: false };
  app.get('*', async (context) => {
    if (state.isDown) return context.text('down', 503);
    const { pathname, search } = new URL(context.req.url);
    return await fetch(`${url}${pathname}${search}`);
  });
  return Object.assign(state, await serveLocally(app, 0));
}

async function start(store: string): Promise<void> {
  const flags = {
    store: join(folder, store),
    httpPort: 0,
    pollInterval: 50,
    maintenanceInterval: 200,
    finality: 'latest',
    privateKey: devnetAccount(3).privateKey,
    maintainerPrivateKey: devnetAccount(4).privateKey,
    sourceUrls: `B=${source.url}`,
  };
  const config = parseOmnichainConfig({ flags, environment: {}, file: {} });
  const log = listeningLogger();
  ({ lines } = log);
  node = await startNode(omnichainNodeLane(lane.client.lane, config), log.logger);
}

beforeAll(async () => {
  lane = await startOmnichainLane();
  folder = temporaryFolder();
  const { entry } = findLightClient(lane.client, { on: RELAY, of: B });
  source = await serveSwitched(entry.sources[0]!);
  await start('first.sqlite');
});

afterAll(async () => {
  await node.stop();
  await source.close();
  await lane.stop();
  rmSync(folder, { recursive: true });
});

/** Waits until one chain knows the block of another that was final. */
async function untilKnown(on: bigint, of: bigint): Promise<void> {
  const final = (await lane.chain(of).provider.getBlock('finalized'))!;
  const { address, provider } = findLightClient(lane.client, { on, of });
  await until(async () => (await lightClientAt(address, provider).head())[0] >= BigInt(final.number));
}

async function periodOf(of: bigint): Promise<bigint> {
  const { address, provider } = findLightClient(lane.client, { on: RELAY, of });
  return await syncCommitteeLightClientAt(address, provider).newestPeriod();
}

describe('a node that maintains light clients', () => {
  test('keeps all of them in sync, over committees that follow each other', async () => {
    const before = await periodOf(A);
    for (let period = 0; period < 3; period++) {
      await lane.advance(A, SLOTS_PER_PERIOD);
      await untilKnown(RELAY, A);
    }
    expect(await periodOf(A)).toBeGreaterThanOrEqual(before + 3n);
    await lane.advance(RELAY, 3);
    await Promise.all([untilKnown(A, RELAY), untilKnown(B, RELAY), untilKnown(RELAY, B)]);
  });

  test('is held up by no source that is down, and catches up over all it has missed', async () => {
    source.isDown = true;
    const before = await periodOf(B);
    await lane.advance(B, 3 * SLOTS_PER_PERIOD);
    await lane.advance(A, SLOTS_PER_PERIOD);
    await untilKnown(RELAY, A);
    await until(async () => await Promise.resolve(lines.some(({ stage }) => stage === `maintain ${B} on ${RELAY}`)));
    expect(await periodOf(B)).toBe(before);

    // Another store: what is next is on the chain.
    await node.stop();
    await start('second.sqlite');
    await lane.advance(A, SLOTS_PER_PERIOD);
    await untilKnown(RELAY, A);

    source.isDown = false;
    await untilKnown(RELAY, B);
    expect(await periodOf(B)).toBeGreaterThanOrEqual(before + 3n);
  });
});
