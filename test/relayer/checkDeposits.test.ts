import { hexlify, id, keccak256, type Contract } from 'ethers';
import { beforeEach, describe, expect, test, vi } from 'vitest';

import { AlarmChanges } from '../../relayer/alarms.ts';
import { withWatchtower } from '../../relayer/lanes/rollup/watchtowerSources.ts';
import { sequence } from '../../relayer/lanes/rollup/stages/sequence.ts';
import { readDepositCheck, type DepositCheck } from '../../relayer/store/depositChecks.ts';
import { probeDeposits } from '../../sdk/actions/probeDeposits.ts';
import { l1MessengerOf } from '../../sdk/chain/contracts.ts';
import { parseQueueElements } from '../../sdk/chain/logs.ts';
import { decodeDeposit, encodeDeposit, type Deposit } from '../../sdk/core/optimism.ts';
import { mineAt } from '../support/clock.ts';
import { recordCall, type LaneNode } from '../support/laneNode.ts';
import { deployRecorder } from '../support/laneSteps.ts';
import { useWatchtower } from '../support/useLaneNode.ts';
import type { Watchtower } from '../support/watchtower.ts';

let node: LaneNode;
let recorder: Contract;
let tower: Watchtower;

useWatchtower((started) => {
  ({ node, tower } = started);
});

beforeEach(async () => {
  recorder = await deployRecorder(node, 'l2');
});

/** Sends messages down, and executes the queue as far as the store has it. */
async function sendDown(count: number, value = 0n): Promise<void> {
  const target = await recorder.getAddress();
  for (let label = 0; label < count; label++) await node.sendDown(target, recordCall(label), value);
}

async function execute(): Promise<number> {
  const { l1, l2, lane } = node.client;
  const ends = { l1ChainId: 900, l2ChainId: 901, finality: 'latest' as const };
  const queue = { routeId: node.lane.l1ToL2.id, l1, l2, lane, ...ends };
  return await sequence(queue, tower.context());
}

/** The queue's elements as they are handed to L2. */
async function raws(): Promise<string[]> {
  const rows = await node.store.db.selectFrom('queueElements').select('raw').orderBy('queueIndex').execute();
  return rows.map(({ raw }) => hexlify(raw));
}

/** Has L2 execute what a sequencer hands to it, right or wrong. */
async function handToL2(...deposits: string[]): Promise<void> {
  for (const raw of deposits) await node.chains.l2.provider.send('eth_sendRawTransactionSync', [raw]);
}

/** A deposit that nobody has asked for. */
function invented(more: Partial<Deposit> = {}): string {
  const somebody = node.chains.l2.account(8).address;
  const rest = { from: somebody, to: somebody, mint: 10n ** 18n, value: 0n, gasLimit: 50_000n, data: '0x' };
  return encodeDeposit({ sourceHash: id('invented'), ...rest, ...more });
}

/** Anew, with chains whose last blocks are not final. */
async function resetFinalized(): Promise<void> {
  await node.reset('finalized');
  recorder = await deployRecorder(node, 'l2');
  for (const { provider } of [node.chains.l1, node.chains.l2]) await provider.send('anvil_mine', ['0x4']);
  await node.read();
}

/** Reads both chains, as of a moment at which L1 is as young as L2, and compares. */
async function look(): Promise<DepositCheck> {
  const [l1, l2] = [node.chains.l1.provider, node.chains.l2.provider];
  const timestamp = BigInt((await l2.getBlock('latest'))!.timestamp);
  if (BigInt((await l1.getBlock('latest'))!.timestamp) < timestamp) await mineAt(l1, timestamp);
  await node.read();
  await tower.checkDeposits();
  return (await readDepositCheck(node.store.db, node.lane.l1ToL2.id))!;
}

