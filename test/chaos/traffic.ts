import { toBeHex, type TransactionRequest, type Wallet } from 'ethers';

import { l1MessengerOf, l2MessengerOf, queueOf } from '../../sdk/chain/contracts.ts';
import { sleep } from '../../sdk/chain/sleep.ts';
import type { Side } from '../../sdk/core/deployment.ts';
import type { World } from './world.ts';

/** What is sent while things go wrong. */
export interface Traffic {
  /** Of each kind in a round. */
  readonly count: number;
  readonly rounds: number;
  /** Milliseconds between the ends and the beginnings of rounds. */
  readonly pause: number;
}

/** One kind of what is sent: from an account of its own, so that none waits for another. */
interface Kind {
  readonly side: Side;
  readonly account: number;
  readonly build: (world: World, label: number) => Promise<TransactionRequest>;
}

const MIN_GAS_LIMIT = 100_000n;

/** Enough for each of them. */
const GAS_LIMIT = 400_000n;

/** Most wei for a unit of gas: more than any block of a test asks for. */
const MAX_FEE = { l1: 20_000_000_000_000n, l2: 100_000_000_000n };

/** Longest wait for a round to be mined, milliseconds: what a chain has dropped does not come back. */
const ROUND_MS = 6000;

const KINDS: readonly Kind[] = [
  { side: 'l1', account: 0, build: async (world, label) => await message(world, { side: 'l1', label, to: 'sound' }) },
  { side: 'l1', account: 2, build: async (world, label) => await element(world, label) },
  { side: 'l1', account: 3, build: async (world, label) => await message(world, { side: 'l1', label, to: 'broken' }) },
  { side: 'l2', account: 1, build: async (world, label) => await message(world, { side: 'l2', label, to: 'sound' }) },
  { side: 'l2', account: 4, build: async (world, label) => await message(world, { side: 'l2', label, to: 'broken' }) },
];

/** Sends messages in both directions, with value, some to targets that fail, and plain elements of the queue. */
export async function sendTraffic(world: World, traffic: Traffic): Promise<void> {
  await Promise.all(
    KINDS.map(async ({ side, account, build }) => {
      const wallet = world.network.account(side, account);
      for (let round = 0; round < traffic.rounds; round++) {
        const first = round * traffic.count;
        const labels = Array.from({ length: traffic.count }, (_, offset) => first + offset);
        const requests = await Promise.all(labels.map(async (label) => await build(world, label)));
        await sendRound(wallet, side, requests);
        await sleep(traffic.pause);
      }
    }),
  );
}

/** Sends transactions all at once. Those that the chain drops are lost, and their nonces are the next round's. */
async function sendRound(wallet: Wallet, side: Side, requests: readonly TransactionRequest[]): Promise<void> {
  const { provider } = wallet;
  const [nonce, network] = await Promise.all([wallet.getNonce('latest'), provider!.getNetwork()]);
  const common = { chainId: network.chainId, type: 2, gasLimit: GAS_LIMIT, maxPriorityFeePerGas: 1_000_000_000n };
  await Promise.all(
    requests.map(async (request, offset) => {
      const fees = { ...common, maxFeePerGas: MAX_FEE[side] };
      const raw = await wallet.signTransaction({ ...fees, ...request, nonce: nonce + offset });
      // Where the chain has dropped blocks meanwhile, the nonce is another one.
      await provider!.broadcastTransaction(raw).catch(() => undefined);
    }),
  );
  const deadline = performance.now() + ROUND_MS;
  while ((await wallet.getNonce('latest')) < nonce + requests.length && performance.now() < deadline) await sleep(100);
}

async function message(
  { network, targets }: World,
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

async function element({ network, targets }: World, label: number): Promise<TransactionRequest> {
  const queue = queueOf(network.deployment, network.client.l1);
  return await queue.enqueue.populateTransaction(targets.l2.sound.address, MIN_GAS_LIMIT, toBeHex(label, 4));
}
