import { queueOf, stateCommitmentChainOf } from '../../../../sdk/chain/contracts.ts';
import { judgeBatch } from '../../../../sdk/chain/judgeBatch.ts';
import { readDepositBlocks } from '../../../../sdk/chain/l2Deposits.ts';
import { lastBlockOf } from '../../../../sdk/chain/stateBatches.ts';
import { countDeletions, firstCondemned } from '../../../store/batchChecks.ts';
import { readCursor, type Cursor } from '../../../store/blocks.ts';
import { countExpected, readDepositCheck, type HeldDeposit } from '../../../store/depositChecks.ts';
import type { Database } from '../../../store/schema.ts';
import type { StoredBatch } from '../../../store/stateBatches.ts';
import type { TransactionEngine } from '../../../tx/engine.ts';
import type { WatchedLane } from '../watchtower.ts';
import type { StageContext } from '../../../stages/stage.ts';

/** What the engine knows the transaction by. */
const PURPOSE = 'challenge';

/** Gas of deleting any number of batches is some 50,000. */
const GAS_LIMIT = 150_000n;

/** Seconds that a batch stands which takes the place of a deleted one; twice as many after each further one. */
const PATIENCE = 60n;

/** A lane whose false batches are deleted from here. */
interface ChallengedLane extends WatchedLane {
  readonly challenger: TransactionEngine;
}

/**
 * Deletes the first batch that is condemned, and with it all later ones: one that our L2 nodes deny, all of them, in blocks that
 * are final there; or the first with a final block that holds an unexpected deposit. All is read once more right before. Where
 * a proposer commits the same again and again, it is answered later each time, but well inside the window.
 * @returns number of batches deleted, 0 or 1
 */
export async function challenge(watched: ChallengedLane, { store, logger, signals }: StageContext): Promise<number> {
  const { client, challenger, l1ToL2, l2ToL1 } = watched;
  if ((await challenger.pending(PURPOSE)) > 0) return 0;
  const { held, nextIndex = 0 } = (await readDepositCheck(store.db, l1ToL2)) ?? {};
  const l1 = await readCursor(store.db, Number(client.lane.l1ChainId));
  if (l1 === undefined) return 0;
  const isCertain = held?.why === 'unexpected' && (await isQueueRead(watched, { nextIndex, l1 }, store.db));
  const unexpected = isCertain ? held : undefined;
  const fromElement = unexpected && unexpected.blockNumber - Number(client.lane.startBlock);
  const after = l1.timestamp - Number(client.lane.fraudProofWindow);
  const batch = await firstCondemned(store.db, l2ToL1, { after, fromElement });
  if (batch === undefined) return 0;
  const deletions = await countDeletions(store.db, l2ToL1, Number(batch.batchIndex));
  if (!isTime(batch, { now: BigInt(l1.timestamp), window: client.lane.fraudProofWindow, deletions })) return 0;
  const l2 = await readCursor(store.db, Number(client.lane.l2ChainId));
  if (!(await isStillFalse(watched, batch, { unexpected, l2 }))) return 0;

  const { batchIndex, batchRoot, batchSize, prevTotalElements, timestamp } = batch;
  const argument = { batchIndex, batchRoot, batchSize, prevTotalElements, timestamp };
  const commitments = stateCommitmentChainOf(client.lane, client.l1);
  // What somebody else has deleted, or who may not, is learnt here and not from a transaction that reverts.
  await commitments.deleteStateBatch.estimateGas(argument, { from: challenger.address });
  const { to, data } = await commitments.deleteStateBatch.populateTransaction(argument);
  await challenger.submit([{ purpose: PURPOSE, to, data, gasLimit: GAS_LIMIT }]);
  logger.warn({ batchIndex: Number(batchIndex) }, 'deleted a state batch that is false, and all after it');
  signals.emit('batchChallenged', { batchIndex: Number(batchIndex) });
  return 1;
}

/** Whether to act: not at once where deleting has not helped before. */
function isTime(
  { timestamp }: StoredBatch,
  { now, window, deletions }: { readonly now: bigint; readonly window: bigint; readonly deletions: number },
): boolean {
  if (deletions === 0) return true;
  const patience = PATIENCE << BigInt(Math.min(deletions - 1, 30));
  return now >= timestamp + (patience < window / 2n ? patience : window / 2n);
}

/** Whether all elements are recorded that L1 has: a deposit can be that of one which an endpoint has left out. */
async function isQueueRead(
  { client, l1ToL2 }: WatchedLane,
  { nextIndex, l1 }: { readonly nextIndex: number; readonly l1: Cursor },
  db: Database,
): Promise<boolean> {
  const length = await queueOf(client.lane, client.l1).getQueueLength({ blockTag: l1.number });
  return nextIndex + (await countExpected(db, l1ToL2, nextIndex)) >= Number(length);
}

/** Reads anew what speaks against a batch. */
async function isStillFalse(
  { client, l2Nodes }: WatchedLane,
  batch: StoredBatch,
  { unexpected, l2 }: { readonly unexpected: HeldDeposit | undefined; readonly l2: Cursor | undefined },
): Promise<boolean> {
  if (l2 === undefined) return false;
  const { verdict } = await judgeBatch(client, batch, { nodes: l2Nodes });
  const isFinal = lastBlockOf(client, batch) <= BigInt(l2.finalNumber);
  if (verdict.kind === 'differs' && !verdict.isContested && isFinal) return true;
  if (unexpected === undefined || unexpected.blockNumber > l2.finalNumber) return false;
  // One before it was condemned for what nobody says any more.
  if (lastBlockOf(client, batch) < BigInt(unexpected.blockNumber)) return false;
  const answers = await Promise.allSettled(
    l2Nodes.map(async (node) => await readDepositBlocks(node, unexpected.blockNumber, 1)),
  );
  const seen = answers.filter((answer) => answer.status === 'fulfilled').map(({ value }) => value);
  const isSeen = seen.every(([block]) => block?.deposits.some(({ hash }) => hash === unexpected.depositHash) === true);
  return isSeen && seen.length >= Math.min(l2Nodes.length, 2);
}
