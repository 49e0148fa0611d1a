// How fast the node delivers on the local network, and how much room it takes: messages in both directions, sent at once.
// Prints the figures; --json prints them for machines.
//
// usage: node bench/node.ts [--messages 200] [--challenge-period 10] [--json]
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { Wallet } from 'ethers';

import { startDevnet, type Devnet } from '../devnet/devnet.ts';
import { getStatus } from '../sdk/actions/getStatus.ts';
import { listMessages } from '../sdk/actions/listMessages.ts';
import { connectLane, disconnect, otherSide, type LaneClient } from '../sdk/chain/client.ts';
import { l1MessengerOf, l2MessengerOf } from '../sdk/chain/contracts.ts';
import type { LaneMessage } from '../sdk/chain/messages.ts';
import type { Side } from '../sdk/core/deployment.ts';
import { sendBurst } from '../test/support/burst.ts';

/** As in the gas table: a selector and four words. */
const PAYLOAD_BYTES = 132;

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '200' },
    'challenge-period': { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
  },
});
const count = positive('messages');
const challengePeriod = positive('challenge-period');

function positive(name: 'messages' | 'challenge-period'): number {
  const number = Number(values[name]);
  if (!Number.isInteger(number) || number < 1) throw new RangeError(`--${name} ${values[name]} is not 1 or more`);
  return number;
}

/** Seconds, by the timestamps of blocks, which are whole seconds. */
interface Latency {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

async function send(client: LaneClient, network: Devnet, fromChain: Side): Promise<void> {
  const messenger = fromChain === 'l1' ? l1MessengerOf(client.lane, client.l1) : l2MessengerOf(client.lane, client.l2);
  const target = network.accounts[3]?.address ?? '';
  // An account without code takes no data without value.
  const parameters = [target, `0x${'ab'.repeat(PAYLOAD_BYTES)}`, 100_000n, { value: 1n }] as const;
  const request = { ...(await messenger.sendMessage.populateTransaction(...parameters)), gasLimit: 250_000n };
  const wallet = new Wallet(network.accounts[fromChain === 'l1' ? 0 : 1]?.privateKey ?? '', client[fromChain]);
  await sendBurst(
    wallet,
    Array.from({ length: count }, () => request),
  );
}

async function untilDelivered(client: LaneClient, network: Devnet): Promise<void> {
  const target = network.accounts[3]?.address ?? '';
  const start = await Promise.all([client.l1.getBalance(target), client.l2.getBalance(target)]);
  await Promise.all([send(client, network, 'l1'), send(client, network, 'l2')]);
  for (;;) {
    const [l1, l2] = await Promise.all([client.l1.getBalance(target), client.l2.getBalance(target)]);
    if (l1 - start[0] >= BigInt(count) && l2 - start[1] >= BigInt(count)) return;
    await setTimeout(200);
  }
}

/** From L1: between the two blocks. From L2: from when a message was ready. */
async function latencies(client: LaneClient, fromChain: Side): Promise<Latency> {
  const messages: LaneMessage[] = [];
  for await (const message of listMessages(client, fromChain)) messages.push(message);
  const seconds = await Promise.all(
    messages.map(async (message) => {
      const { readyAt, sentAt, relayTransactionHash } = await getStatus(client, message);
      const destination = client[otherSide(fromChain)];
      const receipt = await destination.getTransactionReceipt(relayTransactionHash ?? '');
      const block = await destination.getBlock(receipt?.blockNumber ?? 0);
      return (block?.timestamp ?? 0) - Number(readyAt ?? sentAt);
    }),
  );
  const sorted = seconds.toSorted((a, b) => a - b);
  return { min: sorted[0] ?? 0, median: sorted[Math.floor(sorted.length / 2)] ?? 0, max: sorted.at(-1) ?? 0 };
}

const dataDir = mkdtempSync(join(tmpdir(), 'xdm-bench-'));
const network = await startDevnet({ challengePeriod: BigInt(challengePeriod), blockTime: 1, dataDir, relayer: true });
const client = await connectLane(network.deployment);
const startedAt = performance.now();
let figures;
try {
  await untilDelivered(client, network);
  const seconds = (performance.now() - startedAt) / 1000;
  figures = {
    'L1 to L2, L1 block to L2 block, s': await latencies(client, 'l1'),
    'L2 to L1, ready to L1 block, s': await latencies(client, 'l2'),
    'all delivered after, s': Number(seconds.toFixed(1)),
  };
} finally {
  disconnect(client);
  await network.stop();
}
const storeBytes = statSync(network.storePath).size;
rmSync(dataDir, { recursive: true, force: true });
const table = { messages: `${count} each way`, ...figures, 'store, bytes': storeBytes };
console.log(values.json ? JSON.stringify(table, undefined, 2) : table);
