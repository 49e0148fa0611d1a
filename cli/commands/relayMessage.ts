import type { Signer } from 'ethers';

import type { RelayResult } from '../../sdk/actions/attemptRelay.ts';
import type { RelayedMessage } from '../../sdk/actions/relayRun.ts';
import type { LaneClient } from '../../sdk/chain/client.ts';
import type { LaneMessage } from '../../sdk/chain/messages.ts';
import { formatTime } from '../../sdk/chain/time.ts';
import { defineCommand } from '../command.ts';
import { EXIT, EXIT_CODES, worstOf, type ExitCode } from '../exitCodes.ts';
import { formatRelay, RELAYED_BY } from '../messageResult.ts';
import { LANE_OPTIONS, SIGNER_OPTIONS } from '../options.ts';
import { sentenceOf, type Output, type Result } from '../output.ts';
import { relaySummary } from '../relaySummary.ts';
import { counted } from '../../sdk/core/counted.ts';

const EXIT_BY_OUTCOME = {
  relayed: EXIT.done,
  'already-relayed': EXIT.done,
  'not-ready': EXIT.notReady,
  failed: EXIT.messageFailed,
  error: EXIT.error,
} as const satisfies Record<string, ExitCode>;

interface Attempt extends Partial<Omit<RelayResult, 'outcome'>> {
  readonly outcome: keyof typeof EXIT_BY_OUTCOME;
  readonly readyAt?: bigint | undefined;
  /** Of an error, which says more than its outcome. */
  readonly exitCode?: ExitCode;
}

const OPTIONS = {
  'gas-limit': {
    type: 'string',
    requiresArg: true,
    describe: 'Of the transaction, for one message whose target needs more gas than it was promised',
  },
} as const;

export const relayMessage = defineCommand({
  name: 'relayMessage',
  parameters: 'HASH...',
  arity: 'some',
  summary: 'Delivers messages',
  details: `From L2: proves what is needed and relays on L1, once the fraud-proof window has passed. Several
messages are relayed as it costs least: alone, or in batches by the message tree, whose root is
proven first. From L1: delivers again on L2 what failed there. A HASH is of a message or of a
transaction, all of whose messages are relayed. Unless all hashes are found, none is relayed.

A target gets what its message promised, and little more. One that ran out of gas with that, whose
failureReason is mostly empty, gets what --gas-limit leaves: at most 16777216 for the transaction.

With --json: an object if one HASH is given that stands for one message, otherwise an array.
gasUsed is the gas of the transaction, which batchSize messages share, without rootGasUsed: that
is of the transaction that proved the root for them, where this run had to.

Outcome: relayed, already-relayed (exit 0), not-ready (exit 4), failed (exit 5); of several
messages also error (exit 1 to 3). The exit code of several is the first of 1, 2, 5, 3, 4, 0 that
one of them has: 3 and 4 only where no other failed in a way that trying again does not mend.`,
  options: { ...OPTIONS, ...LANE_OPTIONS, ...SIGNER_OPTIONS },
  only: {
    kind: 'rollup',
    otherwise:
      'prove a message to the next chain with `xdm transferIn ORDER`, and try a failed one again with `xdm retry ORDER`',
  },
  async run(args, { environment, output }) {
    const { withLane } = await import('../lane.ts');
    const { openAccount } = await import('../signer.ts');
    const { parseGasLimit } = await import('../values.ts');

    const gasLimit = await parseGasLimit(args['gas-limit']);
    const signer = await openAccount(args, environment);
    const { relayed, rootGas } = await withLane(args, environment, async (client) => {
      return await relay(client, { hashes: args.rest, signer, gasLimit, output });
    });
    const isAlone = isOne(args.rest, relayed);
    const attempts = relayed.map((each) => ({ message: each.message, attempt: attemptOf(each, isAlone) }));
    const results = attempts.map(({ message, attempt }) => resultOf(message, attempt));
    if (isAlone) {
      output.results(results);
    } else {
      output.table(results, columnsOf(results));
      const relays = attempts.map(({ message: { fromChain }, attempt }) => ({ fromChain, ...attempt }));
      output.log(relaySummary(relays, rootGas));
    }
    return worstOf(attempts.map(({ attempt }) => attempt.exitCode ?? EXIT_BY_OUTCOME[attempt.outcome]));
  },
});

/** Whether one message is what was asked for: a script that gives several hashes gets several results, whatever they stand for. */
function isOne(hashes: readonly string[], messages: readonly unknown[]): boolean {
  return hashes.length === 1 && messages.length === 1;
}

