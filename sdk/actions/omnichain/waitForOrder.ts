import type { OmnichainClient } from '../../chain/omnichain/client.ts';
import type { OrderEvent } from '../../chain/omnichain/logs.ts';
import { lookUntil, type WaitParameters } from '../lookUntil.ts';
import { getOrderTrace, type OrderTrace } from './getOrderTrace.ts';

/** What to wait for, and for how long. Every look tells how far it is. */
export interface WaitForOrderParameters extends WaitParameters<OrderTrace> {
  /** As it was sent. */
  readonly order: OrderEvent;
}

/**
 * Waits until a message has been delivered at its destination, or its target has failed, there or on the relay chain. An
 * endpoint that does not answer is asked again.
 * @throws {XdmError} `timeout` when the signal ends the wait, `message-not-found` where a reorganisation has dropped it, and what
 * the endpoints throw for good
 */
export async function waitForOrder(client: OmnichainClient, parameters: WaitForOrderParameters): Promise<OrderTrace> {
  const { order } = parameters;
  return await lookUntil(
    {
      look: async () => await getOrderTrace(client, order),
      isOver: ({ status }) => status === 'relayed' || status === 'failed',
      subject: `order ${order.orderId}`,
    },
    parameters,
  );
}
