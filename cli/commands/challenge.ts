import type { ChallengedBatch, ComparedBatch } from '../../sdk/actions/challengeBatch.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exitCodes.ts';
import { LANE_OPTIONS, SIGNER_OPTIONS } from '../options.ts';
import type { Result } from '../output.ts';

export const challenge = defineCommand({
  name: 'challenge',
  parameters: 'BATCH_INDEX',
  arity: 1,
  summary: 'Compares a state batch with L2, and deletes it if it is false',
  details: `For the challenger of the lane, while the fraud-proof window of the batch is open. All later
batches go with it, and are committed anew by an honest proposer. Only a batch that L2 denies is
deleted: all endpoints of L2 that are given are asked.

verdict: agrees, missing (L2 lacks blocks of it), differs. outcome: deleted, or kept of a batch that
is right, which is no error: exit code 0. Where L2 lacks blocks it is 4, where its endpoints
contradict each other 3; --force passes over both. firstDifference is the first L2 block
that differs, where an endpoint agrees with the batch and another does not; otherwise it can be any
from firstBlock to lastBlock.`,
  options: {
    check: { type: 'boolean', default: false, describe: 'Compare it only, and send nothing' },
    force: { type: 'boolean', default: false, describe: 'Delete it whatever L2 says' },
    ...LANE_OPTIONS,
    ...SIGNER_OPTIONS,
  },
  async run(args, { environment, output }) {
    const { challengeBatch, compareBatch } = await import('../../sdk/actions/challengeBatch.ts');
    const { withLane } = await import('../lane.ts');
    const { openAccount } = await import('../signer.ts');

    const batchIndex = parseIndex(args.rest[0] ?? '');
    const signer = args.check ? undefined : await openAccount(args, environment);
    const answer = await withLane(args, environment, async (client) => {
      if (signer === undefined) return await compareBatch(client, batchIndex);
      return await challengeBatch(client, { batchIndex, signer, isForced: args.force });
    });
    output.results([resultOf(answer, signer !== undefined)]);
    if (signer !== undefined && !('transactionHash' in answer)) {
      output.log('it is what our own L2 node computes, and is kept; to delete it all the same, say --force');
    }
    return EXIT.done;
  },
});

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
      verdict: verdict.kind,
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