describe('every deposit on L2', () => {
  test('is compared with the queue: in order, each once, and what was seen is forgotten', async () => {
    await sendDown(3, 5n);
    await node.read();
    expect(await execute()).toBe(3);
    const { number } = (await node.chains.l2.provider.getBlock('latest'))!;
    expect(await look()).toEqual({ blockNumber: number, nextIndex: 3 });
    expect(await node.store.db.selectFrom('expectedDeposits').selectAll().execute()).toEqual([]);
    expect(await tower.alarms('unexpected-deposit')).toEqual([]);
    // An idle chain costs one request a block, none where there is no block, and wakes nobody.
    node.proxies.l2.calls.length = 0;
    await tower.checkDeposits();
    expect(node.proxies.l2.calls).toEqual([]);
    await node.chains.l2.provider.send('anvil_mine', ['0x67']);
    await node.read();
    node.proxies.l2.calls.length = 0;
    expect(await tower.checkDeposits()).toEqual([100, 0]);
    expect(node.proxies.l2.calls).toHaveLength(103);
  });

  test('that is invented is called out with what it mints and for whom, and halts the lane', async () => {
    await sendDown(1);
    await node.read();
    await execute();
    const before = await look();
    const raw = invented();
    await handToL2(raw);
    expect(await look()).toMatchObject({ ...before, held: { why: 'unexpected', depositHash: keccak256(raw) } });
    expect(await tower.alarms('unexpected-deposit')).toEqual([keccak256(raw)]);
    const [message] = await tower.messages('unexpected-deposit');
    expect(message).toContain(`mints 1.0 ETH for ${node.chains.l2.account(8).address.toLowerCase()}`);
    expect(message).toContain('it is no element of the queue');
    expect(await node.store.db.selectFrom('alarms').select('halts').execute()).toEqual([{ halts: 1 }]);
  });

  test.each([
    [[0, 1, 0], 2, 'element 0 of the queue was executed before'],
    [[1, 1], 0, 'it is element 1 of the queue, and element 0 is next'],
  ])('that is executed twice is called out: %j', async (order, nextIndex, relation) => {
    await sendDown(2);
    await node.read();
    const handed = await raws();
    await handToL2(...order.map((index) => handed[index] ?? ''));
    const depositHash = keccak256(handed[order.at(-1) ?? 0] ?? '');
    expect(await look()).toMatchObject({ nextIndex, held: { why: 'unexpected', depositHash } });
    expect((await tower.messages('unexpected-deposit'))[0]).toContain(relation);
  });

  test('that is executed before another one is right, and called out until the other one has come', async () => {
    await sendDown(3);
    await node.read();
    const [first = '', second = '', third = ''] = await raws();
    await handToL2(second);
    expect(await look()).toMatchObject({ nextIndex: 0 });
    expect((await tower.messages('skipped-deposit'))[0]).toContain(
      'has executed element 1 of the queue, and not element 0',
    );
    expect(await node.store.db.selectFrom('alarms').select('halts').execute()).toEqual([{ halts: 0 }]);
    await handToL2(third, first);
    expect(await look()).toMatchObject({ nextIndex: 3 });
    expect(await tower.alarms('skipped-deposit')).toEqual([]);
  });

  test('that has another content than its element is called out', async () => {
    await sendDown(1, 5n);
    await node.read();
    const [raw = ''] = await raws();
    await handToL2(encodeDeposit({ ...decodeDeposit(raw), mint: 6n }));
    expect(await look()).toMatchObject({ nextIndex: 0, held: { why: 'unexpected' } });
    expect((await tower.messages('unexpected-deposit'))[0]).toContain('L1 has another element 0 in its final blocks');
  });

  test('is let pass by the word of the operator, and the alarm ends', async () => {
    const raw = invented();
    await handToL2(raw);
    await look();
    expect(await tower.alarms('unexpected-deposit')).toHaveLength(1);
    tower.options = { acceptedDeposits: [keccak256(raw)] };
    const check = await look();
    expect(check.held).toBeUndefined();
    expect(check.blockNumber).toBe(await node.chains.l2.provider.getBlockNumber());
    expect(await tower.alarms('unexpected-deposit')).toEqual([]);
  });

  test('is waited for where L1 is behind, and not blamed', async () => {
    const head = (await node.chains.l1.provider.send('eth_getBlockByNumber', ['latest', false])) as unknown;
    await sendDown(1);
    await node.read();
    const [raw = ''] = await raws();
    await mineAt(node.chains.l2.provider, BigInt((await node.chains.l1.provider.getBlock('latest'))!.timestamp + 10));
    // As a node with a new store, which has read L2 and not L1.
    await handToL2(raw);
    await node.forget();
    const { l1 } = node.proxies;
    l1.fault = ({ method, params }) =>
      method === 'eth_getBlockByNumber' && params[0] === 'latest' ? { kind: 'result', result: head } : undefined;
    await node.read();
    await tower.checkDeposits();
    const check = await readDepositCheck(node.store.db, node.lane.l1ToL2.id);
    expect(check).toMatchObject({ nextIndex: 0, held: { why: 'waiting' } });
    expect(await tower.alarms('unexpected-deposit')).toEqual([]);
    l1.fault = () => undefined;
    expect(await look()).toMatchObject({ nextIndex: 1 });
  });

  test('may leave out the replay of a message whose value has arrived', async () => {
    const sent = await node.sendDown(await recorder.getAddress(), recordCall(0), 5n);
    const messenger = l1MessengerOf(node.chains.lane, node.chains.l1.account(4));
    await (await messenger.replayMessage(sent.message, 400_000n)).wait();
    await sendDown(1);
    await node.read();
    expect(await execute()).toBe(3);
    expect(await look()).toMatchObject({ nextIndex: 3 });
    // Nor is it wrong where it comes after all, as what was dropped with its block does.
    const [, replay = ''] = await raws();
    await node.chains.l2.provider.send('anvil_setBalance', [decodeDeposit(replay).from, '0xff']);
    await handToL2(replay);
    expect(await look()).toEqual({ nextIndex: 3, blockNumber: await node.chains.l2.provider.getBlockNumber() });
    expect(await tower.alarms('unexpected-deposit')).toEqual([]);
  });

  test('can be one with which a lane is tried out', async () => {
    await probeDeposits(node.chains.l2.provider);
    expect((await look()).held).toBeUndefined();
  });

  test('is compared by a node with a new store, and only what is final', async () => {
    await resetFinalized();
    await sendDown(2);
    await node.read();
    await execute();
    const final = await node.chains.l2.provider.getBlock('finalized');
    await handToL2(invented());
    const check = await look();
    expect(check.held).toBeUndefined();
    expect(check.blockNumber).toBeGreaterThanOrEqual(final!.number);
    await node.chains.l2.provider.send('anvil_mine', ['0x4']);
    expect((await look()).held?.why).toBe('unexpected');
    await node.forget();
    expect((await look()).held?.why).toBe('unexpected');
  });
});

