import type { TransferPreviewParameters } from '../../sdk/actions/omnichain/getTransferPreview.ts';
import type { OrderTrace } from '../../sdk/actions/omnichain/getOrderTrace.ts';
import type { SentOrder } from '../../sdk/actions/omnichain/transferOut.ts';
import type { OmnichainClient } from '../../sdk/chain/omnichain/client.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { defineCommand, type Arguments, type Environment } from '../command.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import type { NextHop } from '../omnichain/orderResult.ts';
import { OMNICHAIN_OPTIONS, SIGNER_OPTIONS } from '../options.ts';
import { sentenceOf, type Output, type Result } from '../output.ts';
import { follow, parseCall, parsePatience, SENDING_OPTIONS } from '../sending.ts';

/** Of the contracts. */
const MAX_GAS_LIMIT = 12_000_000n;

const TYPES = ['calldata', 'message'] as const;

const { target, data, sig, 'gas-limit': gasLimit, ...waiting } = SENDING_OPTIONS;

const OPTIONS = {
  'from-chain': { type: 'string', requiresArg: true, demandOption: true, describe: 'Chain to send from, name or id' },
  'to-chain': { type: 'string', requiresArg: true, demandOption: true, describe: 'Its destination, name or id' },
  target: { ...target, describe: 'Contract to call there; on the relay chain, with --relay' },
  data: { ...data, describe: 'Calldata, or what mapoExecute gets as the message; hex' },
  sig: { ...sig, describe: "Function to encode instead, such as 'transfer(address,uint256)'" },
  type: { type: 'string', requiresArg: true, default: 'calldata', describe: 'calldata, or message for mapoExecute' },
  relay: {
    type: 'boolean',
    default: false,
    describe: 'The target is on the relay chain, and what it answers goes on to the destination',
  },
  'gas-limit': gasLimit,
  'fee-token': {
    type: 'string',
    requiresArg: true,
    describe: "Token to pay the fee with, approved to the service; the chain's own currency unless given",
  },
  ...waiting,
  ...OMNICHAIN_OPTIONS,
  ...SIGNER_OPTIONS,
} as const;

export const transferOut = defineCommand({
  name: 'transferOut',
  parameters: '[ARG...]',
  arity: 'any',
  summary: 'Sends a message over an omnichain lane',
  details: `The ARGs are those of --sig: arrays and tuples in JSON, all others as they are; after -- they may
begin with a dash. The fee is what the service asks for now. Before it is sent, the target is
asked whether it would take the message: a warning says why it would not, and keeps nothing back.
Nor does a chain that does not answer, unless it is the one where the message is sent.

With --wait it follows the message until its target has taken it at its destination, and tells
each hop. A target that failed, there or on the relay chain, is exit 5.`,
  options: OPTIONS,
  only: { kind: 'omnichain', otherwise: 'send over this one with `xdm sendMessage`' },
  async run(args, { environment, output }) {
    const { getTransferPreview } = await import('../../sdk/actions/omnichain/getTransferPreview.ts');
    const { transferOut: send } = await import('../../sdk/actions/omnichain/transferOut.ts');
    const { openAccount } = await import('../signer.ts');

    const parameters = await parse(args);
    const { confirmations, timeout, signal } = await parsePatience(args);
    const signer = await openAccount(args, environment);
    return await withRoute(args, { environment, output }, async (client, isWhole) => {
      const { doubts } = isWhole
        ? await getTransferPreview(client, { ...parameters, sender: signer.address })
        : { doubts: [] };
      for (const doubt of doubts) output.log(`warning: ${sentenceOf(doubt)}`);
      const order = await send(client, { ...parameters, confirmations, signer, signal: signal() });
      const sent = sentResult(client, order, parameters.feeToken);
      if (args.wait) return await followOrder(client, { order, sent }, { environment, output, timeout });
      output.results([sent]);
      return EXIT.done;
    });
  },
});

/** Connects to the chains of the message's way; or, where one of them is silent and nobody waits, to the one where it is sent. */
async function withRoute(
  args: Arguments<typeof OPTIONS>,
  { environment, output }: { readonly environment: Environment; readonly output: Output },
  use: (client: OmnichainClient, isWhole: boolean) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { findChain, routeOf } = await import('../../sdk/core/omnichain/deployment.ts');
  const { withOmnichain } = await import('../omnichain/lane.ts');
  const reached: OmnichainClient[] = [];
  try {
    return await withOmnichain(args, environment, {
      chains: (lane) => {
        const [from, to] = [findChain(lane, args['from-chain']), findChain(lane, args['to-chain'])];
        return routeOf(lane, from.chainId, to.chainId);
      },
      use: async (client) => {
        reached.push(client);
        return await use(client, true);
      },
    });
  } catch (error) {
    // Once it is reached the message may be sent already.
    const isSilent = reached.length === 0 && error instanceof XdmError && error.code === 'rpc-unreachable';
    if (!isSilent || args.wait) throw error;
    output.log(`warning: it is not tried at its target: ${error.message}`);
  }
  return await withOmnichain(args, environment, {
    chains: (lane) => [findChain(lane, args['from-chain']).chainId],
    use: async (client) => await use(client, false),
  });
}

