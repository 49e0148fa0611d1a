import { describe, expect, test } from 'vitest';

import { readCursor } from '../../../relayer/store/blocks.ts';
import { markExecuted, forgetExecuted } from '../../../relayer/store/queueElements.ts';
import { markSettled } from '../../../relayer/store/settlements.ts';
import { ALL_FINAL, executed } from '../../support/events.ts';
import { executeQueue } from '../../support/executeQueue.ts';
import { mined, type LaneNode } from '../../support/laneNode.ts';
import { useLaneNode } from '../../support/useLaneNode.ts';

/** More than are read in one pass. */
const MANY_BLOCKS = '0x900';

let node: LaneNode;

useLaneNode((started) => {
  node = started;
});

describe.each(['l1', 'l2'] as const)('logs of %s', (side) => {
  /** Sends messages from the side, and mines a block for each. */
  async function send(count: number): Promise<void> {
    const target = node.chains.l1.account(8).address;
    for (let sent = 0; sent < count; sent++) {
      if (side === 'l1') await node.sendDown(target, '0x12');
      else await node.sendUp(target, '0x12');
    }
  }

  async function mine(blocks: string): Promise<void> {
    await node.chains[side].provider.send('anvil_mine', [blocks]);
  }

  /** The numbers recorded of what the contract counts. */
  async function recorded(): Promise<number[]> {
    const { db } = node.store;
    if (side === 'l2') {
      const messages = await db.selectFrom('messages').select('counter').where('orphaned', '=', 0).execute();
      return messages.map(({ counter }) => counter).toSorted((a, b) => a - b);
    }
    const elements = await db.selectFrom('queueElements').select('queueIndex').where('orphaned', '=', 0).execute();
    return elements.map(({ queueIndex }) => queueIndex).toSorted((a, b) => a - b);
  }

  /** Leaves out the logs of the blocks whose places, from 0, among those with logs are given. */
  function leaveOut(places: readonly number[], times = Number.POSITIVE_INFINITY): void {
    const blocks: unknown[] = [];
    let left = times;
    node.proxies[side].fault = ({ method }) => {
      if (method !== 'eth_getLogs' || left <= 0) return undefined;
      left--;
      const change = (result: unknown): unknown => {
        const logs = result as { blockNumber: unknown }[];
        for (const { blockNumber } of logs) if (!blocks.includes(blockNumber)) blocks.push(blockNumber);
        return logs.filter(({ blockNumber }) => !places.includes(blocks.indexOf(blockNumber)));
      };
      return { kind: 'changed', change };
    };
  }

  function warnings(): unknown[] {
    return node.lines.filter(({ level }) => level === 40).map(({ msg }) => msg);
  }

  test.each([
    ['the first', [0]],
    ['one in the middle', [1]],
    ['the last', [3]],
    ['all', [0, 1, 2, 3]],
  ])('that are left out once are read again: %s', async (_, places) => {
    await send(4);
    leaveOut(places, 1);
    await expect(node.read()).rejects.toMatchObject({ code: 'rpc-error', retryable: true });
    expect(await recorded()).toEqual([]);
    await node.read();
    expect(await recorded()).toEqual([0, 1, 2, 3]);
  });

  test('that are left out after others were read are read again', async () => {
    await send(2);
    await node.read();
    await send(2);
    leaveOut([0, 1], 1);
    await expect(node.read()).rejects.toMatchObject({ code: 'rpc-error' });
    expect(await recorded()).toEqual([0, 1]);
    await node.read();
    expect(await recorded()).toEqual([0, 1, 2, 3]);
    expect(warnings()).toEqual(['logs are missing: reading again']);
  });

  test('that were left out long before the head are seen there, and read again from the last one known', async () => {
    await send(4);
    await mine(MANY_BLOCKS);
    leaveOut([2, 3], 1);
    await expect(node.read()).rejects.toMatchObject({ code: 'rpc-error' });
    expect(await recorded()).toEqual([0, 1]);
    expect(warnings()).toEqual(['logs are missing: reading again']);
    const chainId = side === 'l1' ? 900 : 901;
    const head = await node.chains[side].provider.getBlockNumber();
    const cursor = await readCursor(node.store.db, chainId);
    expect(cursor?.number).toBeLessThan(head - Number(MANY_BLOCKS));
    await node.read();
    expect(await recorded()).toEqual([0, 1, 2, 3]);
    expect(await readCursor(node.store.db, chainId)).toMatchObject({ number: head });
  });

  test('that are left out of blocks that can be dropped are read again', async () => {
    await node.reset('finalized');
    await node.chains.l1.provider.send('anvil_mine', ['0x4']);
    await node.chains.l2.provider.send('anvil_mine', ['0x4']);
    await node.read();
    await send(3);
    leaveOut([1]);
    await expect(node.read()).rejects.toMatchObject({ code: 'rpc-error' });
    node.proxies[side].fault = () => undefined;
    await node.read();
    expect(await recorded()).toEqual([0, 1, 2]);
  });

  test('that are left out whenever they are asked for end each pass', async () => {
    await send(3);
    leaveOut([1]);
    for (let passes = 0; passes < 3; passes++) await expect(node.read()).rejects.toMatchObject({ code: 'rpc-error' });
    node.proxies[side].fault = () => undefined;
    await node.read();
    expect(await recorded()).toEqual([0, 1, 2]);
  });
});

