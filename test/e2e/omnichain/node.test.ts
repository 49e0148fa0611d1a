import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseUnits, toQuantity, Wallet } from 'ethers';
import type { Logger } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { parseOmnichainConfig } from '../../../relayer/lanes/omnichain/config.ts';
import { omnichainNodeLane } from '../../../relayer/lanes/omnichain/omnichainNodeLane.ts';
import { startNode, type RelayerNode } from '../../../relayer/node.ts';
import { getOrderTrace } from '../../../sdk/actions/omnichain/getOrderTrace.ts';
import { transferOut } from '../../../sdk/actions/omnichain/transferOut.ts';
import { waitForReceipt } from '../../../sdk/chain/receipts.ts';
import { serializeOmnichainDeployment, type OmnichainDeployment } from '../../../sdk/core/omnichain/deployment.ts';
import { encodeMessageData, type MessageData } from '../../../sdk/core/omnichain/messageData.ts';
import { devnetAccount } from '../../../devnet/accounts.ts';
import { runMain } from '../../support/cliMain.ts';
import { listeningLogger } from '../../support/logger.ts';
import { A, B, RELAY, startOmnichainLane, text, wordsTo, type OmnichainLane } from '../../support/omnichainLane.ts';
import { startRpcProxy } from '../../support/rpcProxy.ts';
import { temporaryFolder } from '../../support/store.ts';
import { until } from '../../support/until.ts';

let lane: OmnichainLane;
let folder: string;
let node: RelayerNode;

interface Start {
  readonly deployment?: OmnichainDeployment;
  readonly logger?: Logger;
}

async function start(
  more: object = { finality: 'latest' },
  { deployment = lane.client.lane, logger = listeningLogger().logger }: Start = {},
): Promise<RelayerNode> {
  const flags = {
    store: join(folder, 'relayer.sqlite'),
    httpPort: 0,
    pollInterval: 50,
    maintenanceInterval: 400,
    privateKey: devnetAccount(3).privateKey,
    ...more,
  };
  const config = parseOmnichainConfig({ flags, environment: {}, file: {} });
  return await startNode(omnichainNodeLane(deployment, config), logger);
}

beforeAll(async () => {
  lane = await startOmnichainLane();
  folder = temporaryFolder();
  for (const [on, from] of [
    [B, A],
    [RELAY, A],
    [A, B],
    [RELAY, B],
    [A, RELAY],
    [B, RELAY],
  ] as const) {
    await call(on, 'allow', from, lane.account(from).address, true);
  }
  node = await start();
});

afterAll(async () => {
  await node.stop();
  await lane.stop();
  rmSync(folder, { recursive: true });
});

async function call(id: bigint, name: string, ...args: unknown[]): Promise<void> {
  const { hash } = await lane
    .counterpart(id)
    .getFunction(name)
    .send(...args);
  await waitForReceipt(lane.chain(id).provider, hash);
}

async function send(from: bigint, to: bigint, words: string, fields: Partial<MessageData> = {}): Promise<string> {
  const target = await lane.counterpart(fields.relay === true ? RELAY : to).getAddress();
  const parameters = {
    fromChain: from,
    toChain: to,
    signer: lane.account(from),
    message: { ...wordsTo(target, words), ...fields },
  };
  return (await transferOut(lane.client, parameters)).orderId;
}

/** Lets blocks become final until orders are where they must come to. */
async function untilSettled(...orders: readonly string[]): Promise<string[]> {
  let statuses: string[] = [];
  await until(async () => {
    for (const id of [A, B, RELAY]) await lane.advance(id, 3);
    const traces = await Promise.all(orders.map(async (order) => await getOrderTrace(lane.client, order)));
    statuses = traces.map(({ status }) => status);
    return statuses.every((status) => status === 'relayed' || status === 'failed');
  });
  return statuses;
}

