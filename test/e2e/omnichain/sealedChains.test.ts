import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { encodeRlp, keccak256, toQuantity, type Contract, type Wallet } from 'ethers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { devnetAccount } from '../../../devnet/accounts.ts';
import { startAttestorSet, type AttestorSet } from '../../../devnet/attestors/attestorSet.ts';
import { parseOmnichainConfig } from '../../../relayer/lanes/omnichain/config.ts';
import { omnichainNodeLane } from '../../../relayer/lanes/omnichain/omnichainNodeLane.ts';
import { startNode, type RelayerNode } from '../../../relayer/node.ts';
import { getOrderTrace } from '../../../sdk/actions/omnichain/getOrderTrace.ts';
import { transferOut, type SentOrder } from '../../../sdk/actions/omnichain/transferOut.ts';
import { updateLightClient } from '../../../sdk/actions/omnichain/updateLightClient.ts';
import {
  connectOmnichain,
  disconnectOmnichain,
  lightClientBetween,
  type OmnichainClient,
} from '../../../sdk/chain/omnichain/client.ts';
import { LIGHT_CLIENT_CALLS, lightClientAt } from '../../../sdk/chain/omnichain/contracts.ts';
import { sealedHeaderLightClientAt } from '../../../sdk/chain/omnichain/maintenance/contracts.ts';
import { waitForReceipt } from '../../../sdk/chain/receipts.ts';
import { parseOmnichainDeployment } from '../../../sdk/core/omnichain/deployment.ts';
import { deployArtifact, startChain, type Chain } from '../../support/chain.ts';
import type { CliRun } from '../../support/cli.ts';
import { runMain } from '../../support/cliMain.ts';
import { listeningLogger } from '../../support/logger.ts';
import { text } from '../../support/omnichainLane.ts';
import { validator } from '../../support/sealedChain.ts';
import { startSimulatedSealedChain, type SimulatedSealedChain } from '../../support/simulatedSealedChain.ts';
import { until } from '../../support/until.ts';

/** The relay chain, and two whose validators seal, of which the second one joins later. */
const RELAY = 7300n;
const A = 7301n;
const B = 7302n;

const DAY = 86_400;

/** Transactions around a message in its block, and blocks after it. */
const FILL = 20;
const LATER = 5;

let relay: Chain;
let sealed: ReadonlyMap<bigint, SimulatedSealedChain>;
let attestors: AttestorSet;
let folder: string;
let deployed: CliRun;
let added: CliRun;
let client: OmnichainClient;
let node: RelayerNode;
const counterparts = new Map<bigint, Contract>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'xdm-sealed-'));
  const [a, b] = [startSimulatedSealedChain(A, some(0)), startSimulatedSealedChain(B, some(50))];
  relay = await startChain(Number(RELAY), ['--slots-in-an-epoch', '1']);
  sealed = new Map([
    [A, await a],
    [B, await b],
  ]);
  await mine(RELAY, 4);
  attestors = await startAttestorSet({ rpcUrl: relay.url });
  const { signers, threshold } = attestors;
  const attested = { kind: 'attestor', sources: [attestors.url], signers, threshold };
  const ofRelay = { name: 'relay', chainId: Number(RELAY), rpcUrl: relay.url, lightClient: attested };
  const fee = { perMessage: 7, perGas: 0 };
  const terms = { relayChain: 'relay', lightClientDelay: DAY, fee, chains: [ofRelay, termsOf('A', A)] };
  deployed = await xdm('deployOmnichain', terms, '--out', join(folder, 'lane.json'));
  added = await xdm('addChain', { ...termsOf('B', B), fee, relayLightClient: attested });
  const lane = parseOmnichainDeployment(readFileSync(join(folder, 'lane.json'), 'utf8'), 'lane');
  client = await connectOmnichain(lane);
  for (const { chainId, service } of lane.chains) {
    counterparts.set(chainId, await deployArtifact('Counterpart', anvilOf(chainId).account(0), service));
    for (const other of lane.chains) {
      if (other.chainId !== chainId) await allow(chainId, other.chainId);
    }
  }
  node = await startLaneNode();
});

