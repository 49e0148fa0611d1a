import { toBeHex, type TransactionRequest } from 'ethers';

import { l1MessengerOf, l2MessengerOf, queueOf } from '../../../sdk/chain/contracts.ts';
import { sleep } from '../../../sdk/chain/sleep.ts';
import type { Side } from '../../../sdk/core/deployment.ts';
import { sendRound } from '../rounds.ts';
import type { Traffic } from '../scenario.ts';
import type { RollupWorld } from './world.ts';

/** One kind of what is sent: from an account of its own, so that none waits for another. */
interface Kind {
  readonly side: Side;
  readonly account: number;
  readonly build: (world: RollupWorld, label: number) => Promise<TransactionRequest>;
}

/** Enough for each of them. */
const GAS_LIMIT = 400_000n;

const MIN_GAS_LIMIT = 100_000n;

/** Most wei for a unit of gas: more than any block of a test asks for. */
const MAX_FEE = { l1: 20_000_000_000_000n, l2: 100_000_000_000n };

const KINDS: readonly Kind[] = [
  { side: 'l1', account: 0, build: async (world, label) => await message(world, { side: 'l1', label, to: 'sound' }) },
  { side: 'l1', account: 2, build: async (world, label) => await element(world, label) },
  { side: 'l1', account: 3, build: async (world, label) => await message(world, { side: 'l1', label, to: 'broken' }) },
  { side: 'l2', account: 1, build: async (world, label) => await message(world, { side: 'l2', label, to: 'sound' }) },
  { side: 'l2', account: 4, build: async (world, label) => await message(world, { side: 'l2', label, to: 'broken' }) },
];

/** Sends messages in both directions, with value, some to targets that fail, and plain elements of the queue. */
export async function sendTraffic(world: RollupWorld, traffic: Traffic): Promise<void> {
  await Promise.all(
    KINDS.map(async ({ side, account, build }) => {
      const wallet = world.network.account(side, account);
      for (let round = 0; round < traffic.rounds; round++) {
        const first = round * traffic.count;
        const labels = Array.from({ length: traffic.count }, (_, offset) => first + offset);
        const requests = await Promise.all(labels.map(async (label) => await build(world, label)));
        await sendRound(wallet, requests, { gasLimit: GAS_LIMIT, maxFeePerGas: MAX_FEE[side] });
        await sleep(traffic.pause);
      }
    }),
  );
}

async function message(
  { network, targets }: RollupWorld,
  { side, label, to }: { readonly side: Side; readonly label: number; readonly to: 'sound' | 'broken' },
): Promise<TransactionRequest> {
  const { client, deployment } = network;
  const value = BigInt(label % 3);
  return side === 'l1'
    ? await l1MessengerOf(deployment, client.l1).sendMessage.populateTransaction(
        targets.l2[to].address,
        toBeHex(label, 4),
        MIN_GAS_LIMIT,
        { value },
      )
    : await l2MessengerOf(deployment, client.l2).sendMessage.populateTransaction(
        targets.l1[to].address,
        toBeHex(label, 4),
        MIN_GAS_LIMIT,
        { value },
      );
}

async function element({ network, targets }: RollupWorld, label: number): Promise<TransactionRequest> {
  const queue = queueOf(network.deployment, network.client.l1);
  return await queue.enqueue.populateTransaction(targets.l2.sound.address, MIN_GAS_LIMIT, toBeHex(label, 4));
}
