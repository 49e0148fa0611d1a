import { hexlify, keccak256, toQuantity, Wallet, type Contract } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { newSignals } from '../../relayer/signals.ts';
import { sequence } from '../../relayer/stages/sequence.ts';
import { toBytes } from '../../relayer/store/bytes.ts';
import type { Store } from '../../relayer/store/store.ts';
import { queueOf } from '../../sdk/chain/contracts.ts';
import { sleep } from '../../sdk/chain/sleep.ts';
import { connect } from '../../sdk/chain/rpc.ts';
import { decodeDeposit, encodeDeposit } from '../../sdk/core/optimism.ts';
import { deployArtifact } from '../support/chain.ts';
import { recordCall, startLaneNode, type LaneNode } from '../support/laneNode.ts';
import { listeningLogger } from '../support/logger.ts';
import { startRpcProxy, type Fault } from '../support/rpcProxy.ts';

const RAW = 'eth_sendRawTransactionSync';

let node: LaneNode;
let recorder: Contract;

beforeAll(async () => {
  node = await startLaneNode();
});

afterAll(async () => {
  await node.stop();
});

beforeEach(async () => {
  recorder = await deployArtifact('Recorder', node.chains.l2.account(3), node.chains.lane.l2Messenger);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await node.reset();
});

/** Of a node that has not executed what comes before. */
function refused(method: string): Fault | undefined {
  return method === RAW
    ? { kind: 'error', code: -32_003, message: 'insufficient funds for gas * price + value' }
    : undefined;
}

async function run(l2 = node.client.l2, store: Store = node.store): Promise<number> {
  const { l1, lane } = node.client;
  const queue = {
    routeId: node.lane.l1ToL2.id,
    l1ChainId: 900,
    l2ChainId: 901,
    l1,
    l2,
    lane,
    finality: 'latest' as const,
  };
  return await sequence(queue, { store, logger: listeningLogger().logger, signals: newSignals() });
}

async function send(messages: number): Promise<void> {
  const target = await recorder.getAddress();
  for (let label = 0; label < messages; label++) await node.sendDown(target, recordCall(label));
}

async function count(): Promise<bigint> {
  return (await recorder.getFunction('count')()) as bigint;
}

/** How many deposits were handed to L2. */
function deposits(): number {
  return node.proxies.l2.calls.filter((method) => method === RAW).length;
}

test('the queue is executed once where another process is faster with some of it', async () => {
  await send(3);
  await node.read();
  node.proxies.l2.calls.length = 0;
  const raws = await node.store.db.selectFrom('queueElements').select('raw').orderBy('queueIndex').execute();
  let others: Promise<void> | undefined;
  const executeOthers = async (): Promise<void> => {
    for (const { raw } of raws.slice(1)) await node.chains.l2.provider.send(RAW, [hexlify(raw)]);
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
  vi.spyOn(Date, 'now').mockImplementation(() => performance.timeOrigin + performance.now() + 10_000);
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

test('an element is not handed to another endpoint while the one that may have executed it is silent', async () => {
  await send(1);
  await node.read();
  const other = await startRpcProxy(node.chains.l2.url);
  const provider = await connect([node.proxies.l2.url, other.url], { name: 'L2' });
  // The first executes it, and is gone; the other one is behind.
  node.proxies.l2.fault = ({ method }) => (method === RAW ? { kind: 'answer-lost' } : undefined);
  other.fault = ({ method }) =>
    method.startsWith('eth_getTransaction') ? { kind: 'result', result: null } : undefined;
  await expect(run(provider)).rejects.toMatchObject({ code: 'rpc-unreachable' });
  node.proxies.l2.fault = () => ({ kind: 'lost' });
  // Once it would have arrived.
  const clock = vi.spyOn(Date, 'now');
  clock.mockImplementation(() => performance.timeOrigin + performance.now() + 10_000);
  await expect(run(provider)).rejects.toMatchObject({
    code: 'rpc-unreachable',
    hint: expect.stringContaining('for a minute'),
  });
  expect(other.calls).not.toContain(RAW);
  node.proxies.l2.fault = () => undefined;
  clock.mockImplementation(() => performance.timeOrigin + performance.now() + 20_000);
  expect(await run(provider)).toBe(1);
  expect(await count()).toBe(1n);
  provider.destroy();
  await other.stop();
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
  await run();
  expect(await count()).toBe(4n);
  expect(deposits()).toBe(6);
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
  expect(await run()).toBe(1);
  expect(await count()).toBe(2n);
});

test('an element is not passed over because an endpoint that is behind lacks its value', async () => {
  const { l2 } = node.chains;
  const sender = Wallet.createRandom();
  await (await l2.account(4).sendTransaction({ to: sender.address, value: 100n })).wait();
  await node.sendDown(await recorder.getAddress(), recordCall(0));
  await node.read();
  // An element that takes more than it mints, as a replay does.
  const { raw } = await node.store.db.selectFrom('queueElements').select('raw').executeTakeFirstOrThrow();
  const way = { from: sender.address, to: l2.account(8).address, data: '0x' };
  const taking = encodeDeposit({ ...decodeDeposit(hexlify(raw)), ...way, mint: 0n, value: 100n });
  await node.store.db
    .updateTable('queueElements')
    .set({ raw: toBytes(taking), depositHash: toBytes(keccak256(taking)) })
    .execute();
  const behind = await startRpcProxy(l2.url);
  const provider = await connect([behind.url, node.proxies.l2.url], { name: 'L2' });
  behind.fault = ({ method }) => (method === 'eth_getBalance' ? { kind: 'result', result: '0x0' } : refused(method));
  await expect(run(provider)).rejects.toMatchObject({ code: 'rpc-error' });
  behind.fault = () => undefined;
  // Once it would have arrived.
  vi.spyOn(Date, 'now').mockImplementation(() => performance.timeOrigin + performance.now() + 10_000);
  expect(await run(provider)).toBe(1);
  expect(await l2.provider.getBalance(sender.address)).toBe(0n);
  provider.destroy();
  await behind.stop();
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
    expect(await run(undefined, { ...node.store })).toBe(2);
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