afterAll(async () => {
  await node.stop();
  disconnectOmnichain(client);
  await attestors.stop();
  await Promise.all([relay, ...sealed.values()].map(async (chain) => await chain.stop()));
  rmSync(folder, { recursive: true });
});

/** Four validators, from one on. */
function some(first: number): Wallet[] {
  return [0, 1, 2, 3].map((offset) => validator(first + offset));
}

function anvilOf(id: bigint): Chain {
  return sealed.get(id)?.anvil ?? relay;
}

function termsOf(name: string, chainId: bigint): object {
  const lightClient = { kind: 'sealed-header', scheme: 'qbft', trustingPeriod: DAY };
  return { name, chainId: Number(chainId), rpcUrl: sealed.get(chainId)!.urls[0], lightClient };
}

async function xdm(command: string, terms: object, ...args: readonly string[]): Promise<CliRun> {
  const config = join(folder, `${command}.json`);
  writeFileSync(config, JSON.stringify(terms));
  const variables = { XDM_DEPLOYMENT: join(folder, 'lane.json'), PRIVATE_KEY: relay.account(0).privateKey };
  return await runMain([command, '--config', config, ...args], variables);
}

/** On the store of the one before. */
async function startLaneNode(): Promise<RelayerNode> {
  const pace = { pollInterval: 50, maintenanceInterval: 200 };
  const { privateKey } = devnetAccount(3);
  const rpcUrls = `A=${sealed.get(A)!.urls.join(',')}`;
  const flags = { store: join(folder, 'relayer.sqlite'), httpPort: 0, privateKey, rpcUrls, ...pace };
  const config = parseOmnichainConfig({ flags, environment: {}, file: {} });
  return await startNode(omnichainNodeLane(client.lane, config), listeningLogger().logger);
}

async function mine(id: bigint, blocks: number): Promise<void> {
  await anvilOf(id).provider.send('anvil_mine', [toQuantity(blocks), '0x1']);
}

/** Has the counterpart on a chain hear an account of another one. */
async function allow(on: bigint, from: bigint): Promise<void> {
  const chain = anvilOf(on);
  const allowed = await counterparts.get(on)!.getFunction('allow').send(from, chain.account(1).address, true);
  await waitForReceipt(chain.provider, allowed.hash);
}

async function send(from: bigint, to: bigint, words: string): Promise<SentOrder> {
  const target = await counterparts.get(to)!.getAddress();
  const plain = { relay: false, msgType: 'message', gasLimit: 300_000n, value: 0n } as const;
  const message = { ...plain, target, payload: text(words) };
  return await transferOut(client, { fromChain: from, toChain: to, signer: anvilOf(from).account(1), message });
}

/** Sends it in a block of many transactions, after which others follow before anybody can see it. */
async function sendAmongOthers(from: bigint, to: bigint, words: string): Promise<SentOrder> {
  const { provider } = anvilOf(from);
  await provider.send('evm_setAutomine', [false]);
  // Anvil puts those first that would pay most: half of them come before the message, which pays what is usual.
  const usual = (await provider.getFeeData()).maxFeePerGas!;
  for (const [index, most] of [2n * usual, (3n * usual) / 4n].entries()) {
    const { address } = anvilOf(from).account(4 + index);
    const fees = { maxFeePerGas: toQuantity(most), maxPriorityFeePerGas: '0x0', gas: toQuantity(21_000) };
    const transfer = { from: address, to: address, value: '0x1', ...fees };
    for (let count = 0; count < FILL / 2; count++) await provider.send('eth_sendTransaction', [transfer]);
  }
  const sending = send(from, to, words);
  await until(async () => {
    const { pending } = (await provider.send('txpool_status', [])) as { pending: string };
    return Number(pending) > FILL;
  });
  await mine(from, 1 + LATER);
  await provider.send('evm_setAutomine', [true]);
  return await sending;
}

