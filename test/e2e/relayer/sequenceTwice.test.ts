import { hexlify, keccak256, toQuantity, type Contract } from 'ethers';
import { beforeEach, describe, expect, test, vi } from 'vitest';

import { queueOf } from '../../../sdk/chain/contracts.ts';
import { sleep } from '../../../sdk/chain/sleep.ts';
import { recordCall, type LaneNode } from '../../support/laneNode.ts';
import { deployRecorder } from '../../support/laneSteps.ts';
import { countHanded, executedDeposits, queuedDeposits, RAW, sequenceOnce } from '../../support/sequencing.ts';
import type { TestStore } from '../../support/store.ts';
import { useLaneNode } from '../../support/useLaneNode.ts';

let node: LaneNode;
let recorder: Contract;

useLaneNode((started) => {
  node = started;
});

beforeEach(async () => {
  recorder = await deployRecorder(node, 'l2');
});

async function run(store?: TestStore): Promise<number> {
  return await sequenceOnce(node, { ...(store && { store }) });
}

async function send(messages: number): Promise<void> {
  const target = await recorder.getAddress();
  for (let label = 0; label < messages; label++) await node.sendDown(target, recordCall(label));
}

async function count(): Promise<bigint> {
  return (await recorder.getFunction('count')()) as bigint;
}

/** Lets the time pass in which what was handed to L2 arrives. */
function letArrive(): void {
  vi.spyOn(Date, 'now').mockImplementation(() => performance.timeOrigin + performance.now() + 10_000);
}

function deposits(): number {
  return countHanded(node);
}

test('the queue is executed once where another process is faster with some of it', async () => {
  await send(3);
  await node.read();
  node.proxies.l2.calls.length = 0;
  const [, ...later] = await queuedDeposits(node);
  let others: Promise<void> | undefined;
  const executeOthers = async (): Promise<void> => {
    for (const raw of later) await node.chains.l2.provider.send(RAW, [raw]);
  };
  // After the receipts of all were looked up, while the first is on its way, the others are executed.
  node.proxies.l2.fault = ({ method }) => {
    if (method !== RAW) return undefined;
    others ??= executeOthers();
    return { kind: 'late', milliseconds: 2000 };
  };
  expect(await run()).toBe(3);
  await others;
  expect(deposits()).toBe(1);
  expect(await count()).toBe(3n);
});

test('an element that another process has sent is waited for while it is in no block', async () => {
  await send(2);
  await node.read();
  node.proxies.l2.calls.length = 0;
  node.proxies.l2.fault = ({ method }) =>
    method === 'eth_getTransactionByHash' ? { kind: 'result', result: { blockHash: null } } : undefined;
  expect(await run()).toBe(0);
  expect(deposits()).toBe(0);
  node.proxies.l2.fault = () => undefined;
  // Once it would have arrived.
  letArrive();
  expect(await run()).toBe(2);
  expect(await count()).toBe(2n);
});

test('an element whose answer is lost long after it was handed out is waited for, too', async () => {
  await send(2);
  await node.read();
  node.proxies.l2.calls.length = 0;
  const arrivals: Promise<unknown>[] = [];
  const arrive = async (raw: unknown): Promise<void> => {
    await sleep(700);
    await node.chains.l2.provider.send(RAW, [raw]);
  };
  // The first takes its time; of the second the connection is cut while it is on its way.
  node.proxies.l2.fault = ({ method, params }) => {
    if (method !== RAW) return undefined;
    if (deposits() === 1) return { kind: 'late', milliseconds: 2100 };
    arrivals.push(arrive(params[0]));
    return { kind: 'lost' };
  };
  await expect(run()).rejects.toMatchObject({ code: 'rpc-unreachable' });
  node.proxies.l2.fault = () => undefined;
  expect(await run()).toBe(0);
  await Promise.all(arrivals);
  expect(await run()).toBe(1);
  expect(deposits()).toBe(2);
  expect(await count()).toBe(2n);
});

test('an element that L2 drops in the moment in which it is handed the next one is executed after that', async () => {
  await send(4);
  await node.read();
  node.proxies.l2.calls.length = 0;
  const { provider } = node.chains.l2;
  node.proxies.l2.fault = ({ method }) =>
    method === RAW && deposits() === 3 ? { kind: 'held', until: provider.send('anvil_rollback', [2]) } : undefined;
  await run();
  expect(await count()).toBe(2n);
  node.proxies.l2.fault = () => undefined;
  // They could still be on their way to an endpoint that is ahead.
  expect(await run()).toBe(0);
  letArrive();
  await run();
  expect(await count()).toBe(4n);
  const [first, second, third, fourth] = (await queuedDeposits(node)).map((raw) => keccak256(raw));
  expect((await executedDeposits(node)).slice(-4)).toEqual([third, fourth, first, second]);
});