test('elements that were executed and forgotten are not missing', async () => {
  const target = node.chains.l2.account(8).address;
  for (let sent = 0; sent < 4; sent++) await node.sendDown(target, '0x12');
  await node.read();
  await markExecuted(node.store.db, node.lane.l1ToL2.id, executed(0, 1, 2));
  await markSettled(node.store.db, node.lane.l1ToL2.id, 2);
  await forgetExecuted(node.store.db, node.lane.l1ToL2.id, ALL_FINAL);
  await node.restart();
  await node.sendDown(target, '0x12');
  await node.read();
  const rows = await node.store.db.selectFrom('queueElements').select('queueIndex').execute();
  expect(rows.map(({ queueIndex }) => queueIndex)).toEqual([2, 3, 4]);
  expect(node.lines.filter(({ level }) => level >= 40)).toEqual([]);
});

describe('deliveries whose events were left out', () => {
  test('on L2 are read again, once later elements of the queue were executed', async () => {
    const target = node.chains.l2.account(8).address;
    for (let sent = 0; sent < 3; sent++) await node.sendDown(target, '0x');
    await node.read();
    await executeQueue(node.client, 0n);
    node.proxies.l2.fault = ({ method }) => (method === 'eth_getLogs' ? { kind: 'result', result: [] } : undefined);
    await node.read();
    expect(await node.stages()).toBe('sent sent sent');
    node.proxies.l2.fault = () => undefined;
    await markExecuted(
      node.store.db,
      node.lane.l1ToL2.id,
      [0, 1, 2].map((index) => ({ index, block: null })),
    );
    await node.restart();
    await mine('l2', 1);
    await expect(node.read()).rejects.toMatchObject({ code: 'rpc-error' });
    await node.confirm();
    expect(await node.stages()).toBe('relayed relayed relayed');
  });

  test('on L1 are read again, once their transaction was mined', async () => {
    await node.sendUp(node.chains.l1.account(8).address, '0x');
    const batch = await node.commit();
    await node.read();
    await node.prove();
    await node.passWindow(batch);
    await node.read();
    expect(await node.submit()).toBe(1);
    await mined(node.chains.l1.provider);
    node.proxies.l1.fault = ({ method }) => (method === 'eth_getLogs' ? { kind: 'result', result: [] } : undefined);
    await node.read();
    await node.engine.advance();
    expect(await node.stages()).toBe('submitted');
    node.proxies.l1.fault = () => undefined;
    await node.restart();
    await mine('l1', 1);
    await expect(node.read()).rejects.toMatchObject({ code: 'rpc-error' });
    await node.confirm();
    expect(await node.stages()).toBe('relayed');
  });

  async function mine(side: 'l1' | 'l2', blocks: number): Promise<void> {
    await node.chains[side].provider.send('anvil_mine', [blocks]);
  }
});
