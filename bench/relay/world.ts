import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Wallet, type Contract } from 'ethers';

import { devnetAccount, nodeAccount } from '../../devnet/accounts.ts';
import { startDevnet, type Devnet } from '../../devnet/devnet.ts';
import { connectLane, disconnect, type LaneClient } from '../../sdk/chain/client.ts';
import { stateCommitmentChainOf } from '../../sdk/chain/contracts.ts';
import { sleep } from '../../sdk/chain/sleep.ts';
import type { StateBatch } from '../../sdk/chain/stateBatches.ts';
import type { Side } from '../../sdk/core/deployment.ts';
import { deployArtifact } from '../../test/support/chain.ts';
import { commitBlocks } from '../../test/support/commitBlocks.ts';

/** Seconds of the fraud-proof window, and between two blocks of L1. */
const WINDOW = 5;
const BLOCK_TIME = 1;

/** Gas that each target is promised. */
export const GAS_LIMIT = 100_000;

/** Messages sent by one transaction: on L1 it may have 16,777,216 gas (EIP-7825). */
const CROWD = { l1: 100, l2: 500 } as const;

/** Gas of sending one of them, with room. */
const SEND_GAS = { l1: 150_000n, l2: 120_000n } as const;

/** Milliseconds after which the benchmark gives up waiting. */
const DEADLINE_MS = 240_000;

/** A local network without a node, with a contract on each chain that records what it is sent, and one that sends. */
export interface World extends Devnet {
  readonly dataDir: string;
  readonly client: LaneClient;
  readonly recorders: Readonly<Record<Side, Contract>>;
  readonly crowds: Readonly<Record<Side, Contract>>;
}

/** Starts one on free ports of 127.0.0.1; stop it. */
export async function startWorld(): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), 'xdm-bench-'));
  const devnet = await startDevnet({
    challengePeriod: BigInt(WINDOW),
    blockTime: BLOCK_TIME,
    dataDir,
    relayer: false,
  });
  const client = await connectLane(devnet.deployment);
  const deploy = async (side: Side): Promise<{ recorder: Contract; crowd: Contract }> => {
    const messenger = side === 'l1' ? client.lane.l1Messenger : client.lane.l2Messenger;
    const signer = walletOf(client, side);
    return {
      recorder: await deployArtifact('Recorder', signer, messenger),
      crowd: await deployArtifact('Crowd', signer),
    };
  };
  const [l1, l2] = [await deploy('l1'), await deploy('l2')];
  return {
    ...devnet,
    dataDir,
    client,
    recorders: { l1: l1.recorder, l2: l2.recorder },
    crowds: { l1: l1.crowd, l2: l2.crowd },
    async stop() {
      disconnect(client);
      await devnet.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function walletOf(client: LaneClient, side: Side): Wallet {
  return new Wallet(devnetAccount(0).privateKey, client[side]);
}

/**
 * Sends messages, many by a transaction, each with other data, to the other chain's recorder. They stand in blocks when it
 * returns.
 * @param first number of the first message, from which its data follows
 */
export async function send(world: World, from: Side, count: number, first: number): Promise<void> {
  const { client, crowds, recorders } = world;
  const target = await recorders[from === 'l1' ? 'l2' : 'l1'].getAddress();
  const messenger = from === 'l1' ? client.lane.l1Messenger : client.lane.l2Messenger;
  const wallet = walletOf(client, from);
  const crowd = crowds[from];
  let nonce = await wallet.getNonce();
  const hashes: string[] = [];
  for (let sent = 0; sent < count; sent += CROWD[from]) {
    const some = Math.min(CROWD[from], count - sent);
    const data = crowd.interface.encodeFunctionData('send', [messenger, target, first + sent, some, GAS_LIMIT]);
    const gasLimit = 100_000n + BigInt(some) * SEND_GAS[from];
    const request = { to: await crowd.getAddress(), data, gasLimit, nonce: nonce++, ...FEES };
    const { chainId } = await client[from].getNetwork();
    const raw = await wallet.signTransaction({ ...request, chainId });
    hashes.push((await client[from].send('eth_sendRawTransaction', [raw])) as string);
  }
  for (const hash of hashes) {
    const receipt = await untilThere(async () => await client[from].getTransactionReceipt(hash), 20);
    if (receipt.status !== 1) throw new Error(`transaction ${hash}, which was to send messages, reverted`);
  }
}

const FEES = { type: 2, maxFeePerGas: 100_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n };

/** Commits the state roots of all of L2's blocks. */
export async function commit({ client }: World): Promise<StateBatch> {
  const proposer = new Wallet(nodeAccount().privateKey, client.l1);
  let last: StateBatch | undefined;
  const head = await client.l2.getBlockNumber();
  for (let end = 0; end < head;) {
    last = await commitBlocks(client, proposer, await lastOf(client, head));
    end = Number(client.lane.startBlock + last.prevTotalElements + last.batchSize) - 1;
  }
  if (last === undefined) throw new Error('L2 has no block that is not committed');
  return last;
}

/** Most state roots of one batch, as the node commits them. */
const MOST_ROOTS = 1024;

async function lastOf(client: LaneClient, head: number): Promise<number> {
  const start = await stateCommitmentChainOf(client.lane, client.l1).getTotalElements();
  return Math.min(head, Number(client.lane.startBlock + start) + MOST_ROOTS - 1);
}

/** Waits for the first block of L1 in which what a batch proves is taken. Returns when it was there, by `performance.now()`. */
export async function untilReady({ client }: World, { timestamp }: StateBatch): Promise<number> {
  const ready = Number(timestamp + client.lane.fraudProofWindow);
  await untilThere(async () => {
    const block = await client.l1.getBlock('latest');
    return block !== null && block.timestamp >= ready ? block : undefined;
  }, 20);
  return performance.now();
}

/** How many messages a chain's recorder has got. */
export async function countArrived(world: World, side: Side): Promise<number> {
  return Number(await world.recorders[side].getFunction('count')());
}

/** Waits until there is something to be had. */
export async function untilThere<T>(look: () => Promise<T | null | undefined>, interval = 50): Promise<T> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`waited ${DEADLINE_MS / 1000} s for nothing`);
    await sleep(interval);
  }
}

/** Waits until something is so. Returns when it was, by `performance.now()`. */
export async function untilSo(isSo: () => Promise<boolean>, interval = 50): Promise<number> {
  return await untilThere(async () => ((await isSo()) ? performance.now() : undefined), interval);
}

/** Account 0 on a chain, which sends what the benchmark sends. */
export function senderOn(world: World, side: Side): Wallet {
  return walletOf(world.client, side);
}
