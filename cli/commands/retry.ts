import { explainParked } from '../../relayer/parkedReasons.ts';
import type { WaitsFor } from '../../relayer/store/messageDetails.ts';
import type { Retried } from '../../relayer/retry.ts';
import { formatTime } from '../../sdk/chain/time.ts';
import { tryAgain } from '../../relayer/tryAgain.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { defineCommand, type Arguments, type Environment } from '../command.ts';
import { laneKindOf, refuseOptions } from '../deploymentFile.ts';
import { EXIT, EXIT_CODES, worstOf, type ExitCode } from '../exitCodes.ts';
import { ANY_LANE_OPTIONS, SIGNER_OPTIONS } from '../options.ts';
import type { Output } from '../output.ts';
import { STORE_OPTIONS } from '../settingsFile.ts';
import type { Account } from '../signer.ts';

const OPTIONS = {
  all: { type: 'boolean', default: false, describe: 'All messages that are set aside' },
  'gas-limit': {
    type: 'string',
    requiresArg: true,
    describe: 'Of the transaction, for an order whose target needs more gas than it was promised',
  },
  ...STORE_OPTIONS,
  ...ANY_LANE_OPTIONS,
  ...SIGNER_OPTIONS,
} as const;

export const retry = defineCommand({
  name: 'retry',
  parameters: '[HASH...]',
  arity: 'any',
  summary: 'Has the node try messages now that it has set aside; tries failed orders again',
  details: `The node tries a message again by itself, after a time that grows with each try up to 10 minutes.
Once the cause is mended, such as by a target that works again, this spares the wait. It is
written into the node's store, whether the node runs or not, and no transaction is sent. HASH is
of a message or of a transaction, which may have sent several messages.

outcome: retried; not-parked, of one that the node is at anyway; already-relayed; failed, of one
that its target refused, which \`xdm relayMessage\` delivers again; message-not-found. reason and
tries are why and how often it was set aside. With --json, an array.

Of an omnichain lane HASH is of an order, or of a transaction that has sent some. Each that has
failed is tried again by a transaction of yours, on the chain where it did and with its original
route; what a target on the relay chain answers goes on. The target gets all the gas that there
is, as --gas-limit has it: at most 16777216 for the transaction. outcome: relayed; sent-on, by the
relay chain; failed, again (exit 5); already-relayed; or where the order stands that has not
failed (exit 4). With --all, or --store and HASHes, it is the node that tries, as above, what it
has set aside.`,
  options: OPTIONS,
  async run(args, { environment, output }) {
    const { openLaneStore } = await import('../laneStore.ts');
    const { retryMessages } = await import('../../relayer/retry.ts');
    const { whatHalts } = await import('../../relayer/alarm.ts');
    const { openAlarms } = await import('../../relayer/store/alarms.ts');

    const hashes = parseHashes(args);
    const isOmnichain = laneKindOf(args, environment) === 'omnichain';
    if (isOmnichain && hashes !== undefined && args.store === undefined) {
      return await retryFailed(args, hashes, { environment, output });
    }
    if (!isOmnichain) refuseOptions('rollup', args, ['rpc-urls']);
    verifyUnsigned(args);
    return await openLaneStore(args, environment, async (store, lane) => {
      const found = await retryMessages(store, lane, hashes);
      for (const alarm of await openAlarms(store.db)) {
        if (alarm.halts) output.log(`warning: ${whatHalts(alarm)} stands still: ${alarm.message}`);
      }
      return report(found, hashes, output);
    });
  },
});

async function retryFailed(
  args: Arguments<typeof OPTIONS>,
  hashes: readonly string[],
  { environment, output }: { readonly environment: Environment; readonly output: Output },
): Promise<ExitCode> {
  const { withOmnichain } = await import('../omnichain/lane.ts');
  const { retryOrders } = await import('../omnichain/retryOrders.ts');
  const { openAccount } = await import('../signer.ts');
  const { parseGasLimit } = await import('../values.ts');

  refuseOptions('omnichain', args, ['l1-rpc-url', 'l2-rpc-url']);
  const gasLimit = await parseGasLimit(args['gas-limit']);
  const account = async (): Promise<Account> => await openAccount(args, environment);
  return await withOmnichain(args, environment, {
    use: async (client) => await retryOrders(client, { hashes, gasLimit, openAccount: account }, output),
  });
}

