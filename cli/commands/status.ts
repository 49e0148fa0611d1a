import type { MessageState } from '../../sdk/actions/getStatus.ts';
import type { LaneClient } from '../../sdk/chain/client.ts';
import type { LaneMessage } from '../../sdk/chain/messages.ts';
import { XdmError, type ErrorCode } from '../../sdk/core/errors.ts';
import { defineCommand, type Arguments, type Environment } from '../command.ts';
import { laneKindOf, refuseOptions } from '../deploymentFile.ts';
import { EXIT, EXIT_CODES, type ExitCode } from '../exitCodes.ts';
import { ANY_READER_OPTIONS, SOURCE_OPTIONS } from '../options.ts';
import type { Output } from '../output.ts';
import { findNode, NODE_PLACE_OPTIONS } from '../why/findNode.ts';

const OPTIONS = {
  why: { type: 'boolean', default: false, describe: 'Say what it waits for: every clock and reason' },
  ...NODE_PLACE_OPTIONS,
  ...ANY_READER_OPTIONS,
  ...SOURCE_OPTIONS,
} as const;

/** With these a chain has said nothing of the message. */
const SILENCE: ReadonlySet<ErrorCode> = new Set(['rpc-unreachable', 'rpc-rate-limited', 'rpc-error']);

export const status = defineCommand({
  name: 'status',
  parameters: 'HASH',
  arity: 1,
  summary: 'Says where a message stands',
  details: `HASH is of a message or of a transaction, which may have sent several messages. With --json, one
message is one object and several are an array; times are Unix seconds, and what there is not is
null. transactionHash is of the transaction that sent the message, relayTransactionHash of the one
that made the latest attempt to deliver it, and batchSize is how many messages the latter was for.

Status: unconfirmed, state-root-not-published, in-challenge-period, ready-for-relay, relayed or
failed. paused is true of a message from L2 that waits for the end of a pause, too.

With --why, a line that says what the message waits for and until when, and then every clock and
reason: state batch, window, finality, pause, queue; and from the node's store, where it is at
hand, stage, why it was set aside and when it is tried again, its transactions with their fees,
what was spent today, alarms, and its history; from the node that runs, what fails in it. Where a
chain does not answer, it says what the node's store says alone, and ends with exit code 3.

Of an omnichain lane HASH is of an order, or of a transaction that has sent some. It says, over
all chains of its way, each transaction, up to which block each light client knows the chain
before, and what happens next. Status: waiting-for-light-client, light-client-frozen,
ready-for-transfer, relayed or failed. With --why, too, what the node says of it since the
chain that it left last.`,
  options: OPTIONS,
  async run(args, around) {
    const ofNode = (['store', 'config', 'http-port'] as const).find((name) => args[name] !== undefined);
    if (!args.why && ofNode !== undefined) {
      throw new XdmError('invalid-argument', `--${ofNode} is given without --why`, { hint: 'add --why' });
    }
    const answered = show(args, around);
    const askNode = async (error: unknown): Promise<ExitCode> => await explainAlone(error, args, around);
    return await (args.why ? answered.catch(askNode) : answered);
  },
});

interface Surroundings {
  readonly environment: Environment;
  readonly output: Output;
}

async function show(args: Arguments<typeof OPTIONS>, { environment, output }: Surroundings): Promise<ExitCode> {
  if (laneKindOf(args, environment) === 'omnichain') {
    const { showOrder } = await import('../omnichain/showOrder.ts');
    return await showOrder(args, { environment, output });
  }
  const { getMessages } = await import('../../sdk/actions/getMessages.ts');
  const { getStatuses } = await import('../../sdk/actions/getStatus.ts');
  const { withLane } = await import('../lane.ts');
  const { statusResult } = await import('../messageResult.ts');
  const { pauseNotes } = await import('../pauseNote.ts');

  refuseOptions('rollup', args, ['rpc-urls', 'source-urls']);
  return await withLane(args, environment, async (client) => {
    const messages = await getMessages(client, args.rest[0] ?? '');
    const states = await getStatuses(client, messages);
    if (args.why) return await explain({ client, messages, states }, args, { environment, output });
    output.results(messages.map((message, position) => statusResult(message, states[position] as MessageState)));
    for (const note of pauseNotes(states)) output.log(note);
    return EXIT.done;
  });
}

interface Known {
  readonly client: LaneClient;
  readonly messages: readonly LaneMessage[];
  readonly states: readonly MessageState[];
}

async function explain(
  { client, messages, states }: Known,
  args: Arguments<typeof OPTIONS>,
  { environment, output }: Surroundings,
): Promise<ExitCode> {
  const { getClocks } = await import('../../sdk/actions/getClocks.ts');
  const { explanationText, explanationValues } = await import('../why/explanation.ts');
  const { readNodeViews } = await import('../why/nodeView.ts');
  const { rollupOutline } = await import('../../relayer/lanes/rollup/routes.ts');

  const { location, config } = await findNode(args, environment);
  const nodes = await readNodeViews(location, { lane: rollupOutline(client.lane), config }, messages);
  const explanations = await Promise.all(
    messages.map(async (sent, position) => {
      const state = states[position] as MessageState;
      const node = nodes[position] ?? { missing: '' };
      return { sent, state, clocks: await getClocks(client, sent), node };
    }),
  );
  if (output.json) {
    const values = explanations.map(explanationValues);
    output.data(values.length === 1 ? values[0] : values);
  } else output.text(explanations.map(explanationText).join('\n\n\n'));
  return EXIT.done;
}

/** A chain that does not answer is what the message waits for, most likely: says what the node knows without it. */
async function explainAlone(
  error: unknown,
  args: Arguments<typeof OPTIONS>,
  { environment, output }: Surroundings,
): Promise<ExitCode> {
  const { readOutline } = await import('../laneKind.ts');
  const { nodeAloneText, nodeAloneValues } = await import('../why/nodeAlone.ts');
  const { findNodeMessages } = await import('../why/nodeView.ts');

  const hash = args.rest[0] ?? '';
  if (!(error instanceof XdmError) || !SILENCE.has(error.code) || !/^0x[\da-f]{64}$/iu.test(hash)) throw error;
  const { location, config } = await findNode(args, environment);
  const means = { lane: await readOutline(args, environment), config };
  const found = await findNodeMessages(location, means, hash);
  if (found.length === 0) {
    const hint = "a message waits while its chain is silent; what the node knows of it is in the node's --store";
    throw new XdmError(error.code, error.message, { cause: error, hint });
  }
  if (output.json) {
    const values = found.map((message) => nodeAloneValues(message, error));
    output.data(values.length === 1 ? values[0] : values);
  } else output.text(found.map((message) => nodeAloneText(message, error)).join('\n\n\n'));
  return EXIT_CODES[error.code];
}
