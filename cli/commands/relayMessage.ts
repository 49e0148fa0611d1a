import type { RelayResult } from '../../sdk/actions/relayMessage.ts';
import type { LaneMessage } from '../../sdk/chain/messages.ts';
import { XdmError } from '../../sdk/core/errors.ts';
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
  parameters: 'HASH',
  arity: 1,
  summary: 'Delivers a message',
  details: `From L2: builds the proof and relays it on L1, once the fraud-proof window has passed. From L1: delivers again on L2
what failed there. HASH is of a message or of a transaction, all of whose messages are relayed. With --json, one message
is one object and several are an array.

Outcome: relayed, already-relayed (exit 0), not-ready (exit 4), failed (exit 5); of several messages also error.`,
  options: { ...LANE_OPTIONS, ...SIGNER_OPTIONS },
  async run(args, { environment, output }) {
    const { getMessages } = await import('../../sdk/actions/getMessages.ts');
    const { relayMessage: relay } = await import('../../sdk/actions/relayMessage.ts');
    const { withLane } = await import('../lane.ts');
    const { openAccount } = await import('../signer.ts');

    const signer = await openAccount(args, environment);
    const attempts = await withLane(args, environment, async (client) => {
      const made: { readonly message: LaneMessage; readonly attempt: Attempt }[] = [];
      // One after the other, so that the account's nonces are used in order.
      const messages = await getMessages(client, args.rest[0] ?? '');
      for (const message of messages) {
        const isOneOfSeveral = messages.length > 1;
        const attempt = await attemptOf(async () => await relay(client, { message, signer }), {
          isOneOfSeveral,
          output,
        });
        if (messages.length > 1) output.log(`${message.messageHash} ${attempt.outcome}`);
        made.push({ message, attempt });
      }
      return made;
    });
    output.results(attempts.map(({ message, attempt }) => resultOf(message, attempt)));
    return attempts
      .map(({ attempt }): ExitCode => attempt.exitCode ?? EXIT_BY_OUTCOME[attempt.outcome])
      .reduce((worst, code) => (code > worst ? code : worst), EXIT.done);
  },
});

/** A message that is not ready is an answer. Any other error ends the command, unless there are other messages. */
async function attemptOf(
  relay: () => Promise<RelayResult>,
  { isOneOfSeveral, output }: { readonly isOneOfSeveral: boolean; readonly output: Output },
): Promise<Attempt> {
  try {
    return await relay();
  } catch (error) {
    if (!(error instanceof XdmError) || (error.code !== 'not-ready' && !isOneOfSeveral)) throw error;
    output.log(sentenceOf(error));
    if (error.code === 'not-ready') return { outcome: 'not-ready', readyAt: error.readyAt };
    return { outcome: 'error', failureReason: error.message, exitCode: EXIT_CODES[error.code] };
  }
}

function resultOf({ messageHash, fromChain }: LaneMessage, attempt: Attempt): Result {
  const { outcome, transactionHash, relayer, gasUsed, readyAt, failureReason } = attempt;
  return {
    values: {
      messageHash,
      fromChain,
      outcome,
      relayTransactionHash: transactionHash,
      relayer,
      gasUsed,
      readyAt: readyAt === undefined ? undefined : Number(readyAt),
      failureReason,
    },
    ...(readyAt !== undefined && { texts: { readyAt: formatTime(readyAt) } }),
  };
}
