import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { devnetAccount } from '../../devnet/accounts.ts';
import { parseOmnichainConfig } from '../../relayer/lanes/omnichain/config.ts';
import { omnichainNodeLane } from '../../relayer/lanes/omnichain/omnichainNodeLane.ts';
import { startNode } from '../../relayer/node.ts';
import { getOrderTrace } from '../../sdk/actions/omnichain/getOrderTrace.ts';
import { transferOut } from '../../sdk/actions/omnichain/transferOut.ts';
import { BeaconNode } from '../../sdk/chain/omnichain/beaconNode.ts';
import { lightClientBetween } from '../../sdk/chain/omnichain/client.ts';
import { SYNC_COMMITTEE_CALLS, syncCommitteeLightClientAt } from '../../sdk/chain/omnichain/maintenance/contracts.ts';
import { waitForReceipt } from '../../sdk/chain/receipts.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { committeeRoot, type SyncCommitteeUpdate } from '../../sdk/core/omnichain/lightClient/syncCommittee.ts';
import { listeningLogger, type LogLine } from '../support/logger.ts';
import { A, B, RELAY, text, wordsTo } from '../support/omnichainLane.ts';
import { until } from '../support/until.ts';
import { startConsensusLane, type ConsensusLane, type Stops } from './lane.ts';

/** Where Lodestar's log is to be found afterwards. */
const FOLDER = resolve('cache/consensus');

/** Epochs of 8 slots, of which 8 are a period. */
const SLOTS_PER_PERIOD = 64n;

/** How often one committee is to follow another. The second one is the first again: a genesis has it so. */
const ROTATIONS = 2n;

/** Other transactions in a message's block. */
const COMPANY = 40;

/** `LogLine.level` of alarms. */
const ALARM = 50;

const stops: Stops = [];
let lane: ConsensusLane;
let lines: readonly LogLine[];
/** Period of the slot that the light client has started from. */
let firstPeriod: bigint;

beforeAll(async () => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  lane = await startConsensusLane(FOLDER, stops);
  firstPeriod = (await lightClient().finalizedSlot()) / SLOTS_PER_PERIOD;
  const listening = listeningLogger();
  ({ lines } = listening);
  const flags = {
    store: join(FOLDER, 'relayer.sqlite'),
    httpPort: 0,
    pollInterval: 500,
    maintenanceInterval: 2000,
    updates: 'all',
    privateKey: devnetAccount(3).privateKey,
  };
  const config = parseOmnichainConfig({ flags, environment: {}, file: {} });
  const node = await startNode(omnichainNodeLane(lane.client.lane, config), listening.logger);
  stops.push(async () => await node.stop());
});

afterAll(async () => {
  for (const stop of stops.toReversed()) await stop();
});

/** The relay chain's light client of A. */
function lightClient() {
  return syncCommitteeLightClientAt(lightClientBetween(lane.client, RELAY, A).address, lane.provider(RELAY));
}

async function send(fromChain: bigint, toChain: bigint, words: string): Promise<string> {
  const target = await lane.counterpart(toChain).getAddress();
  const message = wordsTo(target, words);
  const parameters = { fromChain, toChain, signer: lane.account(fromChain), message };
  return (await transferOut(lane.client, parameters)).orderId;
}

async function untilRelayed(order: string): Promise<void> {
  await until(async () => (await statusOf(order)) === 'relayed');
}

/** Undefined while Lodestar goes from one branch to another, as it does when it has been too late with a block. */
async function statusOf(order: string): Promise<string | undefined> {
  try {
    return (await getOrderTrace(lane.client, order)).status;
  } catch (error) {
    if (error instanceof XdmError && error.code === 'rpc-error') return undefined;
    throw error;
  }
}

async function lastMessage(id: bigint): Promise<string> {
  return (await lane.counterpart(id).getFunction('lastMessage')()) as string;
}

interface Said {
  readonly transaction: string;
  readonly name: string;
  readonly args: readonly (bigint | string)[];
}

/** What the light client has said since it was deployed. */
async function saidByLightClient(): Promise<Said[]> {
  const { address } = lightClientBetween(lane.client, RELAY, A);
  const logs = await lane.provider(RELAY).getLogs({ address, fromBlock: 0 });
  return logs.map((log) => {
    const { name, args } = SYNC_COMMITTEE_CALLS.parseLog(log)!;
    return { transaction: log.transactionHash, name, args: args.toArray() as (bigint | string)[] };
  });
}