/** Lets blocks of the relay chain become final until a message is where it must come to. */
async function arrives({ orderId, toChain }: SentOrder, words: string): Promise<void> {
  let status = '';
  await until(async () => {
    await mine(RELAY, 3);
    ({ status } = await getOrderTrace(client, orderId));
    return status === 'relayed' || status === 'failed';
  });
  expect(status).toBe('relayed');
  expect(await counterparts.get(toChain)!.getFunction('lastMessage')()).toBe(text(words));
}

/** The newest block of another chain that the relay chain knows. */
async function knownBlock(of: bigint): Promise<bigint> {
  const [number] = await lightClientAt(lightClientBetween(client, RELAY, of).address, relay.provider).head();
  return number;
}

/** Calls by which the relay chain came to know a block of another chain. */
async function callsThatRecorded(of: bigint, blockNumber: number): Promise<string[]> {
  const { address } = lightClientBetween(client, RELAY, of);
  const topics = LIGHT_CLIENT_CALLS.encodeFilterTopics('BlockRecorded', [blockNumber]);
  const logs = await relay.provider.getLogs({ address, topics, fromBlock: 0 });
  const sent = await Promise.all(
    logs.map(async ({ transactionHash }) => await relay.provider.getTransaction(transactionHash)),
  );
  return sent.map((each) => LIGHT_CLIENT_CALLS.parseTransaction({ data: each!.data })?.name ?? 'update');
}

describe('chains whose validators seal each block', () => {
  test('are deployed on, and added, by the validators that their headers list', () => {
    for (const [run, first] of [
      [deployed, 0],
      [added, 50],
    ] as const) {
      expect(run).toMatchObject({ code: 0 });
      const listed = some(first).map(({ address }) => address);
      expect(run.stderr).toContain(`and its validators ${listed.join(', ')}`);
    }
    expect(client.lane.chains.map(({ headers }) => headers)).toEqual(['ethereum', 'qbft', 'qbft']);
  });

  test('send messages out of blocks of many transactions, below the block that is known by then', async () => {
    // No node, which would take the light client to the message's own block where it sees the message first.
    await node.stop();
    const sent = await sendAmongOthers(A, RELAY, 'among others');
    await updateLightClient(client, { on: RELAY, of: A, signer: relay.account(4) });
    expect(await knownBlock(A)).toBeGreaterThan(sent.blockNumber);
    node = await startLaneNode();
    const block = (await client.chains.get(A)!.provider.getBlock(sent.blockHash))!;
    expect(block.transactions.length).toBeGreaterThan(FILL);
    expect([0, FILL]).not.toContain(block.transactions.indexOf(sent.transactionHash));
    await arrives(sent, 'among others');
    expect(await callsThatRecorded(A, sent.blockNumber)).toEqual(['proveAncestorByHeaders']);
  });

  test('exchange messages while validators come and go', async () => {
    const chain = sealed.get(A)!;
    // The last who goes is followed by nobody: two thirds of the others are not two thirds of those before.
    const last = some(3).slice(1);
    for (const validators of [some(1), some(2), some(3), last]) {
      await chain.follow(validators);
      await mine(A, 8);
    }
    await arrives(await sendAmongOthers(A, B, 'from others'), 'from others');
    const { address } = lightClientBetween(client, RELAY, A);
    const listed = encodeRlp(last.map((each) => each.address));
    expect(await sealedHeaderLightClientAt(address, relay.provider).validatorsHash()).toBe(keccak256(listed));
    await arrives(await send(B, RELAY, 'and back'), 'and back');
  });

  test('are not asked which block is final', () => {
    expect([...sealed.values()].flatMap(({ refused }) => refused)).toEqual([]);
  });
});
