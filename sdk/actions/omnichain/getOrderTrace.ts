import { toBeHex } from 'ethers';

import {
  chainOf,
  lightClientBetween,
  type ConnectedChain,
  type OmnichainClient,
} from '../../chain/omnichain/client.ts';
import { lightClientAt, serviceAt } from '../../chain/omnichain/contracts.ts';
import {
  OMNICHAIN_TOPICS,
  parseMessagesIn,
  parseMessagesOut,
  type OrderAttempt,
  type OrderEvent,
} from '../../chain/omnichain/logs.ts';
import { getLogs } from '../../chain/scanLogs.ts';
import { toXdmError } from '../../chain/rpcErrors.ts';
import { XdmError } from '../../core/errors.ts';
import { routeOf, type LightClientKind } from '../../core/omnichain/deployment.ts';
import { listOrders } from './listOrders.ts';
import { serviceOf } from './serviceOf.ts';

/** Where a message can stand. */
export const ORDER_STATUSES = [
  /** The next chain's light client does not know its block yet, nor a later one. */
  'waiting-for-light-client',
  /** The next chain's light client has seen two blocks of one height, and believes none any more: it must be replaced. */
  'light-client-frozen',
  /** Anyone can prove it to the next chain now. */
  'ready-for-transfer',
  /** Delivered at its destination, for ever. */
  'relayed',
  /** Its target has failed, on the chain of the last hop; it can be tried again there. */
  'failed',
] as const;

/** Where a message stands, see `ORDER_STATUSES`. */
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** What a chain knows of the chain before it on a message's way. */
export interface OrderLightClient {
  readonly kind: LightClientKind;
  readonly address: string;
  /** Number of the newest block that it knows. */
  readonly head: bigint;
  readonly isFrozen: boolean;
}

/** What a chain on a message's way knows of it. */
export interface OrderHop {
  readonly chainId: bigint;
  readonly name: string;
  /** What it reads the chain before by; undefined of the first. */
  readonly lightClient: OrderLightClient | undefined;
  /** The newest attempt at its target there. */
  readonly attempt: OrderAttempt | undefined;
  /** How it left there. */
  readonly sent: OrderEvent | undefined;
}

/** A message's way so far. */
export interface OrderTrace {
  readonly orderId: string;
  readonly status: OrderStatus;
  /** Timestamp of the block it was sent in, seconds; undefined where the chain has dropped that. */
  readonly sentAt: bigint | undefined;
  readonly fromChain: bigint;
  readonly toChain: bigint;
  /** From the chain where it was sent to that of its destination. */
  readonly hops: readonly OrderHop[];
  /** The last hop that it has left: what is to be proven to the next chain; undefined once it has arrived or failed. */
  readonly pending: { readonly fromChain: bigint; readonly onChain: bigint; readonly order: OrderEvent } | undefined;
}

/** As a service records it. */
const UNATTEMPTED = 0n;

/**
 * Follows a message over all chains of its way.
 * @param order its order id; or itself as it was sent, which is not searched for then unless a reorganisation has moved it
 * @throws {XdmError} `invalid-argument`, `message-not-found`, and what the endpoints throw
 */
export async function getOrderTrace(client: OmnichainClient, order: string | OrderEvent): Promise<OrderTrace> {
  const orderId = (typeof order === 'string' ? order : order.orderId).toLowerCase();
  if (!/^0x[\da-f]{64}$/u.test(orderId)) {
    throw new XdmError('invalid-argument', `"${orderId}" is no order id: an order id is 0x and 64 hex digits`, {
      hint: 'give the orderId that transferOut printed',
    });
  }
  try {
    const { first, sentAt } = await locate(client, orderId, order);
    const route = routeOf(client.lane, first.fromChain, first.toChain);
    const hops = await Promise.all(
      route.map(async (chainId, position): Promise<OrderHop> => {
        const previous = route[position - 1];
        const chain = chainOf(client, chainId);
        const known = { chainId, name: chain.name };
        if (previous === undefined) return { ...known, lightClient: undefined, attempt: undefined, sent: first };
        const [lightClient, arrived] = await Promise.all([
          readLightClient(client, chain, previous),
          readHop(client, chain, first),
        ]);
        return { ...known, lightClient, ...arrived };
      }),
    );
    return { ...judge(first, hops), sentAt };
  } catch (error) {
    throw toXdmError(error);
  }
}

