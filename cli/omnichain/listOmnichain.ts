import { getOrderTrace, ORDER_STATUSES, type OrderTrace } from '../../sdk/actions/omnichain/getOrderTrace.ts';
import { listOrders } from '../../sdk/actions/omnichain/listOrders.ts';
import type { OmnichainClient } from '../../sdk/chain/omnichain/client.ts';
import { findChain } from '../../sdk/core/omnichain/deployment.ts';
import type { Arguments, Environment } from '../command.ts';
import { refuseOptions } from '../deploymentFile.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { chunks, newestFirst, parseLimit, take, type LISTING_OPTIONS } from '../listing.ts';
import type { ANY_READER_OPTIONS } from '../options.ts';
import type { Output } from '../output.ts';
import { parseChoice } from '../values.ts';
import { withOmnichain } from './lane.ts';
import { orderResult } from './orderResult.ts';

/** Orders that are followed at the same time: each takes a dozen of requests. */
const CHUNK = 5;
const LARGEST_CHUNK = 20;

/** Lists an omnichain lane's orders, the newest first. */
export async function listOmnichain(
  args: Arguments<typeof LISTING_OPTIONS & typeof ANY_READER_OPTIONS>,
  { environment, output }: { readonly environment: Environment; readonly output: Output },
): Promise<ExitCode> {
  refuseOptions('omnichain', args, ['l1-rpc-url', 'l2-rpc-url']);
  const wanted = args.status === undefined ? undefined : parseChoice('status', args.status, ORDER_STATUSES);
  const fromChain = args['from-chain'];
  const limit = await parseLimit(args);
  const use = async (client: OmnichainClient): Promise<{ readonly taken: OrderTrace[]; readonly isMore: boolean }> => {
    const ids = fromChain === undefined ? [...client.chains.keys()] : [findChain(client.lane, fromChain).chainId];
    const isWanted = ({ status }: OrderTrace): boolean => wanted === undefined || status === wanted;
    return await take(newestFirst(ids.map((id) => followOrders(client, id))), limit, isWanted);
  };
  const { taken, isMore } = await withOmnichain(args, environment, { use });
  if (taken.length === 0) output.log('no messages');
  output.table(
    taken.map((trace) => orderResult(trace)),
    ['orderId', 'fromChain', 'toChain', 'status', 'sentAt'],
  );
  if (isMore) output.log(`${limit} shown; --limit N ${wanted === undefined ? 'shows' : 'may show'} more`);
  return EXIT.done;
}

async function* followOrders(client: OmnichainClient, chainId: bigint): AsyncGenerator<OrderTrace> {
  for await (const orders of chunks(listOrders(client, chainId), CHUNK, LARGEST_CHUNK)) {
    yield* await Promise.all(orders.map(async (order) => await getOrderTrace(client, order)));
  }
}
