import {
  chainOf,
  lightClientBetween,
  type ConnectedChain,
  type OmnichainClient,
} from '../../chain/omnichain/client.ts';
import { lightClientAt } from '../../chain/omnichain/contracts.ts';
import {
  OMNICHAIN_TOPICS,
  parseMessagesIn,
  parseMessagesOut,
  type OrderAttempt,
  type OrderEvent,
} from '../../chain/omnichain/logs.ts';
import { getLogs, scanLogsBackwards } from '../../chain/scanLogs.ts';
import { toXdmError } from '../../chain/rpcErrors.ts';
import { XdmError } from '../../core/errors.ts';
import { routeOf } from '../../core/omnichain/deployment.ts';
import { serviceOf } from './serviceOf.ts';

/** Where a message stands. */
export type OrderStatus =
  /** The next chain's light client does not know its block yet, nor a later one. */
  | 'waiting-for-light-client'
  /** Anyone can prove it to the next chain now. */
  | 'ready-for-transfer'
  /** Delivered at its destination, for ever. */
  | 'relayed'
  /** Its target has failed, on the chain of the last hop; it can be tried again there. */
  | 'failed';

/** What a chain on a message's way knows of it. */
export interface OrderHop {
  readonly chainId: bigint;
  readonly name: string;
  /** The newest attempt at its target there. */
  readonly attempt: OrderAttempt | undefined;
  /** How it left there. */
  readonly sent: OrderEvent | undefined;
}

/** A message's way so far. */
export interface OrderTrace {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly fromChain: bigint;
  readonly toChain: bigint;
  /** From the chain where it was sent to that of its destination. */
  readonly hops: readonly OrderHop[];
  /** The last hop that it has left: what is to be proven to the next chain; undefined once it has arrived or failed. */
  readonly pending: { readonly fromChain: bigint; readonly onChain: bigint; readonly order: OrderEvent } | undefined;
}

/**
 * Follows a message over all chains of its way.
 * @throws {XdmError} `invalid-argument`, `message-not-found`, and what the endpoints throw
 */
export async function getOrderTrace(client: OmnichainClient, orderId: string): Promise<OrderTrace> {
  if (!/^0x[\da-f]{64}$/iu.test(orderId)) {
    throw new XdmError('invalid-argument', `"${orderId}" is no order id: an order id is 0x and 64 hex digits`, {
      hint: 'give the orderId that transferOut printed',
    });
  }
  try {
    const first = await findSent(client, orderId.toLowerCase());
    const route = routeOf(client.lane, first.fromChain, first.toChain);
    const hops: OrderHop[] = [];
    for (const chainId of route) hops.push(await readHop(client, chainOf(client, chainId), first, hops.length === 0));
    return await judge(client, first, hops);
  } catch (error) {
    throw toXdmError(error);
  }
}

/** The log of the chain where it was sent. */
async function findSent(client: OmnichainClient, orderId: string): Promise<OrderEvent> {
  const found = await Promise.all(
    [...client.chains.values()].map(async (chain) => {
      const filter = { address: chain.service, topics: [OMNICHAIN_TOPICS.messageOut] };
      for await (const logs of scanLogsBackwards(chain.provider, filter, Number(chain.deployedAt))) {
        const { orders } = parseMessagesOut(logs, chain.service, serviceOf(client));
        const order = orders.find((each) => each.orderId === orderId && each.fromChain === chain.chainId);
        if (order !== undefined) return order;
      }
      return undefined;
    }),
  );
  const order = found.find((each) => each !== undefined);
  if (order !== undefined) return order;
  throw new XdmError('message-not-found', `no chain of the lane knows an order ${orderId}`, {
    hint: 'check the order id and the deployment; a message just sent takes a block to appear',
  });
}

async function readHop(
  client: OmnichainClient,
  { chainId, name, service, provider, deployedAt }: ConnectedChain,
  { orderId, fromChain, toChain }: OrderEvent,
  isFirst: boolean,
): Promise<OrderHop> {
  const route = [fromChain, toChain].map((id) => `0x${id.toString(16).padStart(64, '0')}`);
  const topics = [[OMNICHAIN_TOPICS.messageOut, OMNICHAIN_TOPICS.messageIn], ...route];
  const head = await provider.getBlockNumber();
  const logs = await getLogs(provider, { address: service, topics }, Number(deployedAt), head);
  const attempts = isFirst ? [] : parseMessagesIn(logs, service, serviceOf(client)).orders;
  const sent = parseMessagesOut(logs, service, serviceOf(client)).orders;
  return {
    chainId,
    name,
    attempt: attempts.findLast((each) => each.orderId === orderId),
    sent: sent.find((each) => each.orderId === orderId),
  };
}

async function judge(client: OmnichainClient, first: OrderEvent, hops: readonly OrderHop[]): Promise<OrderTrace> {
  const { orderId, fromChain, toChain } = first;
  const known = { orderId, fromChain, toChain, hops };
  const reached = hops.findLastIndex(({ attempt, sent }) => attempt !== undefined || sent !== undefined);
  const { attempt, sent, chainId } = hops[reached]!;
  if (reached === hops.length - 1) return { ...known, status: attempt?.outcome ?? 'failed', pending: undefined };
  if (sent === undefined) return { ...known, status: 'failed', pending: undefined };
  const onChain = hops[reached + 1]!.chainId;
  const { provider } = chainOf(client, onChain);
  const { address } = lightClientBetween(client, onChain, chainId);
  const [head] = await lightClientAt(address, provider).head();
  const status = Number(head) < sent.blockNumber ? 'waiting-for-light-client' : 'ready-for-transfer';
  return { ...known, status, pending: { fromChain: chainId, onChain, order: sent } };
}