async function parse(args: Arguments<typeof OPTIONS>): Promise<Omit<TransferPreviewParameters, 'sender'>> {
  const { parseAddress, parseChoice, parseNatural } = await import('../values.ts');
  const { target: address, data: payload } = await parseCall(args);
  const feeToken = args['fee-token'];
  return {
    fromChain: args['from-chain'],
    toChain: args['to-chain'],
    message: {
      relay: args.relay,
      msgType: parseChoice('type', args.type, TYPES),
      target: address,
      payload,
      gasLimit: parseNatural('gas-limit', args['gas-limit'], MAX_GAS_LIMIT),
      value: 0n,
    },
    feeToken: feeToken === undefined ? undefined : parseAddress('fee-token', feeToken),
  };
}

interface Sent {
  readonly order: SentOrder;
  readonly sent: Result;
}

interface Following {
  readonly environment: Environment;
  readonly output: Output;
  readonly timeout: number | undefined;
}

async function followOrder(
  client: OmnichainClient,
  { order, sent }: Sent,
  { environment, output, timeout }: Following,
): Promise<ExitCode> {
  const { waitForOrder } = await import('../../sdk/actions/omnichain/waitForOrder.ts');
  const { EXIT_BY_STATUS, nextHop, orderResult } = await import('../omnichain/orderResult.ts');
  let last: OrderTrace | undefined;
  const onState = (trace: OrderTrace): void => {
    last = trace;
    const next = nextHop(trace);
    if (next !== undefined) output.progress(...progressOf(trace.status, next));
  };
  return await follow<OrderTrace>(
    {
      sent,
      announcement: `sent ${order.orderId} in transaction ${order.transactionHash}`,
      wait: async (means) => await waitForOrder(client, { order, onState, ...means }),
      longestName: 'failureReason',
      outcome: (trace) => ({ result: orderResult(trace), exitCode: EXIT_BY_STATUS[trace.status] }),
      explain: async (error) => {
        const step =
          error.code === 'timeout' && last !== undefined ? await leftToDo(client, last, environment) : undefined;
        return { error: step === undefined ? error : withStep(error, step), known: { status: last?.status } };
      },
    },
    output,
    timeout,
  );
}

/** How long a light client's sources may take to answer once there was enough of waiting, milliseconds. */
const LAST_LOOK_MS = 5000;

/** What has to happen for an order that was waited for: whether there is an update, too, so that it shows what does not do its part. */
async function leftToDo(
  client: OmnichainClient,
  trace: OrderTrace,
  environment: Environment,
): Promise<string | undefined> {
  const { readAwaited } = await import('../omnichain/awaited.ts');
  const { nextStep } = await import('../omnichain/orderResult.ts');
  const means = { args: { 'source-urls': undefined }, environment, timeout: LAST_LOOK_MS };
  // A chain that does not answer is no reason to keep back what is known.
  const awaited = await readAwaited(client, trace, means).catch(() => undefined);
  return nextStep(trace, awaited);
}

/** Says of an order that was not delivered in time where it stands, and what there is to do about it. */
function withStep({ code, message, hint, cause }: XdmError, step: string): XdmError {
  return new XdmError(code, message, { cause, hint: `${hint}; ${step}` });
}

/** A topic for each hop, and what changes meanwhile. */
function progressOf(
  status: OrderTrace['status'],
  { client, on, of, block, head }: NextHop,
): [topic: string, detail?: string] {
  if (status === 'ready-for-transfer') return [`${client} knows block ${block}: it can be proven to ${on}`];
  if (status === 'light-client-frozen') return [`${client} is frozen: nothing can be proven to ${on}`];
  return [`${of} has logged it in block ${block}: waiting until ${client} knows that`, `, now at ${head}`];
}

function sentResult({ lane }: OmnichainClient, order: SentOrder, feeToken: string | undefined): Result {
  const { orderId, transactionHash, blockNumber, envelope, fee } = order;
  const nameOf = (id: bigint): string | undefined => lane.chains.find(({ chainId }) => chainId === id)?.name;
  return {
    values: {
      orderId,
      transactionHash,
      blockNumber,
      nonce: envelope.nonce,
      fromChain: nameOf(order.fromChain),
      toChain: nameOf(order.toChain),
      fee,
      feeToken,
    },
    texts: { fee: feeToken === undefined ? `${fee} wei` : String(fee) },
  };
}