test('a deposit that L2 derives itself is known by the hash that Optimism gives it', async () => {
  await sendDown(1);
  await node.read();
  const { lane } = node.client;
  const client = { ...node.client, lane: { ...lane, deposits: 'derived' as const } };
  const logs = await node.client.l1.getLogs({ address: lane.canonicalTransactionChain, fromBlock: 0 });
  const source = withWatchtower(client, node.lane).l1Sources.at(-1)!;
  await node.store.write(async (db) => await source.record(db, logs, new AlarmChanges(db)));
  const [element] = parseQueueElements(logs, lane.canonicalTransactionChain);
  tower.options = { client };
  await handToL2(encodeDeposit(element!.deposit));
  expect(await look()).toMatchObject({ nextIndex: 1 });
  expect(await tower.alarms('unexpected-deposit')).toEqual([]);
});

describe('an element that L1 can still drop', () => {
  const mineL1 = async (blocks: number): Promise<void> => {
    await node.chains.l1.provider.send('anvil_mine', [`0x${blocks.toString(16)}`]);
  };

  test('and L2 has executed is called out after a while, and what comes in its place halts the lane', async () => {
    await mineL1(4);
    tower.options = { queueFinality: 'finalized' };
    await sendDown(1);
    await node.read();
    await execute();
    expect((await look()).held?.why).toBe('waiting');
    const now = Date.now();
    vi.spyOn(Date, 'now').mockImplementation(() => now + 40_000);
    expect((await look()).held?.why).toBe('early');
    expect(await tower.alarms('early-deposit')).toHaveLength(1);
    expect(await node.store.db.selectFrom('alarms').select('halts').execute()).toEqual([{ halts: 0 }]);

    // Once it is final all is well.
    await mineL1(3);
    expect(await look()).toMatchObject({ nextIndex: 1 });
    expect(await tower.alarms('early-deposit')).toEqual([]);
  });

  test('and was replaced after it had been compared halts the lane', async () => {
    await resetFinalized();
    await sendDown(1);
    await node.read();
    const [raw = ''] = await raws();
    await handToL2(raw);
    await node.chains.l2.provider.send('anvil_mine', ['0x4']);
    expect(await look()).toMatchObject({ nextIndex: 1 });
    const head = await node.chains.l1.provider.getBlockNumber();
    const [row] = await node.store.db.selectFrom('expectedDeposits').select('blockNumber').execute();
    await node.chains.l1.provider.send('anvil_rollback', [head - row!.blockNumber + 1]);
    await node.chains.l1.provider.send('anvil_dropAllTransactions', []);
    await sendDown(1, 7n);
    await mineL1(3);
    await look();
    expect(await tower.alarms('unexpected-deposit')).toEqual([keccak256(raw)]);
    expect((await tower.messages('unexpected-deposit'))[0]).toContain('L1 has another in its place now');
    // Also once that is final: L2 still holds it.
    await mineL1(4);
    await node.chains.l2.provider.send('anvil_mine', ['0x2']);
    await look();
    await node.chains.l2.provider.send('anvil_mine', ['0x2']);
    await look();
    expect(await tower.alarms('unexpected-deposit')).toEqual([keccak256(raw)]);
  });
});
