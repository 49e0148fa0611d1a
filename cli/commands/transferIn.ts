import type { Signer } from 'ethers';

import type { OrderTrace } from '../../sdk/actions/omnichain/getOrderTrace.ts';
import type { BuiltTransferIn } from '../../sdk/actions/omnichain/transferIn.ts';
import type { OmnichainClient } from '../../sdk/chain/omnichain/client.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { defineCommand } from '../command.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import type { Values } from '../format.ts';
import { OMNICHAIN_OPTIONS, SIGNER_OPTIONS } from '../options.ts';
import type { Output } from '../output.ts';

const OPTIONS = {
  update: {
    type: 'boolean',
    default: false,
    describe: 'Update the light clients that do not know its blocks yet, from the sources of the deployment',
  },
  calldata: {
    type: 'boolean',
    default: false,
    describe: 'Print the calls that prove it to the next chain, and send nothing; needs no key',
  },
  'gas-limit': {
    type: 'string',
    requiresArg: true,
    describe: 'Of the transaction, for one hop; what the message needs unless given',
  },
  ...OMNICHAIN_OPTIONS,
  ...SIGNER_OPTIONS,
} as const;

export const transferIn = defineCommand({
  name: 'transferIn',
  parameters: 'ORDER',
  arity: 1,
  summary: 'Proves a message of an omnichain lane to the next chains on its way',
  details: `By hand what the node does otherwise: a hop is proven once the light client there knows the
message's block or a later one; hop follows hop as far as that goes. A target that has failed is
not tried again by it, but by \`xdm retry ORDER\`.

It prints what \`xdm status\` does, after the last hop. Exit code 0 once the message is delivered,
before or by this run, 4 while it waits for a light client, 5 where its target failed.

With --calldata, an array of calls in the order in which anyone can make them.`,
  options: OPTIONS,
  only: { kind: 'omnichain', otherwise: 'deliver messages of this one with `xdm relayMessage`' },
  async run(args, { environment, output }) {
    const { withOmnichain } = await import('../omnichain/lane.ts');
    const { openAccount } = await import('../signer.ts');
    const { parseGasLimit } = await import('../values.ts');

    const gasLimit = await parseGasLimit(args['gas-limit']);
    const [orderId = ''] = args.rest;
    const signer = args.calldata ? undefined : await openAccount(args, environment);
    return await withOmnichain(args, environment, {
      use: async (client) => {
        if (signer === undefined) return await printCalls(client, orderId, output);
        return await advance(client, { orderId, signer, gasLimit, update: args.update }, output);
      },
    });
  },
});

interface Advance {
  readonly orderId: string;
  readonly signer: Signer;
  readonly gasLimit: bigint | undefined;
  /** Whether to update light clients, too. */
  readonly update: boolean;
}

/** Takes a message as far as it goes. */
async function advance(
  client: OmnichainClient,
  { orderId, signer, gasLimit, update }: Advance,
  output: Output,
): Promise<ExitCode> {
  const { getOrderTrace } = await import('../../sdk/actions/omnichain/getOrderTrace.ts');
  const { transferIn: prove } = await import('../../sdk/actions/omnichain/transferIn.ts');
  const { EXIT_BY_STATUS, orderResult } = await import('../omnichain/orderResult.ts');

  let trace = await getOrderTrace(client, orderId);
  for (;;) {
    const { pending } = trace;
    if (pending === undefined) break;
    if (trace.status === 'waiting-for-light-client' && update) trace = await updated(client, trace, { signer, output });
    if (trace.status !== 'ready-for-transfer') break;
    const { onChain, order, fromChain } = pending;
    const { transactionHash } = await prove(client, { fromChain, order, signer, gasLimit });
    output.log(`proven to chain ${nameOf(client, onChain)} in transaction ${transactionHash}`);
    trace = await getOrderTrace(client, trace.hops[0]!.sent!);
  }
  output.results([orderResult(trace)]);
  return EXIT_BY_STATUS[trace.status];
}

/** Where it stands once the light client that it waits for is as new as its source. */
async function updated(
  client: OmnichainClient,
  trace: OrderTrace,
  { signer, output }: { readonly signer: Signer; readonly output: Output },
): Promise<OrderTrace> {
  const { getOrderTrace } = await import('../../sdk/actions/omnichain/getOrderTrace.ts');
  const { updateLightClient } = await import('../../sdk/actions/omnichain/updateLightClient.ts');
  const { onChain: on, fromChain: of } = trace.pending!;
  await updateLightClient(client, {
    on,
    of,
    signer,
    onUpdate: ({ brings, transactionHash }) => {
      const where = `the light client of ${nameOf(client, of)} on ${nameOf(client, on)}`;
      output.log(`updated ${where} in transaction ${transactionHash}: ${brings}`);
    },
  });
  return await getOrderTrace(client, trace.hops[0]!.sent!);
}

function nameOf({ lane }: OmnichainClient, id: bigint): string {
  return lane.chains.find(({ chainId }) => chainId === id)?.name ?? `${id}`;
}

async function printCalls(client: OmnichainClient, orderId: string, output: Output): Promise<ExitCode> {
  const { getOrderTrace } = await import('../../sdk/actions/omnichain/getOrderTrace.ts');
  const { buildTransferIn } = await import('../../sdk/actions/omnichain/transferIn.ts');
  const { nextStep } = await import('../omnichain/orderResult.ts');

  const trace = await getOrderTrace(client, orderId);
  const { status, pending } = trace;
  if (status !== 'ready-for-transfer' || pending === undefined) {
    const code = status === 'relayed' ? 'already-relayed' : status === 'failed' ? 'message-failed' : 'not-ready';
    const hint = nextStep(trace) ?? 'there is nothing left to do';
    throw new XdmError(code, `order ${orderId} is ${status}: there is nothing to prove now`, { hint });
  }
  output.data(callsOf(await buildTransferIn(client, pending.fromChain, pending.order)));
  return EXIT.done;
}

/** The last one is the service's, each before it a light client's. */
function callsOf({ onChain: chainId, ancestors, to, data }: BuiltTransferIn): Values[] {
  return [
    ...ancestors.map((call) => ({ chainId, purpose: call.purpose, to: call.to, data: call.data })),
    { chainId, purpose: 'transferInWithIndex', to, data },
  ];
}
