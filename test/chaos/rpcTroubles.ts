import { id, toQuantity } from 'ethers';

import type { Random } from '../support/random.ts';
import type { Fault } from '../support/rpcProxy.ts';
import type { RpcRequest } from '../support/rpcServer.ts';

/** What an endpoint does to what travels together, or to one request. */
export interface Trouble {
  readonly whole?: (requests: readonly RpcRequest[]) => Fault | undefined;
  readonly each?: (request: RpcRequest) => Fault | undefined;
}

/** Longest delay, milliseconds. An element of the queue that L2 is handed may be on its way for two seconds, and not longer. */
const LONGEST_DELAY_MS = 900;

/** Kinds of trouble with an endpoint. `head` is the number of the newest block when it begins. */
export const TROUBLES = {
  slow: (random) => ({ whole: () => ({ kind: 'late', milliseconds: random.integer(1, LONGEST_DELAY_MS) }) }),
  lost: () => ({ whole: () => ({ kind: 'lost' }) }),
  'answer lost': () => ({ whole: () => ({ kind: 'answer-lost' }) }),
  'answer cut': () => ({ whole: () => ({ kind: 'answer-cut' }) }),
  twice: () => ({ whole: (requests) => (requests.some(isDeposit) ? undefined : { kind: 'twice' }) }),
  shuffled: () => ({ whole: () => ({ kind: 'shuffled' }) }),
  'rate-limited': () => ({ whole: () => ({ kind: 'status', status: 429 }) }),
  'server error': (random) => ({ whole: () => ({ kind: 'status', status: random.pick([500, 502, 503, 504]) }) }),
  garbage: (random) => ({ whole: () => ({ kind: 'page', body: random.pick(PAGES) }) }),
  refused: (random) => ({ each: () => ({ kind: 'error', ...random.pick(REFUSALS) }) }),
  'stale head': (_, head) => ({ each: (request) => asOf(request, head) }),
  'future head': (random, head) => ({ each: (request) => ahead(request, head + random.integer(1, 40)) }),
  'missing logs': () => ({
    each: ({ method }) => (method === 'eth_getLogs' ? { kind: 'result', result: [] } : undefined),
  }),
  'null blocks': () => ({
    each: ({ method }) => (method === 'eth_getBlockByNumber' ? { kind: 'result', result: null } : undefined),
  }),
} as const satisfies Record<string, (random: Random, head: number) => Trouble>;

export type TroubleName = keyof typeof TROUBLES;

const PAGES = [
  '<html><body>504 Gateway Time-out</body></html>',
  '',
  '[]',
  '{}',
  'null',
  '{"jsonrpc":"2.0","id":1}',
  '{"jsonrpc":"2.0","id":1,"result":"0xzz"}',
];

const REFUSALS = [
  { code: -32_005, message: 'daily request count exceeded, request rate limited' },
  { code: -32_603, message: 'Internal error' },
  { code: -32_000, message: 'header not found' },
  { code: -32_601, message: 'the method does not exist' },
  { code: 429, message: 'Too Many Requests' },
];

/** Anvil executes an element of the queue as often as it gets it: whoever hands it one must do so once, and so must the way there. */
function isDeposit({ method }: RpcRequest): boolean {
  return method === 'eth_sendRawTransactionSync';
}

const NAMES: ReadonlySet<unknown> = new Set(['latest', 'pending']);

/** A node that has not seen the blocks after `head`; of transactions it has heard. */
function asOf({ method, params }: RpcRequest, head: number): Fault | undefined {
  if (method === 'eth_blockNumber') return { kind: 'result', result: toQuantity(head) };
  if (method === 'eth_getBlockByNumber' && isAfter(params[0], head)) return { kind: 'result', result: null };
  const position = params.findIndex((each) => NAMES.has(each));
  if (position === -1) return undefined;
  return { kind: 'asked', params: params.with(position, toQuantity(head)) };
}

function isAfter(tag: unknown, head: number): boolean {
  return typeof tag === 'string' && tag.startsWith('0x') && Number(tag) > head;
}

/** A node that speaks of a head which no other node knows. */
function ahead({ method, params }: RpcRequest, number: number): Fault | undefined {
  if (method === 'eth_blockNumber') return { kind: 'result', result: toQuantity(number) };
  if (method !== 'eth_getBlockByNumber' || params[0] !== 'latest') return undefined;
  return {
    kind: 'changed',
    change: (block) => ({ ...(block as object), number: toQuantity(number), hash: id(`head ${number}`) }),
  };
}
