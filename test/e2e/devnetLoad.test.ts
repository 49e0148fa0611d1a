import { Wallet } from 'ethers';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startDevnet, type Devnet } from '../../devnet/devnet.ts';
import { connectLane, disconnect, otherSide, type LaneClient } from '../../sdk/chain/client.ts';
import { l1MessengerOf, l2MessengerOf } from '../../sdk/chain/contracts.ts';
import { parseDeliveries, type DeliveryEvent } from '../../sdk/chain/logs.ts';
import { messengerAddress } from '../../sdk/chain/messages.ts';
import type { Side } from '../../sdk/core/deployment.ts';
import { sendBurst } from '../support/burst.ts';
import { temporaryFolder } from '../support/store.ts';
import { until } from '../support/until.ts';

const COUNT = 150;

let network: Devnet;
let client: LaneClient;

beforeAll(async () => {
  const dataDir = temporaryFolder();
  network = await startDevnet({ challengePeriod: 2n, blockTime: 1, dataDir, relayer: true });
  client = await connectLane(network.deployment);
});

afterAll(async () => {
  disconnect(client);
  await network.stop();
});

async function send(fromChain: Side): Promise<void> {
  const messenger = fromChain === 'l1' ? l1MessengerOf(client.lane, client.l1) : l2MessengerOf(client.lane, client.l2);
  const target = network.accounts[3]!.address;
  const request = await messenger.sendMessage.populateTransaction(target, '0x12', 100_000n, { value: 1n });
  const wallet = new Wallet(network.accounts[fromChain === 'l1' ? 0 : 1]!.privateKey, client[fromChain]);
  await sendBurst(
    wallet,
    Array.from({ length: COUNT }, () => ({ ...request, gasLimit: 250_000n })),
  );
}

async function deliveriesOn(side: Side): Promise<DeliveryEvent[]> {
  const address = messengerAddress(client, side);
  return parseDeliveries(await client[side].getLogs({ address, fromBlock: 0, toBlock: 'latest' }), address);
}

/** Hashes of all transactions that a chain has executed, in order. */
async function transactionsOf(side: Side): Promise<string[]> {
  const newest = await client[side].getBlockNumber();
  const numbers = Array.from({ length: newest + 1 }, (_, number) => number);
  const blocks = await Promise.all(numbers.map(async (number) => await client[side].getBlock(number)));
  return blocks.flatMap((block) => block!.transactions);
}

test('under load each message is delivered once, and those from L2 in batches', async () => {
  await Promise.all([send('l1'), send('l2')]);
  for (const fromChain of ['l1', 'l2'] as const) {
    const destination = otherSide(fromChain);
    await until(async () => (await deliveriesOn(destination)).length >= COUNT);
    const deliveries = await deliveriesOn(destination);
    expect(new Set(deliveries.map(({ messageHash }) => messageHash)).size).toBe(COUNT);
    expect(deliveries.filter(({ outcome }) => outcome === 'relayed')).toHaveLength(COUNT);
    const executed = await transactionsOf(destination);
    expect(new Set(executed).size).toBe(executed.length);
  }
  const relays = new Set((await deliveriesOn('l1')).map(({ transactionHash }) => transactionHash));
  expect(relays.size).toBeLessThan(COUNT / 10);
});
