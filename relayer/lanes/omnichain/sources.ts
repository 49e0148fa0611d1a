import type { DeliveryEvent, SentMessage } from '../../../sdk/chain/logs.ts';
import type { ConnectedChain, OmnichainClient } from '../../../sdk/chain/omnichain/client.ts';
import {
  OMNICHAIN_TOPICS,
  parseMessagesIn,
  parseMessagesOut,
  type OrderEvent,
} from '../../../sdk/chain/omnichain/logs.ts';
import { encodeNonce } from '../../../sdk/core/message.ts';
import type { LogSource } from '../../route.ts';
import { recordDeliveries } from '../../store/deliveries.ts';
import { recordSent } from '../../store/messages.ts';
import type { Database } from '../../store/schema.ts';
import type { UnknownChains } from './unknownChains.ts';

/** The number of a route in the store, by the ids of its chains. */
export type RouteNumbers = (sourceChainId: bigint, destinationChainId: bigint) => number;

/**
 * A service's logs. A message that goes over several chains is one message on each of its routes: what a service sends on is
 * delivered to it, and sent by it.
 */
export function serviceSource(
  client: OmnichainClient,
  chain: ConnectedChain,
  { routes, unknown }: { readonly routes: RouteNumbers; readonly unknown: UnknownChains },
): LogSource {
  const { chainId, service } = chain;
  const { relayChainId } = client.lane;
  const services = new Map(client.lane.chains.map((each) => [each.chainId, each.service]));
  const isRelay = chainId === relayChainId;
  return {
    address: service,
    topics: [OMNICHAIN_TOPICS.messageOut, OMNICHAIN_TOPICS.messageIn],
    knows: [...services].map(([id, of]) => `${id}:${of}`).toSorted(),
    async record(db, logs) {
      await unknown.forgetDropped(db, Number(chainId));
      const isKnown = (id: bigint): boolean => {
        if (!services.has(id)) unknown.met(id);
        return services.has(id);
      };
      const serviceOf = (id: bigint): string | undefined => (isKnown(id) ? services.get(id) : undefined);
      const out = parseMessagesOut(logs, service, serviceOf).orders;
      const attempts = parseMessagesIn(logs, service, serviceOf).orders;
      const previousHop = ({ fromChain }: OrderEvent): bigint => (isRelay ? fromChain : relayChainId);
      const nextHop = ({ toChain }: OrderEvent): bigint => (isRelay ? toChain : relayChainId);
      const arrived = [
        ...out
          .filter(({ fromChain }) => fromChain !== chainId)
          .map((order) => ({ order, event: { ...deliveryOf(order), outcome: 'relayed' as const } })),
        ...attempts.map((order) => ({ order, event: attemptOf(order) })),
      ].toSorted(
        (one, other) => one.event.blockNumber - other.event.blockNumber || one.event.logIndex - other.event.logIndex,
      );
      for (const [hop, some] of Map.groupBy(out, nextHop)) {
        if (!isKnown(hop)) {
          for (const order of some) if (order.fromChain === chainId) unknown.passOver(order);
          continue;
        }
        await sendOn(db, { routeId: routes(chainId, hop), chainId: Number(chainId) }, some);
      }
      for (const [hop, some] of Map.groupBy(arrived, ({ order }) => previousHop(order))) {
        const source = { routeId: routes(hop, chainId), chainId: Number(chainId) };
        await recordDeliveries(
          db,
          source,
          some.map(({ event }) => event),
        );
      }
    },
  };
}

async function sendOn(
  db: Database,
  source: { readonly routeId: number; readonly chainId: number },
  orders: readonly OrderEvent[],
): Promise<void> {
  await recordSent(db, source, orders.map(sentOf));
}

/** The order id stands for the message hash, and the envelope for the data. */
function sentOf(order: OrderEvent): SentMessage {
  const { orderId, sender, callData, message, envelope } = order;
  return {
    ...positionOf(order),
    messageHash: orderId,
    message: {
      nonce: encodeNonce(envelope.nonce),
      sender,
      target: message.target,
      value: 0n,
      gasLimit: message.gasLimit,
      data: callData,
    },
  };
}

function deliveryOf(order: OrderEvent) {
  return { ...positionOf(order), messageHash: order.orderId };
}

function attemptOf(
  attempt: OrderEvent & { readonly outcome: 'relayed' | 'failed'; readonly reason?: string },
): DeliveryEvent {
  const { outcome, reason } = attempt;
  return { ...deliveryOf(attempt), outcome, ...(reason !== undefined && { reason }) };
}

function positionOf({ blockNumber, blockHash, transactionHash, logIndex }: OrderEvent) {
  return { blockNumber, blockHash, transactionHash, logIndex };
}
