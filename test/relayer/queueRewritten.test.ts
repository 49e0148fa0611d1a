import { id, toBeHex } from 'ethers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { rollupLane } from '../../relayer/lanes/rollup/rollupLane.ts';
import { newSignals } from '../../relayer/signals.ts';
import { watch } from '../../relayer/stages/watch.ts';
import { isHalted, openAlarms } from '../../relayer/store/alarms.ts';
import { markExecuted } from '../../relayer/store/queueElements.ts';
import { tallyQueue } from '../../relayer/store/tallies.ts';
import type { DepositMode } from '../../sdk/core/deployment.ts';
import { executeQueue } from '../support/executeQueue.ts';
import { listeningLogger } from '../support/logger.ts';
import { startLaneNode, type LaneNode } from '../support/laneNode.ts';

let node: LaneNode;

beforeAll(async () => {
  node = await startLaneNode();
});

afterAll(async () => {
  await node.stop();
});

beforeEach(async () => {
  await node.reset('finalized');
  await mine(6);
  await node.chains.l2.provider.send('anvil_mine', ['0x6']);
  await node.read();
});

async function mine(blocks: number): Promise<void> {
  await node.chains.l1.provider.send('anvil_mine', [toBeHex(blocks)]);
}

/** Sends a message from L1 with each of the labels. */
async function send(...labels: string[]): Promise<void> {
  for (const label of labels) await node.sendDown(node.chains.l2.account(8).address, label);
}

async function drop(blocks: number): Promise<void> {
  await node.chains.l1.provider.send('anvil_rollback', [blocks]);
}

/** Labels of the messages that L1 has sent, and indices of the queue's elements. */
async function recorded(): Promise<[string[], number[]]> {
  const { db } = node.store;
  const messages = await db.selectFrom('messages').select('data').where('orphaned', '=', 0).orderBy('id').execute();
  const elements = await db
    .selectFrom('queueElements')
    .select('queueIndex')
    .where('orphaned', '=', 0)
    .orderBy('queueIndex')
    .execute();
  return [
    messages.map(({ data }) => `0x${Buffer.from(data).toString('hex')}`),
    elements.map(({ queueIndex }) => queueIndex),
  ];
}

describe('an element that L1 replaces after L2 has executed it', () => {
  beforeEach(async () => {
    await send('0xaa');
    await node.read();
    await markExecuted(node.store.db, node.lane.l1ToL2.id, [{ index: 0, block: { number: 1, hash: id('block') } }]);
    await drop(1);
    await send('0xbb', '0xcc');
  });

  test('halts the lane with an alarm, and all else is recorded', async () => {
    await node.read();
    expect(await openAlarms(node.store.db)).toMatchObject([
      {
        kind: 'queue-rewritten',
        subject: '0',
        message: expect.stringMatching(/^L1 has replaced element 0 .*queueFinality/u) as string,
      },
    ]);
    expect(await isHalted(node.store.db)).toBe(true);
    expect(await recorded()).toEqual([
      ['0xbb', '0xcc'],
      [0, 1],
    ]);
    expect(node.lines.filter(({ msg }) => msg === 'logs are missing: reading again')).toEqual([]);
    // What is read later is recorded, too, and the alarm is raised once.
    await send('0xdd');
    await node.read();
    expect((await recorded())[0]).toEqual(['0xbb', '0xcc', '0xdd']);
    expect(node.lines.filter(({ msg }) => msg === 'alarm')).toHaveLength(1);
  });

  test('halts it until L1 is as it was, and not until a restart', async () => {
    await node.read();
    await node.restart();
    await node.read();
    expect(await isHalted(node.store.db)).toBe(true);
    await drop(2);
    await send('0xaa', '0xee');
    await node.read();
    expect(await isHalted(node.store.db)).toBe(false);
    expect(node.lines.filter(({ msg }) => msg === 'the alarm is over')).toMatchObject([
      { kind: 'queue-rewritten', subject: '0' },
    ]);
    expect((await recorded())[0]).toEqual(['0xaa', '0xee']);
  });
});

/** Reads L1 as a node does that does not hand the queue to L2. */
async function readForeign(deposits: DepositMode, isSequencing: boolean): Promise<void> {
  const lane = { ...node.client.lane, deposits };
  const { l1Sources } = await rollupLane(node.store.db, { ...node.client, lane }, { isSequencing });
  const chain = {
    chainId: 900,
    provider: node.client.l1,
    finality: 'finalized' as const,
    deployedAt: Number(lane.l1DeployedAt),
    sources: l1Sources,
  };
  const context = { store: node.store, logger: listeningLogger().logger, signals: newSignals() };
  for (let moved = 1; moved > 0;) moved = await watch(chain, context);
}

describe('the queue that another node hands to L2', () => {
  test('takes no room once it has arrived, and none of it is said to wait', async () => {
    const read = async (): Promise<void> => await readForeign('sequencer', false);
    const waiting = async (): Promise<number> =>
      (await tallyQueue(node.store.db, node.lane.l1ToL2.id, Number.MAX_SAFE_INTEGER)).count;
    await send('0xaa', '0xbb');
    await read();
    await executeQueue(node.client);
    await send('0xcc');
    await mine(4);
    await read();
    expect(await waiting()).toBe(3);
    await node.chains.l2.provider.send('anvil_mine', ['0x4']);
    await node.confirm();
    await mine(1);
    await read();
    expect((await recorded())[1]).toEqual([1, 2]);
    expect(await waiting()).toBe(1);
  });
});

describe('the queue of a lane whose L2 derives deposits itself', () => {
  const read = async (): Promise<void> => await readForeign('derived', true);

  test('is audited: logs that are left out are read again', async () => {
    await send('0xaa');
    await read();
    await send('0xbb', '0xcc');
    node.proxies.l1.fault = ({ method }) =>
      method === 'eth_getLogs' ? { kind: 'changed', change: (logs) => (logs as unknown[]).slice(4) } : undefined;
    await expect(read()).rejects.toMatchObject({ code: 'rpc-error', message: expect.stringContaining('left out') });
    expect((await recorded())[0]).not.toContain('0xcc');
    node.proxies.l1.fault = () => undefined;
    await read();
    expect((await recorded())[0]).toEqual(['0xaa', '0xbb', '0xcc']);
  });

  test('takes no room once it is final', async () => {
    await send('0xaa', '0xbb', '0xcc');
    await read();
    await mine(3);
    await read();
    await mine(1);
    await read();
    expect(await recorded()).toEqual([['0xaa', '0xbb', '0xcc'], [2]]);
    await send('0xdd');
    await read();
    expect((await recorded())[1]).toEqual([2, 3]);
  });
});
