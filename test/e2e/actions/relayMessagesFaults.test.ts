import { afterEach, beforeEach, expect, test } from 'vitest';

import { relayMessages, type RelayMessagesParameters } from '../../../sdk/actions/relayMessages.ts';
import type { RelayedMessage } from '../../../sdk/actions/relayRun.ts';
import { connectLane, disconnect, type LaneClient } from '../../../sdk/chain/client.ts';
import { l1MessengerOf } from '../../../sdk/chain/contracts.ts';
import { TOPICS } from '../../../sdk/chain/logs.ts';
import type { LaneMessage } from '../../../sdk/chain/messages.ts';
import { waitForReceipt } from '../../../sdk/chain/receipts.ts';
import type { XdmError } from '../../../sdk/core/errors.ts';
import { mineAt } from '../../support/clock.ts';
import { commitBlocks } from '../../support/commitBlocks.ts';
import { deployFragile, type FragileTarget } from '../../support/fragile.ts';
import { startLane, type LaneChains } from '../../support/lane.ts';
import { startRpcProxy, type RpcProxy } from '../../support/rpcProxy.ts';
import { sendTogether } from '../../support/sendTogether.ts';

let chains: LaneChains;
let target: FragileTarget;
/** What stands before the nodes. */
let l1: RpcProxy;
let l2: RpcProxy;
let client: LaneClient;
let sent: LaneMessage[];

beforeEach(async () => {
  chains = await startLane();
  target = await deployFragile(chains.l1.account(3), '');
  await target.repair();
  sent = await sendTogether(
    chains,
    Array.from({ length: 6 }, () => ({ target: target.address })),
  );
  const { timestamp } = await commitBlocks(chains.client, chains.l1.account(0));
  await mineAt(chains.l1.provider, timestamp + chains.lane.fraudProofWindow);
  [l1, l2] = await Promise.all([startRpcProxy(chains.l1.url), startRpcProxy(chains.l2.url)]);
  client = await connectLane({ ...chains.lane, l1RpcUrl: l1.url, l2RpcUrl: l2.url });
});

afterEach(async () => {
  disconnect(client);
  await Promise.all([l1.stop(), l2.stop(), chains.stop()]);
});

const relay = async (more: Partial<RelayMessagesParameters> = {}): Promise<RelayedMessage[]> =>
  await relayMessages(client, { messages: sent, signer: chains.l1.account(2), ...more });

const codesOf = (relayed: readonly RelayedMessage[]): (string | undefined)[] =>
  relayed.map((each) => ('error' in each ? each.error.code : undefined));

test('an L2 node without the logs of all messages costs more gas, and no message', async () => {
  l2.fault = ({ method }) => (method === 'eth_getLogs' ? { kind: 'result', result: [] } : undefined);
  const troubles: XdmError[] = [];
  const relayed = await relay({ onTrouble: (error) => troubles.push(error) });
  expect(relayed).toMatchObject(sent.map(() => ({ result: { outcome: 'relayed', batchSize: 1 } })));
  expect(troubles).toMatchObject([
    { code: 'proof-invalid', message: expect.stringContaining('the tree of 6 with root') },
  ]);
  expect(await target.count()).toBe(6n);
});

test('an L2 node without proofs is the error of each message', async () => {
  l2.fault = ({ method }) => (method === 'eth_getProof' ? { kind: 'error', code: -32601, message: 'no' } : undefined);
  expect(codesOf(await relay())).toEqual(sent.map(() => 'state-unavailable'));
});

/** Makes L1's endpoint refuse transactions that call a function of the messenger. */
function refuse(name: string): void {
  const { selector } = l1MessengerOf(chains.lane, client.l1).getFunction(name).fragment;
  const refusal = { kind: 'error', code: -32000, message: 'oversized data' } as const;
  l1.fault = ({ method, params }) => {
    const isCall = method === 'eth_sendRawTransaction' && JSON.stringify(params).includes(selector.slice(2));
    return isCall ? refusal : undefined;
  };
}

test('an L1 node that takes no large transactions costs more gas, and no message', async () => {
  refuse('relayMessages');
  const troubles: XdmError[] = [];
  const onTrouble = (error: XdmError): void => void troubles.push(error);
  const messages = sent.slice(0, 5);
  const relayed = await relay({ messages, onTrouble });
  expect(relayed).toMatchObject(messages.map(() => ({ result: { outcome: 'relayed', batchSize: 1 } })));

  // The last one could go by its path: the root is proven.
  refuse('relayMessageByPath');
  expect(await relay({ onTrouble })).toMatchObject([
    ...messages.map(() => ({ result: { outcome: 'already-relayed' } })),
    { result: { outcome: 'relayed', batchSize: 1 } },
  ]);
  const trouble = { code: 'rpc-error', message: 'the endpoint answers: oversized data' };
  expect(troubles).toMatchObject([trouble, trouble]);
});

test('an endpoint that does not answer is the error of each message', async () => {
  l1.fault = () => ({ kind: 'lost' });
  expect(codesOf(await relay())).toEqual(sent.map(() => 'rpc-unreachable'));
});

test('an endpoint that goes away after the root is proven loses nothing', async () => {
  const relayed = await relay({
    onRootProven: () => {
      l1.fault = ({ method }) => (method === 'eth_sendRawTransaction' ? { kind: 'lost' } : undefined);
    },
  });
  expect(codesOf(relayed)).toEqual(sent.map(() => 'rpc-unreachable'));
  l1.fault = () => undefined;
  expect(await relay()).toMatchObject(sent.map(() => ({ result: { outcome: 'relayed', batchSize: 6 } })));
  expect(await target.count()).toBe(6n);
});

test('a transaction that is sent and not heard of is not sent again', async () => {
  const relayed = await relay({
    onRootProven: () => {
      l1.fault = ({ method }) => (method === 'eth_sendRawTransaction' ? { kind: 'answer-lost' } : undefined);
    },
  });
  expect(codesOf(relayed)).toEqual(sent.map(() => 'rpc-unreachable'));
  l1.fault = () => undefined;
  expect(await relay()).toMatchObject(sent.map(() => ({ result: { outcome: 'already-relayed', batchSize: 6 } })));
  expect(await target.count()).toBe(6n);
});

test('what is refused while the messenger is paused is the error of each message', async () => {
  const { hash } = await l1MessengerOf(chains.lane, chains.l1.account(0)).getFunction('pause')();
  await waitForReceipt(chains.l1.provider, hash as string);
  const troubles: XdmError[] = [];
  expect(codesOf(await relay({ onTrouble: (error) => troubles.push(error) }))).toEqual(sent.map(() => 'paused'));
  expect(troubles).toMatchObject([{ code: 'paused' }]);
});

test('messages are relayed though an endpoint has lost sight of their events', async () => {
  l1.fault = ({ method, params }) => {
    const [filter] = params as { topics?: unknown[][] }[];
    const isRoots = method === 'eth_getLogs' && filter?.topics?.[0]?.includes(TOPICS.messageRootProven);
    return isRoots === true ? { kind: 'result', result: [] } : undefined;
  };
  expect(codesOf(await relay({ messages: sent.slice(0, 3) }))).toEqual([undefined, undefined, undefined]);
  // The root that they were relayed by is proven, though no event says so: nobody pays for it again.
  const roots: unknown[] = [];
  const rest = await relay({ messages: sent.slice(3), onRootProven: (root) => roots.push(root) });
  expect(codesOf(rest)).toEqual([undefined, undefined, undefined]);
  expect(roots).toEqual([]);
  expect(await target.count()).toBe(6n);
});
