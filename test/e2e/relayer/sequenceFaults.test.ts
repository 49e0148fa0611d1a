import { id, keccak256, Wallet, type Contract, type JsonRpcProvider } from 'ethers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { toBytes } from '../../../relayer/store/bytes.ts';
import { sleep } from '../../../sdk/chain/sleep.ts';
import { connect } from '../../../sdk/chain/rpc.ts';
import { decodeDeposit, encodeDeposit } from '../../../sdk/core/optimism.ts';
import { recordCall, type LaneNode } from '../../support/laneNode.ts';
import { deployRecorder } from '../../support/laneSteps.ts';
import { startRpcProxy, type Fault, type RpcProxy } from '../../support/rpcProxy.ts';
import { countHanded, queuedDeposits, RAW, sequenceOnce } from '../../support/sequencing.ts';
import { useLaneNode } from '../../support/useLaneNode.ts';

/** Of a node that has not executed what comes before. */
const REFUSAL: Fault = { kind: 'error', code: -32_003, message: 'insufficient funds for gas * price + value' };

let node: LaneNode;
let recorder: Contract;

useLaneNode((started) => {
  node = started;
});

beforeEach(async () => {
  recorder = await deployRecorder(node, 'l2');
});

afterEach(async () => {
  await node.chains.l2.provider.send('evm_setAutomine', [true]);
});

async function send(messages: number): Promise<void> {
  const target = await recorder.getAddress();
  for (let label = 0; label < messages; label++) await node.sendDown(target, recordCall(label));
  await node.read();
  node.proxies.l2.calls.length = 0;
}

async function count(): Promise<bigint> {
  return (await recorder.getFunction('count')()) as bigint;
}

function setClock(ahead: number): void {
  vi.spyOn(Date, 'now').mockImplementation(() => performance.timeOrigin + performance.now() + ahead);
}

describe('with two endpoints', () => {
  /** Behind the node's own one. */
  let other: RpcProxy;
  let provider: JsonRpcProvider;

  beforeEach(async () => {
    other = await startRpcProxy(node.chains.l2.url);
    provider = await connect([node.proxies.l2.url, other.url], { name: 'L2' });
  });

  afterEach(async () => {
    provider.destroy();
    await other.stop();
  });

  /** The other endpoint has none of the deposits. */
  function fallBehind(): void {
    other.fault = ({ method }) =>
      method.startsWith('eth_getTransaction') ? { kind: 'result', result: null } : undefined;
  }

  test('an element is not handed to one of them while the other one may have executed it, and is silent', async () => {
    await send(1);
    // The first executes it, and is gone.
    node.proxies.l2.fault = ({ method }) => (method === RAW ? { kind: 'answer-lost' } : undefined);
    fallBehind();
    await expect(sequenceOnce(node, { l2: provider })).rejects.toMatchObject({ code: 'rpc-unreachable' });
    node.proxies.l2.fault = () => ({ kind: 'lost' });
    // Once it would have arrived.
    const start = performance.now();
    const steady = vi.spyOn(performance, 'now');
    const pass = (milliseconds: number): void => {
      steady.mockImplementation(() => start + milliseconds);
      vi.spyOn(Date, 'now').mockImplementation(() => performance.timeOrigin + start + milliseconds);
    };
    pass(10_000);
    await expect(sequenceOnce(node, { l2: provider })).rejects.toMatchObject({
      code: 'rpc-unreachable',
      hint: expect.stringContaining('for a minute'),
    });
    // Nor while it has its receipts no more, and says that it cannot say.
    node.proxies.l2.fault = ({ method }) => {
      if (method === 'eth_getTransactionReceipt') return { kind: 'result', result: null };
      return method === 'eth_getTransactionByHash'
        ? { kind: 'error', code: -32_603, message: 'no database' }
        : undefined;
    };
    pass(20_000);
    await expect(sequenceOnce(node, { l2: provider })).rejects.toMatchObject({ code: 'rpc-error' });
    expect(other.calls).not.toContain(RAW);
    node.proxies.l2.fault = () => undefined;
    pass(30_000);
    expect(await sequenceOnce(node, { l2: provider })).toBe(1);
    expect(await count()).toBe(1n);
  });

  test('what the silent one has executed is not taken as dropped because the other one is behind', async () => {
    await node.reset('finalized');
    for (const { provider: each } of [node.chains.l1, node.chains.l2]) await each.send('anvil_mine', ['0x4']);
    recorder = await deployRecorder(node, 'l2');
    await send(2);
    expect(await sequenceOnce(node)).toBe(2);
    // As found by their receipts, and never handed over by this node.
    await node.store.db.updateTable('queueElements').set({ sentAt: 0 }).execute();
    await send(1);
    node.proxies.l2.fault = () => ({ kind: 'lost' });
    fallBehind();
    await expect(sequenceOnce(node, { l2: provider })).rejects.toMatchObject({
      code: 'rpc-unreachable',
      hint: expect.stringContaining('for a minute'),
    });
    node.proxies.l2.fault = () => undefined;
    // Now it says that it has them.
    expect(await sequenceOnce(node, { l2: provider })).toBe(0);
    expect(await sequenceOnce(node, { l2: provider })).toBe(1);
    expect(await count()).toBe(3n);
  });

  test('an element is not passed over because one of them is behind, and lacks its value', async () => {
    const { l2 } = node.chains;
    const sender = Wallet.createRandom();
    await (await l2.account(4).sendTransaction({ to: sender.address, value: 100n })).wait();
    await send(1);
    // An element that takes more than it mints, as a replay does.
    const [raw = ''] = await queuedDeposits(node);
    const way = { from: sender.address, to: l2.account(8).address, data: '0x' };
    const taking = encodeDeposit({ ...decodeDeposit(raw), ...way, mint: 0n, value: 100n });
    await node.store.db
      .updateTable('queueElements')
      .set({ raw: toBytes(taking), depositHash: toBytes(keccak256(taking)) })
      .execute();
    const behind = ({ method }: { readonly method: string }): Fault | undefined => {
      if (method === RAW) return REFUSAL;
      return method === 'eth_getBalance' ? { kind: 'result', result: '0x0' } : undefined;
    };
    node.proxies.l2.fault = behind;
    await expect(sequenceOnce(node, { l2: provider })).rejects.toMatchObject({ code: 'rpc-error' });
    // Nor while the one that has it is silent.
    other.fault = ({ method }) => (method === 'eth_getBalance' ? { kind: 'lost' } : undefined);
    setClock(10_000);
    await expect(sequenceOnce(node, { l2: provider })).rejects.toMatchObject({ code: 'rpc-unreachable' });
    other.fault = () => undefined;
    node.proxies.l2.fault = () => undefined;
    setClock(20_000);
    expect(await sequenceOnce(node, { l2: provider })).toBe(1);
    expect(await l2.provider.getBalance(sender.address)).toBe(0n);
  });
});

