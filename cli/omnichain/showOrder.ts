import type { OrderTrace } from '../../sdk/actions/omnichain/getOrderTrace.ts';
import type { OmnichainClient } from '../../sdk/chain/omnichain/client.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import type { Arguments, Environment } from '../command.ts';
import { refuseOptions } from '../deploymentFile.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import type { ANY_READER_OPTIONS, SOURCE_OPTIONS } from '../options.ts';
import type { Output } from '../output.ts';
import { findNode, type NODE_PLACE_OPTIONS } from '../why/findNode.ts';
import type { NodeView, NoNodeView } from '../why/nodeView.ts';
import { readAwaited } from './awaited.ts';
import { findTraces } from './findTraces.ts';
import { withOmnichain } from './lane.ts';
import { orderResult } from './orderResult.ts';
import { explainOrderText, explainOrderValues, soughtHop, whyOf, type OrderExplanation } from './whyOrder.ts';

type ShowArguments = Arguments<typeof ANY_READER_OPTIONS & typeof SOURCE_OPTIONS & typeof NODE_PLACE_OPTIONS> & {
  readonly why: boolean;
};

interface Means {
  readonly args: ShowArguments;
  readonly environment: Environment;
}

/** Says where an order of an omnichain lane stands, or those that a transaction has sent; with --why, what the node says of each, too. */
export async function showOrder(
  args: ShowArguments,
  { environment, output }: { readonly environment: Environment; readonly output: Output },
): Promise<ExitCode> {
  refuseOptions('omnichain', args, ['l1-rpc-url', 'l2-rpc-url']);
  const means = { args, environment };
  const use = async (client: OmnichainClient): Promise<ExitCode> => {
    const traces = await findTraces(client, args.rest[0] ?? '');
    const lightClients = await Promise.all(traces.map(async (trace) => await readAwaited(client, trace, means)));
    const nodes = await readNodes(client, traces, means);
    const known = traces.map((trace, position): OrderExplanation => {
      return { trace, lightClient: lightClients[position], node: nodes[position] ?? { missing: '' } };
    });
    if (args.why) explain(known, output);
    else output.results(known.map(({ trace, lightClient, node }) => orderResult(trace, lightClient, whyOf(node))));
    return EXIT.done;
  };
  return await withOmnichain(args, environment, { use });
}

function explain(known: readonly OrderExplanation[], output: Output): void {
  if (output.json) {
    const values = known.map(explainOrderValues);
    output.data(values.length === 1 ? values[0] : values);
  } else output.text(known.map(explainOrderText).join('\n\n\n'));
}

/** What the node knows. Without --why it is asked only of what it could prove, and may not: that it would is said of no other. */
async function readNodes(
  { lane }: OmnichainClient,
  traces: readonly OrderTrace[],
  { args, environment }: Means,
): Promise<readonly (NodeView | NoNodeView)[]> {
  if (!args.why && traces.every(({ status }) => status !== 'ready-for-transfer')) return [];
  const { omnichainOutline } = await import('../../relayer/lanes/omnichain/routes.ts');
  const { readNodeViews } = await import('../why/nodeView.ts');

  try {
    const { location, config } = await findNode(args, environment);
    const means = { lane: omnichainOutline(lane), config: args.why ? config : undefined };
    return await readNodeViews(location, means, traces.map(soughtHop));
  } catch (error) {
    // Settings of a node that nobody has asked for.
    if (!args.why && error instanceof XdmError) return [];
    throw error;
  }
}