describe('a node on an omnichain lane', () => {
  test('takes messages between all chains, and one that fails holds up no other', async () => {
    await call(RELAY, 'answer', encodeMessageData(await messageToB('answered')));
    const refused = await send(A, B, 'for nobody', { target: lane.account(A).address });
    const orders = [
      await send(A, B, 'one'),
      await send(A, RELAY, 'two'),
      await send(B, A, 'three'),
      await send(A, B, 'four', { relay: true }),
      await send(B, RELAY, 'five'),
    ];
    expect(await untilSettled(refused, ...orders)).toEqual(['failed', ...orders.map(() => 'relayed')]);
    expect(await lane.counterpart(A).getFunction('lastMessage')()).toBe(text('three'));
    expect(await lane.counterpart(A).getFunction('count')()).toBe(1n);
    expect(await lane.counterpart(B).getFunction('count')()).toBe(2n);
  });

  test('shows each message on each of its hops', async () => {
    const order = await send(A, B, 'shown');
    await untilSettled(order);
    await until(async () => {
      const answer = await fetch(`${node.httpUrl}/v1/messages/${order}`);
      const { messages } = (await answer.json()) as { messages: { route: string; stage: string }[] };
      return messages.length === 2 && messages.every(({ stage }) => stage === 'relayed');
    });
    const lanes = (await (await fetch(`${node.httpUrl}/v1/lanes`)).json()) as { lanes: { relayChainId: number }[] };
    expect(lanes.lanes[0]?.relayChainId).toBe(Number(RELAY));
    const metrics = await (await fetch(`${node.httpUrl}/metrics`)).text();
    for (const asked of ['v1/attestations', 'eth/v1/beacon/light_client/updates', 'eth/v1/beacon/blocks/{id}/root']) {
      expect(metrics).toContain(`method="GET /${asked}"`);
    }
  });

  test('goes on where it was after it was stopped between two hops, as soon as the next chain answers', async () => {
    const proxy = await startRpcProxy(lane.chain(B).url);
    const { logger, lines } = listeningLogger();
    const before = (await lane.counterpart(B).getFunction('count')()) as bigint;
    const order = await send(A, B, 'through a restart');
    await until(async () => {
      await lane.advance(A, 3);
      return (await getOrderTrace(lane.client, order)).pending?.fromChain === RELAY;
    });
    await node.stop();
    proxy.fault = () => ({ kind: 'status', status: 503 });
    node = await start({ finality: 'latest', rpcUrls: `B=${proxy.url}` }, { logger });
    expect(await untilSettled(await send(A, RELAY, 'meanwhile'))).toEqual(['relayed']);
    const silence = lines.filter(({ msg }) => msg.startsWith('a chain does not answer'));
    expect(silence).toMatchObject([{ chainId: Number(B) }]);
    proxy.fault = () => undefined;
    expect(await untilSettled(order)).toEqual(['relayed']);
    expect(await lane.counterpart(B).getFunction('count')()).toBe(before + 1n);
    await node.stop();
    await proxy.stop();
    node = await start();
  });

  test('carries messages from a chain whose node knows no final block, where it is told to believe it at once', async () => {
    const proxy = await startRpcProxy(lane.chain(A).url);
    proxy.fault = ({ params }) =>
      params.some((each) => each === 'finalized' || each === 'safe')
        ? { kind: 'error', code: -39_001, message: 'Unknown block' }
        : undefined;
    await node.stop();
    // By another store: one that has read a chain's final blocks reads on for a while without.
    node = await start({ finality: 'A=latest', rpcUrls: `A=${proxy.url}`, store: join(folder, 'fresh.sqlite') });
    const order = await send(A, RELAY, 'at once');
    expect(await untilSettled(order)).toEqual(['relayed']);
    await node.stop();
    await proxy.stop();
    node = await start();
  });

  test('takes on messages of later blocks where an endpoint cannot give the receipts of one', async () => {
    const proxy = await startRpcProxy(lane.chain(A).url);
    await node.stop();
    const first = await lane.chain(A).provider.getBlockNumber();
    const held = await send(A, RELAY, 'held up');
    const found = await getOrderTrace(lane.client, held);
    const { blockHash, transactionHash } = found.pending!.order;
    expect(found.pending!.order.blockNumber).toBeGreaterThan(first);
    proxy.fault = ({ params }) =>
      params[0] === blockHash || params[0] === transactionHash ? { kind: 'status', status: 504 } : undefined;
    node = await start({ finality: 'latest', rpcUrls: `A=${proxy.url}` });
    expect(await untilSettled(await send(A, RELAY, 'not held up'))).toEqual(['relayed']);
    expect((await getOrderTrace(lane.client, held)).status).not.toBe('relayed');
    proxy.fault = () => undefined;
    expect(await untilSettled(held)).toEqual(['relayed']);
    await node.stop();
    await proxy.stop();
    node = await start();
  });

  test('takes on what it can pay for, and is held up by nothing dearer', async () => {
    await node.stop();
    const { privateKey, address } = Wallet.createRandom();
    const { provider } = lane.chain(RELAY);
    const fund = async (gwei: number): Promise<void> => {
      await provider.send('anvil_setBalance', [address, toQuantity(parseUnits(`${gwei}`, 'gwei'))]);
    };
    // Some messages at a time, and not the dear one with the gas that it promises.
    await fund(12_000_000);
    node = await start({ finality: 'latest', privateKey, maintainerPrivateKey: devnetAccount(3).privateKey });
    const dear = await send(A, RELAY, 'dear', { gasLimit: 12_000_000n });
    const orders = [await send(A, RELAY, 'cheap'), await send(A, RELAY, 'and cheap')];
    expect(await untilSettled(...orders)).toEqual(['relayed', 'relayed']);
    expect((await getOrderTrace(lane.client, dear)).status).not.toBe('relayed');
    const found = (await (await fetch(`${node.httpUrl}/v1/messages/${dear}`)).json()) as { messages: unknown };
    expect(found.messages).toMatchObject([{ parked: { reason: 'insufficient-funds' } }]);
    await node.stop();
    node = await start();
  });

  test('leaves a message to others whose length its fee does not pay for, until it is told to take it', async () => {
    await node.stop();
    node = await start({ finality: 'latest', maxUnpaidGas: 400_000 });
    // Forty gas for each byte of calldata.
    const long = await send(A, RELAY, '', { payload: `0x${'ff'.repeat(20_000)}` });
    expect(await untilSettled(await send(A, RELAY, 'short'))).toEqual(['relayed']);
    const found = (await (await fetch(`${node.httpUrl}/v1/messages/${long}`)).json()) as { messages: unknown };
    expect(found.messages).toMatchObject([{ stage: 'proven', parked: { reason: 'unpaid-gas' } }]);
    // The store beside the deployment file is asked, too.
    const deployment = join(folder, 'deployment.json');
    writeFileSync(deployment, serializeOmnichainDeployment(lane.client.lane));
    const { stdout } = await runMain(['status', long], { XDM_DEPLOYMENT: deployment });
    expect(stdout).toMatch(/^next: .*: xdm transferIn 0x\w+; the node does not by now: .*\(unpaid-gas\)/mu);

    await node.stop();
    node = await start();
    // Tried, and too long for its target to keep.
    expect(await untilSettled(long)).toEqual(['failed']);
  });

  test('passes over messages of a chain that its file does not name, and takes them on once it does', async () => {
    await node.stop();
    const { chains, lightClients } = lane.client.lane;
    const deployment = {
      ...lane.client.lane,
      chains: chains.filter(({ chainId }) => chainId !== B),
      lightClients: lightClients.filter(({ on, of }) => on !== B && of !== B),
    };
    const settings = { finality: 'latest', store: join(folder, 'extended.sqlite') };
    const { logger, lines } = listeningLogger();
    node = await start(settings, { deployment, logger });
    const unknown = [await send(A, B, 'over'), await send(RELAY, B, 'from the relay chain'), await send(B, A, 'back')];
    expect(await untilSettled(await send(A, RELAY, 'known'))).toEqual(['relayed']);
    await until(async () => {
      await lane.advance(A, 3);
      return (await getOrderTrace(lane.client, unknown[0]!)).pending?.fromChain === RELAY;
    });
    expect(await untilSettled(await send(RELAY, A, 'and back'))).toEqual(['relayed']);
    expect(lines.filter(({ msg }) => msg.startsWith(`chain ${B} is not in this deployment file`))).toHaveLength(1);

    await node.stop();
    node = await start(settings, { logger });
    expect(await untilSettled(...unknown)).toEqual(['relayed', 'relayed', 'relayed']);
    // It is known that there is more to read, before the relay chain's count says so.
    expect(lines.filter(({ msg }) => msg.startsWith('logs are missing'))).toEqual([]);
  });
});

async function messageToB(words: string): Promise<MessageData> {
  return wordsTo(await lane.counterpart(B).getAddress(), words);
}