interface Relay {
  readonly hashes: readonly string[];
  readonly signer: Signer;
  /** Of the transaction, for one message alone. */
  readonly gasLimit: bigint | undefined;
  readonly output: Output;
}

/** What came of messages, and the gas of proving the root of their tree: 0 where that was not needed. */
interface Relayed {
  readonly relayed: readonly RelayedMessage[];
  readonly rootGas: bigint;
}

/** Relays the messages that the hashes stand for, each once, and shows how it goes. */
async function relay(client: LaneClient, { hashes, signer, gasLimit, output }: Relay): Promise<Relayed> {
  const { getMessages } = await import('../../sdk/actions/getMessages.ts');
  const { relayMessages } = await import('../../sdk/actions/relayMessages.ts');

  const messages = await getMessages(client, ...hashes);
  if (gasLimit !== undefined) return await relayWith(gasLimit, client, messages, signer);
  const isAlone = isOne(hashes, messages);
  let rootGas = 0n;
  const relayed = await relayMessages(client, {
    messages,
    signer,
    onAttempt: (each) => {
      if ('error' in each && (!isAlone || each.error.code === 'not-ready')) output.log(sentenceOf(each.error));
      if (!isAlone) output.log(`${each.message.messageHash} ${outcomeOf(each)}`);
    },
    onRootProven: ({ count, transactionHash, gasUsed }) => {
      rootGas += gasUsed;
      output.log(
        `proved the tree of ${counted(count, 'message')} in transaction ${transactionHash} with ${gasUsed} gas`,
      );
    },
    onTrouble: (error) => output.log(`relaying each message alone: ${sentenceOf(error)}`),
  });
  return { relayed, rootGas };
}

/** Relays one message by a transaction with a gas limit of the user's. */
async function relayWith(
  gasLimit: bigint,
  client: LaneClient,
  messages: readonly LaneMessage[],
  signer: Signer,
): Promise<Relayed> {
  const { relayMessage: relayOne } = await import('../../sdk/actions/relayMessage.ts');
  const { XdmError } = await import('../../sdk/core/errors.ts');
  const [message] = messages;
  if (message === undefined || messages.length > 1) {
    throw new XdmError('invalid-argument', `--gas-limit is for one message, and these are ${messages.length}`, {
      hint: 'give the messageHash of one',
    });
  }
  const result = await relayOne(client, { message, signer, gasLimit });
  return { relayed: [{ message, result }], rootGas: 0n };
}

function outcomeOf(relayed: RelayedMessage): Attempt['outcome'] {
  if ('result' in relayed) return relayed.result.outcome;
  return relayed.error.code === 'not-ready' ? 'not-ready' : 'error';
}

/** A message that is not ready is an answer. Any other error ends the command, unless there are other messages. */
function attemptOf(relayed: RelayedMessage, isAlone: boolean): Attempt {
  if ('result' in relayed) return relayed.result;
  const { error } = relayed;
  if (error.code === 'not-ready') return { outcome: 'not-ready', readyAt: error.readyAt };
  if (isAlone) throw error;
  return { outcome: 'error', failureReason: error.message, exitCode: EXIT_CODES[error.code] };
}

function resultOf({ messageHash, fromChain }: LaneMessage, attempt: Attempt): Result {
  const { outcome, transactionHash, batchSize, relayer, gasUsed, readyAt, failureReason } = attempt;
  const { rootTransactionHash, rootGasUsed } = attempt;
  return {
    values: {
      messageHash,
      fromChain,
      outcome,
      relayTransactionHash: transactionHash,
      batchSize,
      relayer,
      gasUsed,
      rootTransactionHash,
      rootGasUsed,
      readyAt: readyAt === undefined ? undefined : Number(readyAt),
      failureReason,
    },
    texts: {
      ...(transactionHash !== undefined && { [RELAYED_BY]: formatRelay(transactionHash, batchSize) }),
      ...(rootTransactionHash !== undefined && { rootProvenBy: rootTransactionHash }),
      ...(readyAt !== undefined && { readyAt: formatTime(readyAt) }),
    },
  };
}

/** Those that say what came of each message, and of the others those that say something. */
function columnsOf(results: readonly Result[]): string[] {
  const used = ['rootProvenBy', 'readyAt', 'failureReason'].filter((name) =>
    results.some(({ values, texts }) => (texts?.[name] ?? values[name]) !== undefined),
  );
  return ['messageHash', 'fromChain', 'outcome', RELAYED_BY, ...used];
}
