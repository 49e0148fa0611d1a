import type { Signer } from 'ethers';

import type { LaneClient } from '../chain/client.ts';
import { stateCommitmentChainOf } from '../chain/contracts.ts';
import { judgeBatch } from '../chain/judgeBatch.ts';
import { waitForReceipt } from '../chain/receipts.ts';
import { nodesOf } from '../chain/rpc.ts';
import { toXdmError } from '../chain/rpcErrors.ts';
import { signerOn } from '../chain/signers.ts';
import { findStateBatch, lastBlockOf, type StateBatch } from '../chain/stateBatches.ts';
import { XdmError } from '../core/errors.ts';
import { withMargin } from '../core/gas.ts';
import type { StateBatchVerdict } from '../core/stateBatchVerdict.ts';

/** Which batch to delete, and who is the challenger. */
export interface ChallengeBatchParameters {
  readonly batchIndex: bigint;
  /** The challenger's account; if it is connected to another chain, a copy of it sends. */
  readonly signer: Signer;
  /** Deletes it whatever our own L2 nodes say. */
  readonly isForced?: boolean;
}

/** A batch, and what our own L2 nodes say of it. */
export interface ComparedBatch {
  readonly batch: StateBatch;
  /** L2 blocks of its first and its last state root. */
  readonly firstBlock: bigint;
  readonly lastBlock: bigint;
  readonly verdict: StateBatchVerdict;
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
  return { batch, firstBlock, lastBlock: lastBlockOf(client, batch), verdict };
}

/**
 * Deletes a false state batch by the challenger's word, and waits until that stands in a block. All later batches go with it.
 * One that our own L2 nodes agree with is left alone, unless it is forced: what is returned then names no transaction.
 * @throws {XdmError} `batch-not-found`, `not-ready` and `rpc-error` where our own L2 nodes lack it, contradict each other, or one
 * of several alone denies it, unless it is forced, `batch-final`, `unauthorized`, and what the endpoints throw
 */
export async function challengeBatch(
  client: LaneClient,
  { batchIndex, signer, isForced = false }: ChallengeBatchParameters,
): Promise<ComparedBatch | ChallengedBatch> {
  const compared = await compareBatch(client, batchIndex);
  if (!isForced && compared.verdict.kind === 'agrees') return compared;
  if (!isForced) verifyFalse(compared);
  const { batchRoot, batchSize, prevTotalElements, timestamp } = compared.batch;
  const argument = { batchIndex, batchRoot, batchSize, prevTotalElements, timestamp };
  const commitments = stateCommitmentChainOf(client.lane, await signerOn(client.l1, signer));
  try {
    const gasLimit = withMargin(await commitments.deleteStateBatch.estimateGas(argument));
    const { hash } = await commitments.deleteStateBatch(argument, { gasLimit });
    const { gasUsed } = await waitForReceipt(client.l1, hash);
    return { ...compared, transactionHash: hash, gasUsed };
  } catch (error) {
    throw toXdmError(error);
  }
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