test('an element that L2 drops before anybody has read its block is executed again, though nothing else waits', async () => {
  await send(2);
  await node.read();
  expect(await run()).toBe(2);
  const { provider } = node.chains.l2;
  await provider.send('anvil_rollback', [1]);
  await provider.send('anvil_mine', ['0x2']);
  expect(await count()).toBe(1n);
  await node.read();
  letArrive();
  expect(await run()).toBe(1);
  expect(await count()).toBe(2n);
});

test('a node that starts executes what L2 has dropped, though it has what comes after that in a final block', async () => {
  await send(3);
  await node.read();
  const { provider } = node.chains.l2;
  const [first = '', , third = ''] = await queuedDeposits(node);
  const { blockNumber } = (await provider.send(RAW, [first])) as { blockNumber: string };
  await provider.send(RAW, [third]);
  await provider.send('anvil_mine', ['0x3']);
  await node.read();
  const executed = { executed: 1, executedIn: Number(blockNumber) } as const;
  await node.store.db.updateTable('queueElements').set(executed).where('queueIndex', '=', 0).execute();
  node.proxies.l2.calls.length = 0;
  expect(await run({ ...node.store })).toBe(2);
  expect(deposits()).toBe(1);
  expect(await count()).toBe(3n);
});

describe('a new store on an old lane', () => {
  beforeEach(async () => {
    await send(3);
    await node.read();
    await run();
    await node.forget();
    node.proxies.l2.calls.length = 0;
  });

  test('does not execute the queue again, though L2 has forgotten all transactions', async () => {
    node.proxies.l2.fault = ({ method }) =>
      method === 'eth_getTransactionReceipt' || method === 'eth_getTransactionByHash'
        ? { kind: 'result', result: null }
        : undefined;
    await node.read();
    expect(await run()).toBe(3);
    expect(deposits()).toBe(0);
    node.proxies.l2.fault = () => undefined;
    await send(1);
    await node.read();
    expect(await run()).toBe(1);
    expect(deposits()).toBe(1);
    expect(await count()).toBe(4n);
  });

  test('and an old one do not execute again what another sequencer has executed meanwhile', async () => {
    await node.read();
    const { db } = node.store;
    // As it stood when the other one began to act, and was opened anew since.
    await db.updateTable('queueElements').set({ executed: 0, executedIn: null }).where('queueIndex', '>', 0).execute();
    await db.updateTable('queueElements').set({ executed: 1, executedIn: 1 }).where('queueIndex', '=', 0).execute();
    node.proxies.l2.fault = ({ method }) =>
      method.startsWith('eth_getTransaction') ? { kind: 'result', result: null } : undefined;
    expect(await run({ ...node.store })).toBe(2);
    expect(deposits()).toBe(0);
  });

  test('knows by the last transaction alone what came before', async () => {
    const user = node.chains.l1.account(4);
    const target = node.chains.l2.account(8).address;
    await (await queueOf(node.chains.lane, user).enqueue(target, 100_000n, '0x12')).wait();
    await node.read();
    expect(await run()).toBe(4);
    await node.forget();
    node.proxies.l2.calls.length = 0;
    await node.read();
    const [last] = await node.store.db
      .selectFrom('queueElements')
      .select('depositHash')
      .orderBy('queueIndex', 'desc')
      .execute();
    // Of the others there is no trace.
    node.proxies.l2.fault = ({ method, params }) =>
      method === 'eth_call' || (method.startsWith('eth_getTransaction') && params[0] !== hexlify(last!.depositHash))
        ? { kind: 'result', result: method === 'eth_call' ? `0x${'00'.repeat(128)}` : null }
        : undefined;
    expect(await run()).toBe(4);
    expect(deposits()).toBe(0);
  });

  test('executes nothing before all of L1 has been read', async () => {
    const l1 = node.chains.l1.provider;
    const [first] = await l1.getLogs({ address: node.chains.lane.canonicalTransactionChain, fromBlock: 0 });
    const head = (await l1.send('eth_getBlockByNumber', [toQuantity(first!.blockNumber), false])) as unknown;
    // The first element is read, and no later one; L2 has forgotten it.
    node.proxies.l1.fault = ({ method, params }) =>
      method === 'eth_getBlockByNumber' && params[0] === 'latest' ? { kind: 'result', result: head } : undefined;
    await node.read();
    node.proxies.l1.fault = () => undefined;
    node.proxies.l2.fault = ({ method }) =>
      method === RAW ? undefined : method.startsWith('eth_get') ? { kind: 'result', result: null } : undefined;
    expect(await run()).toBe(0);
    expect(deposits()).toBe(0);
    node.proxies.l2.fault = () => undefined;
    await node.read();
    expect(await run()).toBe(3);
    expect(deposits()).toBe(0);
  });
});
