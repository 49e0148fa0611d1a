import { getLightClientStatus } from '../../sdk/actions/omnichain/getLightClientStatus.ts';
import { getOrders } from '../../sdk/actions/omnichain/getOrders.ts';
import { getOrderTrace, type OrderTrace } from '../../sdk/actions/omnichain/getOrderTrace.ts';
import type { OmnichainClient } from '../../sdk/chain/omnichain/client.ts';
import type { OrderEvent } from '../../sdk/chain/omnichain/logs.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import type { Arguments, Environment } from '../command.ts';
import { refuseOptions } from '../deploymentFile.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import type { ANY_READER_OPTIONS, SOURCE_OPTIONS } from '../options.ts';
import type { Output, Result } from '../output.ts';
import { withOmnichain } from './lane.ts';
import { sourcesFor } from './lightClients.ts';
import { nextHop, orderResult } from './orderResult.ts';

type ShowArguments = Arguments<typeof ANY_READER_OPTIONS & typeof SOURCE_OPTIONS>;

/** Says where an order of an omnichain lane stands, or those that a transaction has sent. */
export async function showOrder(
  args: ShowArguments,
  { environment, output }: { readonly environment: Environment; readonly output: Output },
): Promise<ExitCode> {
  refuseOptions('omnichain', args, ['l1-rpc-url', 'l2-rpc-url', 'why', 'store', 'config', 'http-port']);
  const use = async (client: OmnichainClient): Promise<ExitCode> => {
    const traces = await findTraces(client, args.rest[0] ?? '');
    output.results(
      await Promise.all(traces.map(async (trace) => await resultOf(client, trace, { args, environment }))),
    );
    return EXIT.done;
  };
  return await withOmnichain(args, environment, { use });
}

/** Of an order id most often: that a hash is a transaction's shows once no chain knows such an order. */
async function findTraces(client: OmnichainClient, hash: string): Promise<OrderTrace[]> {
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

async function resultOf(
  client: OmnichainClient,
  trace: OrderTrace,
  means: { readonly args: ShowArguments; readonly environment: Environment },
): Promise<Result> {
  const next = trace.status === 'waiting-for-light-client' ? nextHop(trace) : undefined;
  if (next === undefined) return orderResult(trace);
  // Only its source says whether there is anything to wait for.
  const sources = sourcesFor(client.lane, next, means);
  return orderResult(trace, await getLightClientStatus(client, { on: next.on, of: next.of, sources }));
}
