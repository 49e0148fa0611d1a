import type { LaneClient } from '../chain/client.ts';
import { judgeBatch } from '../chain/judgeBatch.ts';
import { buildChallengeCall, sendRoleCall, type RoleCall, type RoleSender } from '../chain/roleCalls.ts';
import { nodesOf } from '../chain/rpc.ts';
import { findStateBatch, lastBlockOf, type StateBatch } from '../chain/stateBatches.ts';
import { XdmError } from '../core/errors.ts';
import type { StateBatchVerdict } from '../core/stateBatchVerdict.ts';

/** Which batch to delete. */
export interface ChallengeChoice {
  readonly batchIndex: bigint;
  /** Deletes it whatever our own L2 nodes say. */
  readonly isForced?: boolean;
}

/** Which batch to delete, and who is the challenger: if the account is connected to another chain, a copy of it sends. */
export interface ChallengeBatchParameters extends ChallengeChoice, RoleSender {}

/** A batch, and what our own L2 nodes say of it. */
export interface ComparedBatch {
  readonly batch: StateBatch;
  /** L2 blocks of its first and its last state root. */
  readonly firstBlock: bigint;
  readonly lastBlock: bigint;
  readonly verdict: StateBatchVerdict;
  /** First timestamp of L1, seconds, at which nobody can delete it any more. */
  readonly finalFrom: bigint;
  /** Whether that is over, by L1's newest block. */
  readonly isFinal: boolean;
}

/** A batch that was deleted, and all later ones with it. */
export interface ChallengedBatch extends ComparedBatch {
  readonly transactionHash: string;
  readonly gasUsed: bigint;
}

/**
 * Compares a state batch with what our own L2 nodes have.
 * @throws {XdmError} `batch-not-found` where there is none of that index, and what the endpoints throw
 */
export async function compareBatch(client: LaneClient, batchIndex: bigint): Promise<ComparedBatch> {
  const batch = await findStateBatch(client, batchIndex);
  const { verdict } = await judgeBatch(client, batch, { nodes: nodesOf(client.l2) });
  const firstBlock = client.lane.startBlock + batch.prevTotalElements;
  const finalFrom = batch.timestamp + client.lane.fraudProofWindow;
  const now = (await client.l1.getBlock('latest'))?.timestamp ?? 0;
  const isFinal = BigInt(now) >= finalFrom;
  return { batch, firstBlock, lastBlock: lastBlockOf(client, batch), verdict, finalFrom, isFinal };
}

/**
 * Deletes a false state batch by the challenger's word, and waits until that stands in a block. All later batches go with it.
 * One that our own L2 nodes agree with is left alone, unless it is forced: what is returned then names no transaction.
 * @throws {XdmError} as `buildChallenge`, `batch-final`, `unauthorized`, `nonce-conflict` where another transaction of the account takes
 * its place, and what the endpoints throw
 */
export async function challengeBatch(
  client: LaneClient,
  { signer, onSent, ...choice }: ChallengeBatchParameters,
): Promise<ComparedBatch | ChallengedBatch> {
  const { call, ...compared } = await buildChallenge(client, choice);
  if (call === undefined) return compared;
  const { transactionHash, gasUsed } = await sendRoleCall(client.l1, { signer, onSent }, call);
  return { ...compared, transactionHash, gasUsed };
}

/**
 * The call with which the challenger deletes a false state batch, for a multisignature; none of one that our own L2 nodes agree with,
 * unless it is forced.
 * @throws {XdmError} `batch-not-found`, `not-ready` and `rpc-error` where our own L2 nodes lack it, contradict each other, or one of
 * several alone denies it, unless it is forced, and what the endpoints throw
 */
export async function buildChallenge(
  client: LaneClient,
  { batchIndex, isForced = false }: ChallengeChoice,
): Promise<ComparedBatch & { readonly call: RoleCall | undefined }> {
  const compared = await compareBatch(client, batchIndex);
  if (!isForced && compared.verdict.kind === 'agrees') return { ...compared, call: undefined };
  if (!isForced) verifyFalse(compared);
  return { ...compared, call: buildChallengeCall(client.lane, compared.batch) };
}

function verifyFalse({ batch, verdict, firstBlock, lastBlock }: ComparedBatch): void {
  const name = `state batch ${batch.batchIndex} (L2 blocks ${firstBlock} to ${lastBlock})`;
  const force = 'to delete it all the same, say --force';
  if (verdict.kind === 'missing') {
    throw new XdmError('not-ready', `our own L2 node lacks blocks of ${name}`, {
      hint: `wait until it is in sync, or ask another node; ${force}`,
    });
  }
  if (verdict.kind !== 'differs' || !verdict.isContested) return;
  if (verdict.unheard !== undefined) {
    throw new XdmError(
      'rpc-error',
      `one of our own L2 nodes alone denies ${name}, and ${verdict.unheard} say nothing of it`,
      {
        hint: `find out why these do not answer or are behind, or ask a node of your own alone; ${force}`,
      },
    );
  }
  throw new XdmError('rpc-error', `our own L2 nodes do not agree on ${name}`, {
    hint: `find out which one is wrong; ${force}`,
  });
}
