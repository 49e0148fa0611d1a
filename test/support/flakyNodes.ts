import { keccak256, type JsonRpcProvider } from 'ethers';
import { afterAll, beforeAll, beforeEach, onTestFinished } from 'vitest';

import { connect, type ConnectOptions } from '../../sdk/chain/rpc.ts';
import { startFlakyNode, type Behaviour, type FlakyNode } from './flakyNode.ts';

/** Milliseconds after which a node is taken for silent: where a test is about that, and where it is not. */
const SILENCE_MS = 700;
const TIMEOUT_MS = 10_000;

/** How long to wait for a node that behaves so. */
export function timeoutFor(behaviour: Behaviour): number {
  return behaviour === 'is silent' ? SILENCE_MS : TIMEOUT_MS;
}

/** Of which nothing comes that could be an answer. */
export const FAULTS: readonly Behaviour[] = [
  'is silent',
  'cuts the connection',
  'executes, and cuts the connection',
  'says 503',
  'says 429',
  'says 401',
  'redirects',
  'says nonsense',
  'says half of its JSON',
  'leaves out an answer',
  'answers something else',
  'limits one request',
];

/** Three nodes that each test of the file finds sound. The n-th says that gas costs n. */
export function flakyNodes(): readonly [FlakyNode, FlakyNode, FlakyNode] {
  const nodes: FlakyNode[] = [];
  beforeAll(async () => {
    for (let count = 0; count < 3; count++) nodes.push(await startFlakyNode());
    // The first request of a process takes long on a busy machine: longer than the shortest silence.
    const urls = nodes.map(({ url }) => url);
    (await connect(urls, { name: 'L1', timeout: TIMEOUT_MS })).destroy();
  });
  afterAll(async () => {
    for (const node of nodes) await node.stop();
  });
  beforeEach(() => {
    for (const [index, node] of nodes.entries()) restore(node, index + 1);
  });
  return nodes as unknown as readonly [FlakyNode, FlakyNode, FlakyNode];
}

function restore(node: FlakyNode, place: number): void {
  node.behaviour = 'answers';
  node.retryAfter = undefined;
  node.intercept = () => undefined;
  node.batchLimit = Number.POSITIVE_INFINITY;
  for (const method of Object.keys(node.methods)) delete node.methods[method];
  Object.assign(node.methods, {
    eth_chainId: () => '0x384',
    eth_gasPrice: () => `0x${place}`,
    eth_getBalance: ([account]: [string]) => `${account}0${place}`,
    eth_sendRawTransaction: ([raw]: [string]) => keccak256(raw),
    eth_sendRawTransactionSync: () => ({}),
    eth_getTransactionByHash: () => null,
  });
  node.forget();
}

/** Connects to nodes as long as the test lasts, and forgets what that took. */
export async function connectTo(
  nodes: readonly FlakyNode[],
  options: Partial<ConnectOptions> = {},
): Promise<JsonRpcProvider> {
  const urls = nodes.map(({ url }) => url);
  const provider = await connect(urls, { name: 'L1', timeout: TIMEOUT_MS, ...options });
  onTestFinished(() => provider.destroy());
  for (const node of nodes) node.forget();
  return provider;
}

/** The place of the node that answers, in hex. */
export async function gasPrice(provider: JsonRpcProvider): Promise<unknown> {
  return await provider.send('eth_gasPrice', []);
}
