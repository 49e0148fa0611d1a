import type { MessageState } from '../../sdk/actions/getStatus.ts';
import type { LaneClient } from '../../sdk/chain/client.ts';
import type { LaneMessage } from '../../sdk/chain/messages.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { defineCommand, type Arguments } from '../command.ts';
import { EXIT, EXIT_CODES, type ExitCode } from '../exitCodes.ts';
import { formatGiven } from '../format.ts';
import { LANE_OPTIONS, SIGNER_OPTIONS } from '../options.ts';
import type { Output, Result } from '../output.ts';

const MAX_UINT32 = 2n ** 32n - 1n;

const MAX_CONFIRMATIONS = 1_000_000n;

/** What a timer can hold. */
const MAX_TIMEOUT_S = 2_147_483n;

const OPTIONS = {
  'from-chain': { type: 'string', requiresArg: true, demandOption: true, describe: 'Chain to send from, l1 or l2' },
  target: { type: 'string', requiresArg: true, demandOption: true, describe: 'Account to call on the other chain' },
  data: { type: 'string', requiresArg: true, describe: 'Calldata, hex' },
  sig: { type: 'string', requiresArg: true, describe: "Function to call instead, such as 'transfer(address,uint256)'" },
  'gas-limit': {
    type: 'string',
    requiresArg: true,
    default: '200000',
    describe: 'Gas the target is promised at least',
  },
  value: {
    type: 'string',
    requiresArg: true,
    default: '0',
    describe: 'Wei that go with the call, or 10gwei, 0.5ether',
  },
  wait: { type: 'boolean', default: false, describe: 'Wait until the message is delivered' },
  confirmations: {
    type: 'string',
    requiresArg: true,
    default: '1',
    describe: "Blocks to wait for from the message's own on",
  },
  timeout: { type: 'string', requiresArg: true, describe: 'Seconds to wait at most' },
  ...LANE_OPTIONS,
  ...SIGNER_OPTIONS,
} as const;

export const sendMessage = defineCommand({
  name: 'sendMessage',
  parameters: '[ARG...]',
  arity: 'any',
  summary: 'Sends a message',
  details: `The ARGs are those of --sig: arrays and tuples in JSON, all others as they are; after -- they may
begin with a dash. With --wait it follows the message until it is delivered; a delivery that failed
is exit 5. While relaying on L1 is paused, a message from L2 waits: paused is true then.`,
  options: OPTIONS,
  only: { kind: 'rollup', otherwise: 'send over this one with `xdm transferOut`' },
  async run(args, { environment, output }) {
    const { sendMessage: send } = await import('../../sdk/actions/sendMessage.ts');
    const { withLane } = await import('../lane.ts');
    const { openAccount } = await import('../signer.ts');

    const parameters = await parse(args);
    const timeout = await parseTimeout(args);
    const signer = await openAccount(args, environment);
    return await withLane(args, environment, async (client) => {
      // Where it is followed, the time begins once its hash is known.
      const isBounded = timeout !== undefined && (!args.wait || parameters.confirmations > 1);
      const signal = isBounded ? AbortSignal.timeout(timeout) : undefined;
      const sent = await send(client, { ...parameters, signer, signal });
      if (args.wait) return await follow(client, sent, { output, timeout });
      output.results([sentResult(sent)]);
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
  readonly confirmations: number;
}> {
  const { parseAddress, parseChoice, parseNatural, parseWei } = await import('../values.ts');
  return {
    fromChain: parseChoice('from-chain', args['from-chain'], ['l1', 'l2']),
    target: parseAddress('target', args.target),
    data: await parseCall(args),
    gasLimit: parseNatural('gas-limit', args['gas-limit'], MAX_UINT32),
    value: parseWei('value', args.value),
    confirmations: Number(parseNatural('confirmations', args.confirmations, MAX_CONFIRMATIONS, 1n)),
  };
}

async function parseCall({ data, sig, rest }: Arguments<typeof OPTIONS>): Promise<string> {
  if ((data === undefined) === (sig === undefined)) {
    const problem = data === undefined ? 'neither --data nor --sig is given' : '--data and --sig are both given';
    throw new XdmError('invalid-argument', problem, { hint: 'give one of them; --data 0x is a call without data' });
  }
  if (sig !== undefined) {
    const { encodeCall } = await import('../calldata.ts');
    return encodeCall(sig, rest);
  }
  if (rest.length > 0) {
    throw new XdmError('invalid-argument', `--data takes no arguments, and ${formatGiven(rest.length)}`, {
      hint: 'arguments belong to --sig',
    });
  }
  const { parseHex } = await import('../values.ts');
  return parseHex('data', data ?? '');
}

/** Milliseconds. */
async function parseTimeout({ timeout }: Arguments<typeof OPTIONS>): Promise<number | undefined> {
  if (timeout === undefined) return undefined;
  const { parseNatural } = await import('../values.ts');
  return Number(parseNatural('timeout', timeout, MAX_TIMEOUT_S)) * 1000;
}

/** Shows what was sent at once, as far as stdout may, and what came of it at the end. */
async function follow(
  client: LaneClient,
  message: LaneMessage,
  { output, timeout }: { readonly output: Output; readonly timeout: number | undefined },
): Promise<ExitCode> {
  const { waitForRelay } = await import('../../sdk/actions/waitForRelay.ts');
  const { remaining, statusResult } = await import('../messageResult.ts');
  const { PAUSE_NOTE } = await import('../pauseNote.ts');
  const sent = sentResult(message);
  if (output.json) output.log(`sent ${message.messageHash} in transaction ${message.transactionHash}`);
  else output.results([sent]);
  const signal = timeout === undefined ? undefined : AbortSignal.timeout(timeout);
  let last: MessageState | undefined;
  const onState = (state: MessageState): void => {
    if (state.isPaused && last?.isPaused !== true) output.log(PAUSE_NOTE);
    if (!state.isPaused && last?.isPaused === true) output.log('relaying on L1 is not paused any more');
    last = state;
    const left = remaining(state);
    output.progress(state.status, left === undefined ? '' : `, ${left} left`);
  };
  try {
    const onTrouble = (error: XdmError): void => output.progress(`waiting: ${error.message}`);
    const state = await waitForRelay(client, { message, signal, onState, onTrouble });
    const { values, texts } = statusResult(message, state);
    const shown = Object.keys(sent.values);
    const outcome = Object.fromEntries(Object.entries(values).filter(([name]) => !shown.includes(name)));
    output.results([{ values: output.json ? { ...sent.values, ...outcome } : outcome, texts }]);
    return state.status === 'failed' ? EXIT.messageFailed : EXIT.done;
  } catch (error) {
    // The message is sent, whatever becomes of the wait: with --json its hash must not get lost.
    if (!(error instanceof XdmError)) throw error;
    const isPaused = last?.isPaused === true;
    const isReady = error.code === 'timeout' && last?.status === 'ready-for-relay' && !isPaused;
    output.error(isReady ? withRelayHint(error, message) : error, { ...sent.values, paused: isPaused });
    return EXIT_CODES[error.code];
  }
}

/** Says beside what else there is to do that the message can be delivered by hand now. */
function withRelayHint({ code, message, hint, cause }: XdmError, { messageHash }: LaneMessage): XdmError {
  return new XdmError(code, message, { cause, hint: `${hint}, or deliver it: xdm relayMessage ${messageHash}` });
}

function sentResult({ messageHash, transactionHash, blockNumber, message, fromChain }: LaneMessage): Result {
  return { values: { messageHash, transactionHash, blockNumber, messageNonce: message.nonce, fromChain } };
}