/** How many members had not signed what the light client has taken. */
async function absentIn(transaction: string): Promise<number> {
  const { data } = (await lane.provider(RELAY).getTransaction(transaction))!;
  // Others are the creation, and proofs of older blocks.
  const call = SYNC_COMMITTEE_CALLS.parseTransaction({ data });
  return call?.name === 'update' ? (call.args['update_'] as SyncCommitteeUpdate).participation.absent.length : 0;
}

describe('a lane with a chain that Lodestar makes final', () => {
  test('delivers a message of a full block to the other chain', async () => {
    const crowd = lane.account(A);
    const nonce = await crowd.getNonce();
    const others = Array.from({ length: COMPANY }, async (_, index) => {
      return await crowd.sendTransaction({ to: crowd.address, value: 1n, nonce: nonce + index, gasLimit: 21_000n });
    });
    const hashes = (await Promise.all(others)).map(({ hash }) => hash);
    const order = await send(A, B, 'from A to B');
    await untilRelayed(order);
    expect(await lastMessage(B)).toBe(text('from A to B'));
    const receipts = await Promise.all(hashes.map(async (hash) => await waitForReceipt(lane.provider(A), hash)));
    const { blockNumber } = (await getOrderTrace(lane.client, order)).hops[0]!.sent!;
    expect(receipts.filter((receipt) => receipt.blockNumber === blockNumber).length).toBeGreaterThan(COMPANY / 2);
  });

  test('delivers messages to and from the relay chain', async () => {
    await untilRelayed(await send(A, RELAY, 'from A to the relay chain'));
    expect(await lastMessage(RELAY)).toBe(text('from A to the relay chain'));
    await untilRelayed(await send(B, A, 'from B to A'));
    expect(await lastMessage(A)).toBe(text('from B to A'));
  });

  test('follows from one sync committee to the next', async () => {
    const wanted = (firstPeriod + ROTATIONS) * SLOTS_PER_PERIOD;
    await until(async () => (await lightClient().finalizedSlot()) >= wanted);
    // By those who have signed nothing before.
    await untilRelayed(await send(A, B, 'after the rotations'));
    expect(await lastMessage(B)).toBe(text('after the rotations'));
  });

  test('has believed what Lodestar has made final, and nothing else', async () => {
    const said = await saidByLightClient();
    const advances = said.filter(({ name }) => name === 'FinalityAdvanced').map(({ args }) => args as [bigint, bigint]);
    const finalSlot = 8n * (await lane.beacon.finalizedEpoch());
    const beacon = new BeaconNode(lane.beacon.url);
    const roots = new Map<bigint, string>();
    for (const [slot, number] of advances) {
      const payload = await lane.beacon.payloadAt(slot);
      const recorded = await lightClient().finalizedBlockHash(number);
      expect({ number, hash: recorded }).toEqual(payload);
      expect((await lane.provider(A).getBlock(Number(number)))!.hash).toBe(recorded);
      expect(slot).toBeLessThanOrEqual(finalSlot);
      const { committee } = (await beacon.getBootstrap((await beacon.getBlockRoot(slot))!))!;
      roots.set(slot / SLOTS_PER_PERIOD, committeeRoot(committee));
    }
    const learned = said.filter(({ name }) => name === 'CommitteeLearned').map(({ args }) => args as [bigint, string]);
    // The one that is learned last may not have become current.
    const served = learned.filter(([period]) => roots.has(period));
    expect(served.length).toBeGreaterThanOrEqual(Number(ROTATIONS) + 1);
    expect(served).toEqual(served.map(([period]) => [period, roots.get(period)]));
    expect(new Set(roots.values()).size).toBeGreaterThanOrEqual(Number(ROTATIONS));
    const absent = await Promise.all(said.map(async ({ transaction }) => await absentIn(transaction)));
    expect(Math.max(...absent)).toBeGreaterThan(0);
    expect(said.map(({ name }) => name)).not.toContain('Frozen');
    expect(lines.filter(({ level }) => level >= ALARM)).toEqual([]);
    const { made, switches } = lane.builder.counts;
    console.log(
      `${advances.length} updates of ${roots.size} periods accepted, ${learned.length} committees learned, ` +
        `up to ${Math.max(...absent)} of 32 absent, ${made} blocks made, ${switches} times on another branch`,
    );
  });
});
