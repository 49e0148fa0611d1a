import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';

import type { TransactionRequest } from 'ethers';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { listMessages } from '../../sdk/actions/listMessages.ts';
import { l1MessengerOf, l2MessengerOf, queueOf } from '../../sdk/chain/contracts.ts';
import type { Side } from '../../sdk/core/deployment.ts';
import { sendBurst } from '../support/burst.ts';
import { deployFragile, type FragileTarget } from '../support/fragile.ts';
import { startNetwork, type Network } from '../support/network.ts';
import { until } from '../support/until.ts';

/** Of each kind: messages from L1, messages from L2, plain elements of the queue. */
const COUNT = 100;

const KILLS = 12;

/** Times between a start and a kill, milliseconds: from before the node is up to well into its work. */
const SHORTEST_LIFE = 300;
const LONGEST_LIFE = 2500;

const seed = Number(process.env['XDM_CHAOS_SEED'] ?? Date.now() % 1_000_000);

let network: Network;
let targets: Readonly<Record<Side, FragileTarget>>;

beforeAll(async () => {
  console.log(`XDM_CHAOS_SEED=${seed} repeats the times of this run's kills`);
  network = await startNetwork({ relayer: false, challengePeriod: 5n });
  targets = {
    l1: await deployFragile(network.account('l1', 5), 'never seen'),
    l2: await deployFragile(network.account('l2', 5), 'never seen'),
  };
  await Promise.all([targets.l1.repair(), targets.l2.repair()]);
});

afterAll(async () => {
  await network.stop();
});

test('a node that is killed again and again loses nothing and executes nothing twice', async () => {
  const lives = fc.sample(fc.integer({ min: SHORTEST_LIFE, max: LONGEST_LIFE }), { seed, numRuns: KILLS });
  const sending = Promise.all([sendFromL1(), sendFromL2(), enqueue()]);
  for (const life of lives) {
    const node = startNode();
    await setTimeout(life);
    node.kill('SIGKILL');
    await once(node, 'exit');
  }
  await sending;

  const node = startNode();
  await until(async () => (await targets.l1.count()) >= COUNT && (await targets.l2.count()) >= 2 * COUNT);
  await until(async () => (await l1ToL2Balance()) === BigInt(COUNT));
  // What would be executed twice is executed by now: two more batches, and a pass of every stage.
  await setTimeout(5000);
  node.kill('SIGTERM');
  const [code] = (await once(node, 'exit')) as [number | null];

  expect(code).toBe(0);
  expect(await targets.l1.count()).toBe(BigInt(COUNT));
  expect(await targets.l2.count()).toBe(2n * BigInt(COUNT));
  expect(await l1ToL2Balance()).toBe(BigInt(COUNT));
  expect(await attempts('l1')).toEqual(Array.from({ length: COUNT }, () => 1n));
  expect(await attempts('l2')).toEqual(Array.from({ length: COUNT }, () => 1n));
});

function startNode(): ChildProcess {
  return spawn(process.execPath, ['bin/xdm.mjs', 'relayer', '--deployment', network.deploymentPath], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
}

async function sendFromL1(): Promise<void> {
  const messenger = l1MessengerOf(network.deployment, network.client.l1);
  const request = await messenger.sendMessage.populateTransaction(targets.l2.address, '0x01', 100_000n, { value: 1n });
  await sendBurst(network.account('l1', 0), repeat({ ...request, gasLimit: 200_000n }));
}

async function sendFromL2(): Promise<void> {
  const messenger = l2MessengerOf(network.deployment, network.client.l2);
  const request = await messenger.sendMessage.populateTransaction(targets.l1.address, '0x02', 100_000n);
  await sendBurst(network.account('l2', 1), repeat({ ...request, gasLimit: 200_000n }));
}

async function enqueue(): Promise<void> {
  const queue = queueOf(network.deployment, network.client.l1);
  const request = await queue.enqueue.populateTransaction(targets.l2.address, 100_000n, '0x03');
  await sendBurst(network.account('l1', 2), repeat({ ...request, gasLimit: 200_000n }));
}

function repeat(request: TransactionRequest): TransactionRequest[] {
  return Array.from({ length: COUNT }, () => request);
}

/** Wei that arrived on L2: an element executed twice would mint and bring its wei again. */
async function l1ToL2Balance(): Promise<bigint> {
  return await network.client.l2.getBalance(targets.l2.address);
}

/** How often each of a chain's messages was attempted, by the other chain's messenger. */
async function attempts(fromChain: Side): Promise<bigint[]> {
  const { client, deployment } = network;
  const messenger = fromChain === 'l1' ? l2MessengerOf(deployment, client.l2) : l1MessengerOf(deployment, client.l1);
  const records: bigint[] = [];
  for await (const { messageHash } of listMessages(client, fromChain)) {
    records.push((await messenger.delivery(messageHash)).attempts);
  }
  return records;
}
