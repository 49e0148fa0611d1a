import type { Signer } from 'ethers';

import type { RelayResult } from '../../sdk/actions/attemptRelay.ts';
import type { RelayedMessage } from '../../sdk/actions/relayRun.ts';
import type { LaneClient } from '../../sdk/chain/client.ts';
import type { LaneMessage } from '../../sdk/chain/messages.ts';
import { defineCommand } from '../command.ts';
import { EXIT, EXIT_CODES, type ExitCode } from '../exitCodes.ts';
import { formatTime } from '../format.ts';
import { LANE_OPTIONS, SIGNER_OPTIONS } from '../options.ts';
import { sentenceOf, type Output, type Result } from '../output.ts';

/** Of these, the largest is the exit code of several messages. */
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

export const relayMessage = defineCommand({
  name: 'relayMessage',
  parameters: 'HASH...',
  arity: 'some',
  summary: 'Delivers messages',
  details: `From L2: proves what is needed and relays on L1, once the fraud-proof window has passed. Several
messages are relayed as it costs least: alone, or in batches by the message tree, whose root is
proven first. From L1: delivers again on L2 what failed there. A HASH is of a message or of a
transaction, all of whose messages are relayed. With --json, one message is one object and several
are an array. gasUsed is the gas of the transaction, which batchSize messages share.

Outcome: relayed, already-relayed (exit 0), not-ready (exit 4), failed (exit 5); of several
messages also error.`,
  options: { ...LANE_OPTIONS, ...SIGNER_OPTIONS },
  async run(args, { environment, output }) {
    const { withLane } = await import('../lane.ts');
    const { openAccount } = await import('../signer.ts');

    const signer = await openAccount(args, environment);
    const relayed = await withLane(args, environment, async (client) => {
      return await relay(client, { hashes: args.rest, signer, output });
    });
    const attempts = relayed.map((each) => ({ message: each.message, attempt: attemptOf(each, relayed.length) }));
    output.results(attempts.map(({ message, attempt }) => resultOf(message, attempt)));
    return attempts
      .map(({ attempt }): ExitCode => attempt.exitCode ?? EXIT_BY_OUTCOME[attempt.outcome])
      .reduce((worst, code) => (code > worst ? code : worst), EXIT.done);
  },
});

interface Relay {
  readonly hashes: readonly string[];
  readonly signer: Signer;
  readonly output: Output;
}

/** Relays the messages that the hashes stand for, each once, and shows how it goes. */
async function relay(client: LaneClient, { hashes, signer, output }: Relay): Promise<RelayedMessage[]> {
  const { getMessages } = await import('../../sdk/actions/getMessages.ts');
  const { relayMessages } = await import('../../sdk/actions/relayMessages.ts');

  const messages = await getMessages(client, ...hashes);
  return await relayMessages(client, {
    messages,
    signer,
    onAttempt: (relayed) => {
      const isAlone = messages.length === 1;
      if ('error' in relayed && (!isAlone || relayed.error.code === 'not-ready')) output.log(sentenceOf(relayed.error));
      if (!isAlone) output.log(`${relayed.message.messageHash} ${outcomeOf(relayed)}`);
    },
    onRootProven: ({ count, transactionHash, gasUsed }) => {
      output.log(`proved the tree of ${count} messages in transaction ${transactionHash} with ${gasUsed} gas`);
    },
    onTrouble: (error) => output.log(`relaying each message alone: ${sentenceOf(error)}`),
  });
}

function outcomeOf(relayed: RelayedMessage): Attempt['outcome'] {
  if ('result' in relayed) return relayed.result.outcome;
  return relayed.error.code === 'not-ready' ? 'not-ready' : 'error';
}

/** A message that is not ready is an answer. Any other error ends the command, unless there are other messages. */
function attemptOf(relayed: RelayedMessage, count: number): Attempt {
  if ('result' in relayed) return relayed.result;
  const { error } = relayed;
  if (error.code === 'not-ready') return { outcome: 'not-ready', readyAt: error.readyAt };
  if (count === 1) throw error;
  return { outcome: 'error', failureReason: error.message, exitCode: EXIT_CODES[error.code] };
}

function resultOf({ messageHash, fromChain }: LaneMessage, attempt: Attempt): Result {
  const { outcome, transactionHash, batchSize, relayer, gasUsed, readyAt, failureReason } = attempt;
  return {
    values: {
      messageHash,
      fromChain,
      outcome,
      relayTransactionHash: transactionHash,
      batchSize,
      relayer,
      gasUsed,
      readyAt: readyAt === undefined ? undefined : Number(readyAt),
      failureReason,
    },
    ...(readyAt !== undefined && { texts: { readyAt: formatTime(readyAt) } }),
  };
}
