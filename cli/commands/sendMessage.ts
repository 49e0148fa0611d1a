import type { MessageState } from '../../sdk/actions/getStatus.ts';
import type { LaneClient } from '../../sdk/chain/client.ts';
import type { LaneMessage } from '../../sdk/chain/messages.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { defineCommand, type Arguments } from '../command.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { LANE_OPTIONS, SIGNER_OPTIONS } from '../options.ts';
import type { Output, Result } from '../output.ts';
import { follow, parseCall, parsePatience, SENDING_OPTIONS } from '../sending.ts';

const MAX_UINT32 = 2n ** 32n - 1n;

const { target, data, sig, 'gas-limit': gasLimit, ...waiting } = SENDING_OPTIONS;

const OPTIONS = {
  'from-chain': { type: 'string', requiresArg: true, demandOption: true, describe: 'Chain to send from, l1 or l2' },
  target,
  data,
  sig,
  'gas-limit': gasLimit,
  value: {
    type: 'string',
    requiresArg: true,
    default: '0',
    describe: 'Wei that go with the call, or 10gwei, 0.5ether',
  },
  ...waiting,
  ...LANE_OPTIONS,
  ...SIGNER_OPTIONS,
} as const;

export const sendMessage = defineCommand({
  name: 'sendMessage',
  parameters: '[ARG...]',
  arity: 'any',
  summary: 'Sends a message',
  details: `The ARGs are those of --sig: arrays and tuples in JSON, all others as they are; after -- they may
begin with a dash. With --wait it follows the message until it is delivered; a delivery that
failed is exit 5. While relaying on L1 is paused, a message from L2 waits: it is said, and with
--wait paused is true then.`,
  options: OPTIONS,
  only: { kind: 'rollup', otherwise: 'send over this one with `xdm transferOut`' },
  async run(args, { environment, output }) {
    const { sendMessage: send } = await import('../../sdk/actions/sendMessage.ts');
    const { withLane } = await import('../lane.ts');
    const { openAccount } = await import('../signer.ts');

    const parameters = await parse(args);
    const { confirmations, timeout, signal } = await parsePatience(args);
    const signer = await openAccount(args, environment);
    return await withLane(args, environment, async (client) => {
      const sent = await send(client, { ...parameters, confirmations, signer, signal: signal() });
      if (args.wait) return await followMessage(client, sent, { output, timeout });
      output.results([sentResult(sent)]);
      if (parameters.fromChain === 'l2') await notePause(client, output);
      return EXIT.done;
    });
  },
});

async function parse(args: Arguments<typeof OPTIONS>): Promise<{
  readonly fromChain: 'l1' | 'l2';
  readonly target: string;
  readonly data: string;
  readonly gasLimit: bigint;
  readonly value: bigint;
}> {
  const { parseChoice, parseNatural, parseWei } = await import('../values.ts');
  return {
    fromChain: parseChoice('from-chain', args['from-chain'], ['l1', 'l2']),
    ...(await parseCall(args)),
    gasLimit: parseNatural('gas-limit', args['gas-limit'], MAX_UINT32),
    value: parseWei('value', args.value),
  };
}

/** A message from L2 is on its way whether L1 answers or not: that is no error. */
async function notePause({ lane, l1 }: LaneClient, output: Output): Promise<void> {
  const { l1MessengerOf } = await import('../../sdk/chain/contracts.ts');
  const { PAUSE_NOTE } = await import('../pauseNote.ts');
  const isPaused = await l1MessengerOf(lane, l1)
    .paused()
    .catch(() => false);
  if (isPaused) output.log(PAUSE_NOTE);
}

async function followMessage(
  client: LaneClient,
  message: LaneMessage,
  { output, timeout }: { readonly output: Output; readonly timeout: number | undefined },
): Promise<ExitCode> {
  const { waitForRelay } = await import('../../sdk/actions/waitForRelay.ts');
  const { remaining, statusResult } = await import('../messageResult.ts');
  const { PAUSE_NOTE } = await import('../pauseNote.ts');
  let last: MessageState | undefined;
  const onState = (state: MessageState): void => {
    if (state.isPaused && last?.isPaused !== true) output.log(PAUSE_NOTE);
    if (!state.isPaused && last?.isPaused === true) output.log('relaying on L1 is not paused any more');
    last = state;
    const left = remaining(state);
    output.progress(state.status, left === undefined ? '' : `, ${left} left`);
  };
  return await follow<MessageState>(
    {
      sent: sentResult(message),
      announcement: `sent ${message.messageHash} in transaction ${message.transactionHash}`,
      wait: async (means) => await waitForRelay(client, { message, onState, ...means }),
      longestName: 'relayTransactionHash',
      outcome: (state) => ({
        result: statusResult(message, state),
        exitCode: state.status === 'failed' ? EXIT.messageFailed : EXIT.done,
      }),
      explain: (error) => {
        const paused = last?.isPaused === true;
        const isReady = error.code === 'timeout' && last?.status === 'ready-for-relay' && !paused;
        return { error: isReady ? withRelayHint(error, message) : error, known: { paused } };
      },
    },
    output,
    timeout,
  );
}

/** Says beside what else there is to do that the message can be delivered by hand now. */
function withRelayHint({ code, message, hint, cause }: XdmError, { messageHash }: LaneMessage): XdmError {
  return new XdmError(code, message, { cause, hint: `${hint}, or deliver it: xdm relayMessage ${messageHash}` });
}

function sentResult({ messageHash, transactionHash, blockNumber, message, fromChain }: LaneMessage): Result {
  return { values: { messageHash, transactionHash, blockNumber, messageNonce: message.nonce, fromChain } };
}
