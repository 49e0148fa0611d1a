import { getOrders } from '../../sdk/actions/omnichain/getOrders.ts';
import { getOrderTrace, type OrderTrace } from '../../sdk/actions/omnichain/getOrderTrace.ts';
import type { OmnichainClient } from '../../sdk/chain/omnichain/client.ts';
import type { OrderEvent } from '../../sdk/chain/omnichain/logs.ts';
import { XdmError } from '../../sdk/core/errors.ts';

/**
 * Where the orders stand that a hash stands for.
 * @param hash of an order most often: that it is a transaction's shows once no chain knows such an order
 * @throws {XdmError} `message-not-found` where no chain knows either, and as `getOrderTrace`
 */
export async function findTraces(client: OmnichainClient, hash: string): Promise<OrderTrace[]> {
  try {
    return [await getOrderTrace(client, hash)];
  } catch (error) {
    if (!isUnknown(error)) throw error;
    const orders = await Promise.all([...client.chains.keys()].map(async (id) => await findOrders(client, id, hash)));
    if (orders.flat().length === 0) throw error;
    return await Promise.all(orders.flat().map(async (order) => await getOrderTrace(client, order)));
  }
}

async function findOrders(
  client: OmnichainClient,
  fromChain: bigint,
  transactionHash: string,
): Promise<readonly OrderEvent[]> {
  try {
    return await getOrders(client, { fromChain, transactionHash });
  } catch (error) {
    if (isUnknown(error)) return [];
    throw error;
  }
}

function isUnknown(error: unknown): boolean {
  return error instanceof XdmError && error.code === 'message-not-found';
}
