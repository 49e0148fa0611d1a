import { afterAll, beforeAll, expect, test } from 'vitest';

import { getStatus, getStatuses, type MessageState } from '../../../sdk/actions/getStatus.ts';
import { relayMessages } from '../../../sdk/actions/relayMessages.ts';
import { sendMessage } from '../../../sdk/actions/sendMessage.ts';
import { connectLane, disconnect } from '../../../sdk/chain/client.ts';
import { stateCommitmentChainOf } from '../../../sdk/chain/contracts.ts';
import type { LaneMessage } from '../../../sdk/chain/messages.ts';
import { waitForReceipt } from '../../../sdk/chain/receipts.ts';
import type { StateBatch } from '../../../sdk/chain/stateBatches.ts';
import { mineAt } from '../../support/clock.ts';
import { commitBlocks } from '../../support/commitBlocks.ts';
import { executeQueue } from '../../support/executeQueue.ts';
import { deployFragile, type FragileTarget } from '../../support/fragile.ts';
import { startLane, type LaneChains } from '../../support/lane.ts';
import { startRpcProxy } from '../../support/rpcProxy.ts';
import { sendTogether } from '../../support/sendTogether.ts';

let chains: LaneChains;
let open: FragileTarget;
let closed: FragileTarget;
beforeAll(async () => {
  chains = await startLane();
  open = await deployFragile(chains.l1.account(3), '');
  await open.repair();
  closed = await deployFragile(chains.l1.account(3), 'back at 5');
});
afterAll(async () => await chains.stop());

const send = async (...targets: readonly FragileTarget[]): Promise<LaneMessage[]> =>
  await sendTogether(
    chains,
    targets.map(({ address }) => ({ target: address })),
  );

const commit = async (): Promise<StateBatch> => await commitBlocks(chains.client, chains.l1.account(0));

async function passWindow({ timestamp }: StateBatch): Promise<void> {
  await mineAt(chains.l1.provider, timestamp + chains.lane.fraudProofWindow);
}

async function sendFromL1(): Promise<LaneMessage> {
  const call = { target: open.address, data: '0x', gasLimit: 50_000n };
  return await sendMessage(chains.client, { fromChain: 'l1', signer: chains.l1.account(1), ...call });
}

const describeState = ({ status, batchSize, failureReason }: MessageState): unknown[] => [
  status,
  batchSize,
  failureReason,
];

test('many messages have the statuses that each has by itself', async () => {
  const { client, lane } = chains;
  const delivered = await sendFromL1();
  await executeQueue(client);
  const early = await send(open, closed, open, open, open, open, open);
  await passWindow(await commit());
  await relayMessages(client, { messages: early, signer: chains.l1.account(2) });
  await relayMessages(client, { messages: early.slice(1, 2), signer: chains.l1.account(4) });
  const ready = await send(open);
  await passWindow(await commit());
  const deleted = await send(open);
  const scc = stateCommitmentChainOf(lane, chains.l1.account(0));
  const { hash } = await scc.getFunction('deleteStateBatch')(await commit());
  await waitForReceipt(client.l1, hash as string);
  expect(describeState(await getStatus(client, deleted[0]!))).toEqual([
    'state-root-not-published',
    undefined,
    undefined,
  ]);
  await commit();
  const waiting = [...(await send(open)), await sendFromL1()];
  const snapshot = (await chains.l2.provider.send('evm_snapshot', [])) as unknown;
  const [dropped] = await send(open);
  await chains.l2.provider.send('evm_revert', [snapshot]);

  const messages = [delivered, ...waiting, ...deleted, ...ready, ...early, dropped!];
  const states = await getStatuses(client, messages);
  expect(states.map(describeState)).toEqual([
    ['relayed', 1, undefined],
    ['state-root-not-published', undefined, undefined],
    ['unconfirmed', undefined, undefined],
    ['in-challenge-period', undefined, undefined],
    ['ready-for-relay', undefined, undefined],
    ['relayed', 7, undefined],
    ['failed', 1, 'Error("back at 5")'],
    ...early.slice(2).map(() => ['relayed', 7, undefined]),
    ['unconfirmed', undefined, undefined],
  ]);
  for (const [position, message] of messages.entries()) {
    // The clock goes on.
    const { l1Timestamp } = states[position]!;
    expect({ ...(await getStatus(client, message)), l1Timestamp }).toEqual(states[position]);
  }
  expect(await getStatuses(client, [])).toEqual([]);
});

test('many messages are asked for in few requests, but for one call each', async () => {
  const messages = await send(...Array.from({ length: 100 }, () => open));
  await passWindow(await commit());
  await relayMessages(chains.client, { messages, signer: chains.l1.account(2) });
  const [l1, l2] = await Promise.all([startRpcProxy(chains.l1.url), startRpcProxy(chains.l2.url)]);
  const client = await connectLane({ ...chains.lane, l1RpcUrl: l1.url, l2RpcUrl: l2.url });
  l1.calls.length = 0;
  l2.calls.length = 0;
  const states = await getStatuses(client, messages);
  expect(new Set(states.map(({ batchSize }) => batchSize))).toEqual(new Set([100]));
  expect(l1.calls.filter((method) => method === 'eth_getLogs').length).toBeLessThan(5);
  expect(l1.calls.filter((method) => method === 'eth_call').length).toBeLessThan(105);
  expect(l1.calls.length).toBeLessThan(115);
  expect(l2.calls.length).toBeLessThan(5);
  disconnect(client);
  await Promise.all([l1.stop(), l2.stop()]);
});
