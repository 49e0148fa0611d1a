import { Contract, hexlify, Interface } from 'ethers';
import { beforeEach, describe, expect, test, vi } from 'vitest';

import { canonicalTransactionChain } from '../../../sdk/abi/CanonicalTransactionChain.ts';
import { l1MessengerOf, queueOf } from '../../../sdk/chain/contracts.ts';
import type { SentMessage } from '../../../sdk/chain/logs.ts';
import type { Finality } from '../../../relayer/route.ts';
import { newSignals } from '../../../relayer/signals.ts';
import { sequence } from '../../../relayer/lanes/rollup/stages/sequence.ts';
import { isHalted, openAlarms } from '../../../relayer/store/alarms.ts';
import { deployArtifact } from '../../support/chain.ts';
import { recordCall, type LaneNode } from '../../support/laneNode.ts';
import { deployRecorder } from '../../support/laneSteps.ts';
import { listeningLogger, type LogLine } from '../../support/logger.ts';
import type { Fault } from '../../support/rpcProxy.ts';
import { useLaneNode } from '../../support/useLaneNode.ts';

const GAS = 100_000n;
const RAW = 'eth_sendRawTransactionSync';

let node: LaneNode;
let recorder: Contract;
let target: string;
let lines: LogLine[];
let logger: ReturnType<typeof listeningLogger>['logger'];

useLaneNode((started) => {
  node = started;
});

beforeEach(async () => {
  ({ logger, lines } = listeningLogger());
  recorder = await deployRecorder(node, 'l2');
  target = await recorder.getAddress();
});

async function run(finality: Finality = 'latest'): Promise<number> {
  const { l1, l2, lane } = node.client;
  const queue = { routeId: node.lane.l1ToL2.id, l1ChainId: 900, l2ChainId: 901, l1, l2, lane, finality };
  return await sequence(queue, { store: node.store, logger, signals: newSignals() });
}

/** Passes until nothing moves, once what is on its way would have arrived. */
async function runAll(): Promise<number> {
  vi.spyOn(Date, 'now').mockImplementation(() => performance.timeOrigin + performance.now() + 10_000);
  let executed = 0;
  for (let moved = 1; moved > 0; executed += moved) moved = await run();
  return executed;
}

/** Sends messages down, each with its label. */
async function send(...labels: number[]): Promise<SentMessage[]> {
  const sent: SentMessage[] = [];
  for (const label of labels) sent.push(await node.sendDown(target, recordCall(label)));
  return sent;
}

async function count(): Promise<bigint> {
  return (await recorder.getFunction('count')()) as bigint;
}

/** How many deposits were handed to L2. */
function deposits(): number {
  return node.proxies.l2.calls.filter((method) => method === RAW).length;
}

/** What came of a message on L2. */
async function outcome(message: SentMessage): Promise<unknown> {
  const messenger = new Contract(
    node.chains.lane.l2Messenger,
    ['function successfulMessages(bytes32) view returns (bool)'],
    node.chains.l2.provider,
  );
  return (await messenger.getFunction('successfulMessages')(message.messageHash)) as unknown;
}

