import type { ChallengeChoice, ChallengedBatch, ComparedBatch } from '../../sdk/actions/challengeBatch.ts';
import type { LaneClient } from '../../sdk/chain/client.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import type { StateBatchVerdict } from '../../sdk/core/stateBatchVerdict.ts';
import { defineCommand } from '../command.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { LANE_OPTIONS, SIGNER_OPTIONS } from '../options.ts';
import type { Output, Result } from '../output.ts';

export const challenge = defineCommand({
  name: 'challenge',
  parameters: 'BATCH_INDEX',
  arity: 1,
  summary: 'Compares a state batch with L2, and deletes it if it is false',
  details: `For the challenger of the lane, while the fraud-proof window of the batch is open. All later
batches go with it, and are committed anew by an honest proposer. Only a batch that L2 denies is
deleted: all endpoints of L2 that are given are asked.

verdict: agrees, missing (L2 lacks blocks of it), differs, contested (L2's endpoints contradict
each other), or unconfirmed (one of several endpoints alone denies it, and the others say
nothing). outcome: deleted, or kept of a batch that is right, which is no error: exit code 0. Of
missing it is 4, of contested and unconfirmed 3; --force passes over all of them. firstDifference
is the first L2 block that differs, where an endpoint agrees with the batch and another does not;
otherwise it can be any from firstBlock to lastBlock.

With --check the exit code is the verdict: 0 agrees, 1 differs, 3 contested or unconfirmed, 4
missing, or there is no such batch, not yet or no more. Of 1, differs stands on stdout; an error
does otherwise.`,
  options: {
    check: { type: 'boolean', default: false, describe: 'Compare it only, and send nothing' },
    force: { type: 'boolean', default: false, describe: 'Delete it whatever L2 says' },
    calldata: {
      type: 'boolean',
      default: false,
      describe: 'Print the call for a multisignature to make, and send nothing; needs no key',
    },
    ...LANE_OPTIONS,
    ...SIGNER_OPTIONS,
  },
  only: {
    kind: 'rollup',
    otherwise: 'this one has no state batches: what its chains believe of each other, `xdm lightclient status` says',
  },
  async run(args, { environment, output }) {
    const { challengeBatch } = await import('../../sdk/actions/challengeBatch.ts');
    const { withLane } = await import('../lane.ts');
    const { openAccount } = await import('../signer.ts');

    const batchIndex = parseIndex(args.rest[0] ?? '');
    if (args.check && (args.calldata || args.force)) throw contradicting(args.calldata ? 'calldata' : 'force');
    const choice = { batchIndex, isForced: args.force };
    if (args.check) return await withLane(args, environment, async (client) => await check(client, batchIndex, output));
    if (args.calldata) return await withLane(args, environment, async (client) => await print(client, choice, output));
    const signer = await openAccount(args, environment);
    const onSent = (hash: string): void => output.log(`sent ${hash}, waiting for its block`);
    const answer = await withLane(args, environment, async (client) => {
      return await challengeBatch(client, { ...choice, signer, onSent });
    });
    output.results([resultOf(answer, true)]);
    if (!('transactionHash' in answer)) output.log(KEPT);
    return EXIT.done;
  },
});

const KEPT = 'it is what our own L2 node computes, and is kept; to delete it all the same, say --force';

function contradicting(option: string): XdmError {
  return new XdmError('invalid-argument', `--check and --${option} are both given`, {
    hint: '--check sends nothing: give one of them',
  });
}

/** The call that deletes a batch, for a multisignature. */
async function print(client: LaneClient, choice: ChallengeChoice, output: Output): Promise<ExitCode> {
  const { buildChallenge } = await import('../../sdk/actions/challengeBatch.ts');
  const { showCalls } = await import('../roleCommand.ts');
  const { call } = await buildChallenge(client, choice);
  showCalls(call === undefined ? [] : [call], output);
  if (call === undefined) output.log(KEPT);
  return EXIT.done;
}

/** What L2 says of a batch, for a script too: the exit code says it. */
async function check(client: LaneClient, batchIndex: bigint, output: Output): Promise<ExitCode> {
  const { compareBatch } = await import('../../sdk/actions/challengeBatch.ts');
  try {
    const compared = await compareBatch(client, batchIndex);
    output.results([resultOf(compared, false)]);
    const outcome = OUTCOMES[nameOf(compared)];
    output.log(
      compared.verdict.kind === 'agrees' || !compared.isFinal ? outcome.remark : `${outcome.remark}; ${TOO_LATE}`,
    );
    return outcome.code;
  } catch (error) {
    // No false batch: a code of its own keeps a script from taking it for one.
    if (!(error instanceof XdmError) || error.code !== 'batch-not-found') throw error;
    output.error(error);
    return EXIT.notReady;
  }
}

type VerdictName = StateBatchVerdict['kind'] | 'contested' | 'unconfirmed';

function nameOf({ verdict }: ComparedBatch): VerdictName {
  if (verdict.kind !== 'differs' || !verdict.isContested) return verdict.kind;
  return verdict.unheard === undefined ? 'contested' : 'unconfirmed';
}

/** What comes of `--check`. */
const OUTCOMES: Readonly<Record<VerdictName, { readonly code: ExitCode; readonly remark: string }>> = {
  agrees: { code: EXIT.done, remark: 'the batch is right: it is what our own L2 node computes' },
  differs: {
    code: EXIT.error,
    remark:
      'the batch is false: the challenger deletes it with the same command without --check, while its window is open (finalFrom)',
  },
  contested: {
    code: EXIT.transient,
    remark: "L2's endpoints contradict each other: find out which one is wrong, or ask a node of your own alone",
  },
  unconfirmed: {
    code: EXIT.transient,
    remark:
      'one endpoint of L2 alone denies the batch, and the others say nothing of it: find out why they do not answer or are ' +
      'behind, or ask a node of your own alone',
  },
  missing: {
    code: EXIT.notReady,
    remark:
      'nothing can be said of the batch: our own L2 node lacks blocks of it; wait until it is in sync, or ask another',
  },
};

/** What helps against a false batch then. */
const TOO_LATE =
  'its window is over, and nobody can delete it: have the guardian pause the lane, and do not end the pause';

function parseIndex(text: string): bigint {
  if (/^\d{1,18}$/u.test(text)) return BigInt(text);
  throw new XdmError('invalid-argument', `"${text}" is no index of a state batch`, {
    hint: 'give a number from 0 on, such as the one in an alarm of the watchtower',
  });
}

function resultOf(answer: ComparedBatch | ChallengedBatch, isChallenge: boolean): Result {
  const { batch, firstBlock, lastBlock, verdict } = answer;
  const isExact = verdict.kind === 'differs' && verdict.isExact;
  return {
    values: {
      batchIndex: Number(batch.batchIndex),
      firstBlock: Number(firstBlock),
      lastBlock: Number(lastBlock),
      verdict: nameOf(answer),
      finalFrom: Number(answer.finalFrom),
      isFinal: answer.isFinal,
      firstDifference: isExact ? Number(verdict.firstBlock) : undefined,
      ...(isChallenge && { outcome: 'kept' }),
      ...('transactionHash' in answer && {
        outcome: 'deleted',
        transactionHash: answer.transactionHash,
        gasUsed: answer.gasUsed,
      }),
    },
  };
}
