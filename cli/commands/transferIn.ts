import type { Signer } from 'ethers';

import type { BuiltTransferIn } from '../../sdk/actions/omnichain/transferIn.ts';
import type { SentUpdate } from '../../sdk/actions/omnichain/updateLightClient.ts';
import type { OmnichainClient } from '../../sdk/chain/omnichain/client.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { defineCommand } from '../command.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import type { Values } from '../format.ts';
import { OMNICHAIN_OPTIONS, SIGNER_OPTIONS, SOURCE_OPTIONS } from '../options.ts';
import { sentenceOf, type Output } from '../output.ts';
import type { NextHop } from '../omnichain/orderResult.ts';

const OPTIONS = {
  update: {
    type: 'boolean',
    default: false,
    describe: 'Update the light clients that do not know its blocks yet, too, where updates bring these',
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
  ...SOURCE_OPTIONS,
  ...OMNICHAIN_OPTIONS,
  ...SIGNER_OPTIONS,
} as const;

export const transferIn = defineCommand({
  name: 'transferIn',
  parameters: 'ORDER',
  arity: 1,
  summary: 'Proves a message of an omnichain lane to the next chains on its way',
  details: `By hand what the node does otherwise: a hop is proven once the light client there knows the
message's block or a later one; hop follows hop as far as that goes. --update sends what leads
there, and nothing where that is not final yet. A target that has failed is not tried again by it,
but by \`xdm retry ORDER\`.

It prints what \`xdm status\` does, after the last hop. Exit code 0 once the message is delivered,
before or by this run, 4 while it waits for a light client, 5 where its target failed.

With --calldata, an array of calls in the order in which anyone can make them.`,
  options: OPTIONS,
  only: { kind: 'omnichain', otherwise: 'deliver messages of this one with `xdm relayMessage`' },
  async run(args, { environment, output }) {
    const { withOmnichain } = await import('../omnichain/lane.ts');
    const { sourcesFor } = await import('../omnichain/lightClients.ts');
    const { openAccount } = await import('../signer.ts');
    const { parseGasLimit } = await import('../values.ts');

    const gasLimit = await parseGasLimit(args['gas-limit']);
    const [orderId = ''] = args.rest;
    const signer = args.calldata ? undefined : await openAccount(args, environment);
    return await withOmnichain(args, environment, {
      use: async (client) => {
        if (signer === undefined) return await printCalls(client, orderId, output);
        const sources = ({ on, of }: NextHop): readonly string[] | undefined =>
          sourcesFor(client.lane, { on, of }, { args, environment });
        return await advance(client, { orderId, signer, gasLimit, sources: args.update ? sources : undefined }, output);
      },
    });
  },
});

interface Advance {
  readonly orderId: string;
  readonly signer: Signer;
  readonly gasLimit: bigint | undefined;
  /** Where to update the light client of a hop from, if they are to be updated. */
  readonly sources: ((next: NextHop) => readonly string[] | undefined) | undefined;
}

/** Takes a message as far as it goes. */
async function advance(
  client: OmnichainClient,
  { orderId, signer, gasLimit, sources }: Advance,
  output: Output,
): Promise<ExitCode> {
  const { getOrderTrace } = await import('../../sdk/actions/omnichain/getOrderTrace.ts');
  const { transferIn: prove } = await import('../../sdk/actions/omnichain/transferIn.ts');
  const { EXIT_BY_STATUS, nextHop, orderResult } = await import('../omnichain/orderResult.ts');

  let trace = await getOrderTrace(client, orderId);
  let overtakenOn: bigint | undefined;
  for (;;) {
    const { pending } = trace;
    if (pending === undefined) break;
    if (trace.status === 'waiting-for-light-client' && sources !== undefined) {
      const next = nextHop(trace)!;
      if (!(await update(client, next, { signer, sources: sources(next), output }))) break;
      trace = await getOrderTrace(client, trace.hops[0]!.sent!);
    }
    if (trace.status !== 'ready-for-transfer') break;
    const { onChain, order, fromChain } = pending;
    const on = nameOf(client, onChain);
    try {
      const { transactionHash } = await prove(client, { fromChain, order, signer, gasLimit });
      output.log(`proven to chain ${on} in transaction ${transactionHash}`);
    } catch (error) {
      if (!(error instanceof XdmError) || error.code !== 'already-relayed' || onChain === overtakenOn) throw error;
      overtakenOn = onChain;
      output.log(`another has proven it to chain ${on} meanwhile`);
    }
    trace = await getOrderTrace(client, trace.hops[0]!.sent!);
  }
  output.results([orderResult(trace)]);
  return EXIT_BY_STATUS[trace.status];
}

/**
 * Brings the light client that a message waits for to its block.
 * @returns whether there was anything that leads there; nothing is paid for otherwise
 */
async function update(
  client: OmnichainClient,
  { on, of, client: name, block }: NextHop,
  {
    output,
    ...means
  }: { readonly signer: Signer; readonly sources: readonly string[] | undefined; readonly output: Output },
): Promise<boolean> {
  const { updateLightClient } = await import('../../sdk/actions/omnichain/updateLightClient.ts');
  const onUpdate = ({ brings, transactionHash }: SentUpdate): void =>
    output.log(`updated ${name} in transaction ${transactionHash}: ${brings}`);
  try {
    await updateLightClient(client, { on, of, ...means, leadingTo: BigInt(block), onUpdate });
    return true;
  } catch (error) {
    if (!(error instanceof XdmError) || error.code !== 'not-ready') throw error;
    output.log(sentenceOf(error));
    return false;
  }
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
