import { hexlify, type Contract } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import { newSignals } from '../../relayer/signals.ts';
import { sequence } from '../../relayer/stages/sequence.ts';
import { deployArtifact } from '../support/chain.ts';
import { recordCall, startLaneNode, type LaneNode } from '../support/laneNode.ts';
import { listeningLogger } from '../support/logger.ts';

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

async function run(): Promise<number> {
  const { l1, l2 } = node.client;
  const queue = { routeId: node.lane.l1ToL2.id, l1ChainId: 900, l2ChainId: 901, l1, l2, finality: 'latest' as const };
  return await sequence(queue, { store: node.store, logger: listeningLogger().logger, signals: newSignals() });
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