describe('the queue', () => {
  test('is executed in order, each element once', async () => {
    const sent = await send(0, 1, 2);
    await node.read();
    expect(await run()).toBe(3);
    expect(await count()).toBe(3n);
    const last = await recorder.getFunction('dataHash')();
    expect(await run()).toBe(0);
    await send(3);
    await node.read();
    expect(await run()).toBe(1);
    expect(await recorder.getFunction('dataHash')()).not.toBe(last);
    expect(await count()).toBe(4n);
    await node.confirm();
    expect(await node.stages()).toBe('relayed relayed relayed relayed');
    expect(sent.map(({ message }) => message.nonce & 0xffffn)).toEqual([0n, 1n, 2n]);
  });

  test('is executed on by a node that has lost its store', async () => {
    await send(0, 1, 2, 3);
    await node.read();
    expect(await run()).toBe(4);
    await node.forget();
    await send(4, 5);
    await node.read();
    node.proxies.l2.calls.length = 0;
    expect(await run()).toBe(6);
    expect(deposits()).toBe(2);
    expect(await count()).toBe(6n);
    await node.confirm();
    expect(await node.stages()).toBe('relayed relayed relayed relayed relayed relayed');
  });

  test('is executed on by a node that was killed in the middle', async () => {
    await send(0, 1, 2, 3);
    await node.read();
    let sends = 0;
    // The third is on its way when the process ends: it arrives, and nobody hears of it.
    node.proxies.l2.fault = ({ method }): Fault | undefined => {
      if (method === RAW) return ++sends < 3 ? undefined : { kind: sends === 3 ? 'answer-lost' : 'lost' };
      return sends < 3 ? undefined : { kind: 'lost' };
    };
    await expect(run()).rejects.toMatchObject({ code: 'rpc-unreachable' });
    node.proxies.l2.fault = () => undefined;
    await node.restart();
    // Two were noted as executed; of the third L2 knows.
    expect(await runAll()).toBe(2);
    expect(await count()).toBe(4n);
    await node.confirm();
    expect(await node.stages()).toBe('relayed relayed relayed relayed');
  });

  test('waits for an element that is perhaps still on its way to L2, and does not send it again', async () => {
    await send(0, 1);
    await node.read();
    // The connection is cut, and what was sent is somewhere in between: nobody can say where.
    node.proxies.l2.fault = ({ method }) => (method === RAW ? { kind: 'lost' } : undefined);
    await expect(run()).rejects.toMatchObject({ code: 'rpc-unreachable' });
    node.proxies.l2.fault = () => undefined;
    node.proxies.l2.calls.length = 0;
    expect(await run()).toBe(0);
    await node.restart();
    expect(await run()).toBe(0);
    expect(deposits()).toBe(0);
    // There it is.
    const [first] = await node.store.db.selectFrom('queueElements').select('raw').orderBy('queueIndex').execute();
    await node.chains.l2.provider.send('eth_sendRawTransaction', [hexlify(first!.raw)]);
    expect(await runAll()).toBe(2);
    expect(await count()).toBe(2n);
  });

  test('holds what accounts and contracts enqueue themselves', async () => {
    const { l1, l2, lane } = node.chains;
    const user = l1.account(4);
    const queue = queueOf(lane, user);
    const code = '0x12';
    await (await queue.enqueue(l2.account(8).address, GAS, code)).wait();
    const caller = await deployArtifact('Caller', user);
    const call = new Interface(canonicalTransactionChain.abi).encodeFunctionData('enqueue', [target, GAS, '0xabcd']);
    await (await caller.getFunction('prepare')(lane.canonicalTransactionChain, call)).wait();
    await (await user.sendTransaction({ to: await caller.getAddress(), data: '0x01' })).wait();
    expect(await caller.getFunction('success')()).toBe(true);
    await send(0);
    await node.read();
    expect(await run()).toBe(3);
    const head = await l2.provider.getBlockNumber();
    const blocks = await Promise.all([2, 1, 0].map(async (back) => await l2.provider.getBlock(head - back, true)));
    const senders = blocks.map((block) => block?.prefetchedTransactions[0]?.from.toLowerCase());
    const alias = (address: string): string =>
      `0x${((BigInt(address) + 0x1111000000000000000000000000000000001111n) % 2n ** 160n).toString(16).padStart(40, '0')}`;
    expect(senders).toEqual([user.address.toLowerCase(), alias(await caller.getAddress()), alias(lane.l1Messenger)]);
    // The contract's call finds no such function and reverts: that is its own affair.
    expect(await count()).toBe(1n);
  });

  test('passes over the replay of a message whose value has arrived, and goes on', async () => {
    const sent = await node.sendDown(target, recordCall(0), 5n);
    const messenger = l1MessengerOf(node.chains.lane, node.chains.l1.account(4));
    await (await messenger.replayMessage(sent.message, 400_000n)).wait();
    await send(1);
    await node.read();
    expect(await run()).toBe(3);
    expect(await count()).toBe(2n);
    expect(lines).toContainEqual(
      expect.objectContaining({ index: 1, msg: 'an element that cannot be executed: passed over' }),
    );
    // A node without a store finds the same: what is after it was executed, and is not again.
    await node.forget();
    await node.read();
    expect(await run()).toBe(3);
    expect(await count()).toBe(2n);
    expect(await outcome(sent)).toBe(true);
  });

  test('waits at an element that L2 refuses for another reason', async () => {
    await send(0, 1);
    await node.read();
    node.proxies.l2.fault = ({ method }) =>
      method === RAW ? { kind: 'error', code: -32_003, message: 'no room' } : undefined;
    await expect(run()).rejects.toMatchObject({
      code: 'rpc-error',
      message: expect.stringContaining('no room') as string,
    });
    expect(await count()).toBe(0n);
    node.proxies.l2.fault = () => undefined;
    expect(await runAll()).toBe(2);
  });
});

