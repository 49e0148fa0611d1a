import type { OmnichainClient } from '../../sdk/chain/omnichain/client.ts';
import type { Arguments, Environment } from '../command.ts';
import { refuseOptions } from '../deploymentFile.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import type { ANY_READER_OPTIONS, SOURCE_OPTIONS } from '../options.ts';
import type { Output } from '../output.ts';
import { withOmnichain } from './lane.ts';
import { sourcesFor } from './lightClients.ts';
import { nextHop, orderResult } from './orderResult.ts';

/** Says where an order of an omnichain lane stands. */
export async function showOrder(
  args: Arguments<typeof ANY_READER_OPTIONS & typeof SOURCE_OPTIONS>,
  { environment, output }: { readonly environment: Environment; readonly output: Output },
): Promise<ExitCode> {
  const { getLightClientStatus } = await import('../../sdk/actions/omnichain/getLightClientStatus.ts');
  const { getOrderTrace } = await import('../../sdk/actions/omnichain/getOrderTrace.ts');

  refuseOptions('omnichain', args, ['l1-rpc-url', 'l2-rpc-url', 'why', 'store', 'config', 'http-port']);
  const use = async (client: OmnichainClient): Promise<ExitCode> => {
    const trace = await getOrderTrace(client, args.rest[0] ?? '');
    const next = trace.status === 'waiting-for-light-client' ? nextHop(trace) : undefined;
    // Only its source says whether there is anything to wait for.
    const lightClient =
      next &&
      (await getLightClientStatus(client, { ...next, sources: sourcesFor(client.lane, next, { args, environment }) }));
    output.results([orderResult(trace, lightClient)]);
    return EXIT.done;
  };
  return await withOmnichain(args, environment, { use });
}
