// What the commands have in common that send a message, over whatever kind of lane.
import { XdmError } from '../sdk/core/errors.ts';
import type { Arguments, OptionsByName } from './command.ts';
import { EXIT_CODES, type ExitCode } from './exitCodes.ts';
import { formatGiven, type Values } from './format.ts';
import type { Output, Result, TextResult } from './output.ts';

const MAX_CONFIRMATIONS = 1_000_000n;

/** What a timer can hold. */
const MAX_TIMEOUT_S = 2_147_483n;

/** What to send, and how long to follow it. */
export const SENDING_OPTIONS = {
  target: { type: 'string', requiresArg: true, demandOption: true, describe: 'Account to call on the other chain' },
  data: { type: 'string', requiresArg: true, describe: 'Calldata, hex' },
  sig: { type: 'string', requiresArg: true, describe: "Function to call instead, such as 'transfer(address,uint256)'" },
  'gas-limit': {
    type: 'string',
    requiresArg: true,
    default: '200000',
    describe: 'Gas the target is promised at least',
  },
  wait: { type: 'boolean', default: false, describe: 'Wait until the message is delivered' },
  confirmations: {
    type: 'string',
    requiresArg: true,
    default: '1',
    describe: "Blocks to wait for from the message's own on",
  },
  timeout: { type: 'string', requiresArg: true, describe: 'Seconds to wait at most' },
} as const satisfies OptionsByName;

type SendingArguments = Arguments<typeof SENDING_OPTIONS>;

/** How long to wait, and for what. */
export interface Patience {
  readonly confirmations: number;
  /** Milliseconds that following it may take; undefined for as long as it takes. */
  readonly timeout: number | undefined;
  /** Ends the wait for the blocks; where the message is followed, the time begins once its hash is known. */
  readonly signal: () => AbortSignal | undefined;
}

/** The target's address and the bytes for it. @throws {XdmError} `invalid-argument` */
export async function parseCall(args: SendingArguments): Promise<{ readonly target: string; readonly data: string }> {
  const { parseAddress } = await import('./values.ts');
  return { target: parseAddress('target', args.target), data: await parseData(args) };
}

async function parseData({ data, sig, rest }: SendingArguments): Promise<string> {
  if ((data === undefined) === (sig === undefined)) {
    const problem = data === undefined ? 'neither --data nor --sig is given' : '--data and --sig are both given';
    throw new XdmError('invalid-argument', problem, { hint: 'give one of them; --data 0x is a call without data' });
  }
  if (sig !== undefined) {
    const { encodeCall } = await import('./calldata.ts');
    return encodeCall(sig, rest);
  }
  if (rest.length > 0) {
    throw new XdmError('invalid-argument', `--data takes no arguments, and ${formatGiven(rest.length)}`, {
      hint: 'arguments belong to --sig',
    });
  }
  const { parseHex } = await import('./values.ts');
  return parseHex('data', data ?? '');
}

/** @throws {XdmError} `invalid-argument` */
export async function parsePatience({
  confirmations: blocks,
  timeout: seconds,
  wait,
}: SendingArguments): Promise<Patience> {
  const { parseNatural } = await import('./values.ts');
  const confirmations = Number(parseNatural('confirmations', blocks, MAX_CONFIRMATIONS, 1n));
  const timeout = seconds === undefined ? undefined : Number(parseNatural('timeout', seconds, MAX_TIMEOUT_S)) * 1000;
  const isBounded = timeout !== undefined && (!wait || confirmations > 1);
  return { confirmations, timeout, signal: () => (isBounded ? AbortSignal.timeout(timeout) : undefined) };
}

/** An error with what else there is to do, and what is known beside it. */
interface Explained {
  readonly error: XdmError;
  readonly known: Values;
}

/** A message that is followed once it is sent. */
interface Followed<T> {
  readonly sent: Result;
  /** What to say of it at once where stdout gets one document at the end. */
  readonly announcement: string;
  readonly wait: (means: {
    readonly signal: AbortSignal | undefined;
    readonly onTrouble: (error: XdmError) => void;
  }) => Promise<T>;
  /** The longest name of what is known only at the end: the values of both stand in line. */
  readonly longestName: string;
  /** All that is known at the end. */
  readonly outcome: (state: T) => { readonly result: TextResult; readonly exitCode: ExitCode };
  /** Says of an error what else there is to do, and what is known beside it. */
  readonly explain: (error: XdmError) => Promise<Explained> | Explained;
}

/** Shows what was sent at once, as far as stdout may, and what came of it at the end. */
export async function follow<T>(
  { sent, announcement, wait, longestName, outcome, explain }: Followed<T>,
  output: Output,
  timeout: number | undefined,
): Promise<ExitCode> {
  if (output.json) output.log(announcement);
  else output.results([{ ...sent, others: [longestName] }]);
  try {
    const state = await wait({
      signal: timeout === undefined ? undefined : AbortSignal.timeout(timeout),
      onTrouble: (error) => output.progress(`waiting: ${error.message}`),
    });
    const { result, exitCode } = outcome(state);
    const { values, texts } = result;
    const shown = Object.keys(sent.values);
    const more = Object.fromEntries(Object.entries(values).filter(([name]) => !shown.includes(name)));
    output.results([{ values: output.json ? { ...sent.values, ...more } : more, texts, others: shown }]);
    return exitCode;
  } catch (error) {
    // The message is sent, whatever becomes of the wait: with --json its hash must not get lost.
    if (!(error instanceof XdmError)) throw error;
    const explained = await explain(error);
    output.error(explained.error, { ...sent.values, ...explained.known });
    return EXIT_CODES[error.code];
  }
}