describe('an element', () => {
  const mineL1 = async (blocks: number): Promise<void> => {
    await node.chains.l1.provider.send('anvil_mine', [`0x${blocks.toString(16)}`]);
  };
  const dropL1 = async (blocks: number): Promise<void> => {
    await node.chains.l1.provider.send('anvil_rollback', [blocks]);
    await node.chains.l1.provider.send('anvil_dropAllTransactions', []);
  };

  beforeEach(async () => {
    await node.reset('finalized');
    recorder = await deployRecorder(node, 'l2');
    target = await recorder.getAddress();
    await mineL1(4);
    await node.chains.l2.provider.send('anvil_mine', ['0x4']);
    await node.read();
  });

  test('is not executed before its block is as final as asked for', async () => {
    await send(0);
    await node.read();
    expect(await run('safe')).toBe(0);
    expect(await run('finalized')).toBe(0);
    await mineL1(1);
    expect(await run('finalized')).toBe(0);
    expect(await run('safe')).toBe(1);
  });

  test('that L1 has dropped is not executed, though the store does not know it yet', async () => {
    await send(0);
    await node.read();
    await dropL1(1);
    const [other] = await send(7);
    await mineL1(3);
    // The store still has the element that was dropped, in a block number that is final now.
    expect(await run('finalized')).toBe(0);
    expect(await count()).toBe(0n);
    await node.read();
    expect(await run('finalized')).toBe(1);
    expect(await outcome(other!)).toBe(true);
    expect(await count()).toBe(1n);
  });

  test('that L2 has dropped is executed again, before what comes after it', async () => {
    await send(0, 1);
    await node.read();
    expect(await run()).toBe(2);
    await node.read();
    await node.chains.l2.provider.send('anvil_rollback', [1]);
    await send(2);
    await node.chains.l2.provider.send('anvil_mine', ['0x2']);
    node.proxies.l2.fault = ({ method }) => (method === 'eth_getBlockByNumber' ? { kind: 'lost' } : undefined);
    await expect(node.read()).rejects.toMatchObject({ code: 'rpc-unreachable' });
    expect(await run()).toBe(0);
    node.proxies.l2.fault = () => undefined;
    await node.read();
    expect(await runAll()).toBe(2);
    expect(await count()).toBe(3n);
  });

  test('that was executed too early and is replaced by L1 stops the lane, and says so', async () => {
    await send(0);
    await node.read();
    expect(await run('latest')).toBe(1);
    await dropL1(1);
    await send(7);
    await mineL1(2);
    await node.read();
    expect(await openAlarms(node.store.db)).toMatchObject([{ kind: 'queue-rewritten', subject: '0' }]);
    expect(await isHalted(node.store.db)).toBe(true);
    expect(await run('latest')).toBe(0);
    expect(await count()).toBe(1n);
  });

  test('that was executed too early and comes back as it was is not executed again', async () => {
    const [sent] = await send(0);
    await node.read();
    expect(await run('latest')).toBe(1);
    await dropL1(1);
    await mineL1(1);
    await send(0);
    await node.read();
    expect(await run('latest')).toBe(0);
    expect(await count()).toBe(1n);
    expect(await outcome(sent!)).toBe(true);
  });
});