/** Where it was sent: in the block that is known, unless its chain has dropped that. */
async function locate(
  client: OmnichainClient,
  orderId: string,
  order: string | OrderEvent,
): Promise<{ readonly first: OrderEvent; readonly sentAt: bigint | undefined }> {
  const timeOf = async ({ fromChain, blockHash }: OrderEvent): Promise<bigint | undefined> => {
    const block = await chainOf(client, fromChain).provider.getBlock(blockHash);
    return block === null ? undefined : BigInt(block.timestamp);
  };
  const knownAt = typeof order === 'string' ? undefined : await timeOf(order);
  if (typeof order !== 'string' && knownAt !== undefined) return { first: order, sentAt: knownAt };
  const first = await findSent(client, orderId);
  return { first, sentAt: await timeOf(first) };
}

/** The log of the chain where it was sent. */
async function findSent(client: OmnichainClient, orderId: string): Promise<OrderEvent> {
  const found = await Promise.all(
    [...client.chains.keys()].map(async (chainId) => {
      for await (const order of listOrders(client, chainId)) if (order.orderId === orderId) return order;
      return undefined;
    }),
  );
  const order = found.find((each) => each !== undefined);
  if (order !== undefined) return order;
  throw new XdmError('message-not-found', `no chain of the lane knows an order ${orderId}`, {
    hint: 'check the order id and the deployment; a message just sent takes a block to appear',
  });
}

function topicOf(chainId: bigint): string {
  return toBeHex(chainId, 32);
}

async function readLightClient(
  client: OmnichainClient,
  { chainId, provider }: ConnectedChain,
  of: bigint,
): Promise<OrderLightClient> {
  const { kind, address } = lightClientBetween(client, chainId, of);
  const contract = lightClientAt(address, provider);
  const [[head], isFrozen] = await Promise.all([contract.head(), contract.isFrozen()]);
  return { kind, address, head, isFrozen };
}

/** What a chain after the first has logged of it: in the block that its service names, unless its chain counts blocks otherwise. */
async function readHop(
  client: OmnichainClient,
  { service, provider, deployedAt }: ConnectedChain,
  { orderId, fromChain, toChain }: OrderEvent,
): Promise<Pick<OrderHop, 'attempt' | 'sent'>> {
  const { status, blockNumber } = await serviceAt(service, provider).delivery(fromChain, orderId);
  if (status === UNATTEMPTED) return { attempt: undefined, sent: undefined };
  const topics = [[OMNICHAIN_TOPICS.messageOut, OMNICHAIN_TOPICS.messageIn], topicOf(fromChain), topicOf(toChain)];
  const read = async (from: number, to: number): Promise<Pick<OrderHop, 'attempt' | 'sent'>> => {
    const logs = await getLogs(provider, { address: service, topics }, from, to);
    return {
      attempt: parseMessagesIn(logs, service, serviceOf(client)).orders.findLast((each) => each.orderId === orderId),
      sent: parseMessagesOut(logs, service, serviceOf(client)).orders.find((each) => each.orderId === orderId),
    };
  };
  const head = await provider.getBlockNumber();
  const named = Number(blockNumber);
  const found = named <= head ? await read(named, named) : undefined;
  return found?.attempt !== undefined || found?.sent !== undefined ? found : await read(Number(deployedAt), head);
}

function judge(first: OrderEvent, hops: readonly OrderHop[]): Omit<OrderTrace, 'sentAt'> {
  const { orderId, fromChain, toChain } = first;
  const known = { orderId, fromChain, toChain, hops };
  const reached = hops.findLastIndex(({ attempt, sent }) => attempt !== undefined || sent !== undefined);
  const { attempt, sent, chainId } = hops[reached]!;
  const next = hops[reached + 1];
  if (next?.lightClient === undefined) return { ...known, status: attempt?.outcome ?? 'failed', pending: undefined };
  if (sent === undefined) return { ...known, status: 'failed', pending: undefined };
  return {
    ...known,
    status: statusBy(next.lightClient, sent),
    pending: { fromChain: chainId, onChain: next.chainId, order: sent },
  };
}

function statusBy({ isFrozen, head }: OrderLightClient, { blockNumber }: OrderEvent): OrderStatus {
  if (isFrozen) return 'light-client-frozen';
  return head < blockNumber ? 'waiting-for-light-client' : 'ready-for-transfer';
}