/** Where the node tries, it does so by its own settings. */
function verifyUnsigned({ 'gas-limit': gasLimit }: Arguments<typeof OPTIONS>): void {
  if (gasLimit === undefined) return;
  throw new XdmError('invalid-argument', '--gas-limit is for orders of an omnichain lane that have failed', {
    hint: 'give messages of a rollup more gas with `xdm relayMessage --gas-limit`, or leave it out',
  });
}

function parseHashes({ rest, all }: Arguments<typeof OPTIONS>): readonly string[] | undefined {
  if (all === rest.length > 0) {
    const problem = all ? '--all and a HASH are both given' : 'neither a HASH nor --all is given';
    throw new XdmError('invalid-argument', problem, { hint: 'give the hashes of some messages, or --all' });
  }
  const wrong = rest.find((hash) => !/^0x[\da-f]{64}$/iu.test(hash));
  if (wrong !== undefined) {
    throw new XdmError('invalid-argument', `"${wrong}" is no hash: a hash is 0x and 64 hex digits`, {
      hint: 'give the messageHash or transactionHash that `xdm list` prints',
    });
  }
  return all ? undefined : rest;
}

type Outcome = 'retried' | 'not-parked' | 'already-relayed' | 'failed' | 'message-not-found';

const EXITS: Readonly<Record<Outcome, ExitCode>> = {
  retried: EXIT.done,
  'not-parked': EXIT.done,
  'already-relayed': EXIT_CODES['already-relayed'],
  failed: EXIT_CODES['message-failed'],
  'message-not-found': EXIT_CODES['message-not-found'],
};

function report(found: readonly Retried[][], hashes: readonly string[] | undefined, output: Output): ExitCode {
  const answers = found.flatMap((messages, position) =>
    messages.length > 0 ? messages.map(answerOf) : [unknown(hashes?.[position] ?? '')],
  );
  if (answers.length === 0) output.log('no message is set aside');
  const columns = ['messageHash', 'fromChain', 'outcome', 'reason', 'tries', 'note'];
  output.table(
    answers.map((values) => ({ values: { ...values } })),
    columns,
  );
  return worstOf(answers.map(({ outcome }) => EXITS[outcome]));
}

interface Answer {
  readonly messageHash: string;
  readonly fromChain: string | undefined;
  readonly outcome: Outcome;
  readonly reason: string | null;
  readonly tries: number | undefined;
  /** When it would have been looked at, seconds. */
  readonly nextTryAt: number | undefined;
  readonly note: string;
}

function unknown(messageHash: string): Answer {
  const nothing = { fromChain: undefined, reason: null, tries: undefined, nextTryAt: undefined };
  const note = 'the node has not read such a message; xdm status says what the chains say';
  return { messageHash, outcome: 'message-not-found', ...nothing, note };
}

function answerOf(message: Retried): Answer {
  const { messageHash, fromChain, parkedReason: reason, tries, nextTryAt: milliseconds } = message;
  const nextTryAt = milliseconds === 0 ? undefined : Math.ceil(milliseconds / 1000);
  return {
    messageHash,
    fromChain,
    outcome: outcomeOf(message),
    reason,
    tries,
    nextTryAt,
    note: noteOf(message),
  };
}

function outcomeOf({ isRetried, stage }: Retried): Outcome {
  if (isRetried) return 'retried';
  if (stage === 'relayed') return 'already-relayed';
  return stage === 'failed' ? 'failed' : 'not-parked';
}

/** What a message waits for that was sent, and that nobody has proven. */
const WAITS: Readonly<Record<WaitsFor['by'], string>> = {
  queue: 'waits until L2 has executed it',
  'state-batches': 'waits for a state batch',
  proof: 'waits to be proven',
};

/** What is done now, or why there was nothing to retry. */
function noteOf(message: Retried): string {
  const { isRetried, isOrphaned, parkedReason, stage, waitsFor, retryCommand, readyAt } = message;
  if (isRetried) {
    const cause = parkedReason === null ? '' : explainParked(parkedReason);
    return `the node looks at it now, and sets it aside again unless this is over: ${cause}`;
  }
  if (isOrphaned) return 'a reorganisation has dropped its block';
  if (stage === 'relayed') return 'there is nothing left to do';
  if (stage === 'failed') {
    return `its target refused it; ${tryAgain(`${retryCommand} ${message.messageHash}`, message.failureReason ?? '0x')}`;
  }
  if (stage === 'submitted') return 'a transaction is on its way that delivers it';
  if (stage === 'proven') return readyAt === null ? 'it is its turn' : `from ${formatTime(readyAt)} on it is its turn`;
  return WAITS[waitsFor.by];
}