describe('an element', () => {
  test.each<[string, string, Fault]>([
    ['nothing', 'rpc-unreachable', { kind: 'lost' }],
    ['that it took too long', 'rpc-error', { kind: 'error', code: -32_603, message: 'request timed out' }],
  ])('of which an endpoint says %s is waited for, wherever the clock is set', async (_, code, fault) => {
    await send(1);
    let arrival: Promise<unknown> = Promise.resolve();
    const arrive = async (raw: unknown): Promise<void> => {
      await sleep(300);
      await node.chains.l2.provider.send(RAW, [raw]);
    };
    node.proxies.l2.fault = ({ method, params }) => {
      if (method !== RAW || countHanded(node) > 1) return undefined;
      arrival = arrive(params[0]);
      return fault;
    };
    await expect(sequenceOnce(node)).rejects.toMatchObject({ code });
    setClock(3_600_000);
    expect(await sequenceOnce(node)).toBe(0);
    await arrival;
    expect(await sequenceOnce(node)).toBe(1);
    expect(countHanded(node)).toBe(1);
    expect(await count()).toBe(1n);
  });

  test('that L2 refuses while it has another one in its pool is handed over again at once', async () => {
    const { provider } = node.chains.l2;
    await send(1);
    const [raw = ''] = await queuedDeposits(node);
    const before = encodeDeposit({ ...decodeDeposit(raw), sourceHash: id('another'), mint: 0n, value: 0n });
    await provider.send('evm_setAutomine', [false]);
    await provider.send('eth_sendRawTransaction', [before]);
    const mine = async (): Promise<void> => {
      await provider.send('evm_mine', []);
      await provider.send('evm_setAutomine', [true]);
    };
    node.proxies.l2.fault = ({ method }) =>
      method === RAW && countHanded(node) === 3 ? { kind: 'held', until: mine() } : undefined;
    expect(await sequenceOnce(node)).toBe(1);
    expect(countHanded(node)).toBe(3);
  });

  test('that L2 refuses because it has it in its pool is not handed over again', async () => {
    const { provider } = node.chains.l2;
    await send(1);
    await provider.send('evm_setAutomine', [false]);
    // It comes from elsewhere after it was looked up, and is mined before it would come again.
    node.proxies.l2.fault = ({ method, params }) => {
      if (method !== RAW) return undefined;
      return {
        kind: 'held',
        until: countHanded(node) === 1 ? provider.send('eth_sendRawTransaction', params) : mine(),
      };
    };
    const mine = async (): Promise<void> => {
      await provider.send('evm_mine', []);
      await provider.send('evm_setAutomine', [true]);
    };
    expect(await sequenceOnce(node)).toBe(0);
    await mine();
    expect(await sequenceOnce(node)).toBe(1);
    expect(countHanded(node)).toBe(1);
    expect(await count()).toBe(1n);
  });
});

test('L2 is asked once how far it has executed a queue of which it has executed nothing', async () => {
  await send(2);
  node.proxies.l2.fault = ({ method }) => (method === RAW ? REFUSAL : undefined);
  const calls = (): number => node.proxies.l2.calls.filter((method) => method === 'eth_call').length;
  await expect(sequenceOnce(node)).rejects.toThrow('insufficient funds');
  expect(calls()).toBe(2);
  await expect(sequenceOnce(node)).resolves.toBe(0);
  expect(calls()).toBe(2);
});
