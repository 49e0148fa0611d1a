import { judgeBatch, readBlockHash, type JudgedStateBatch } from '../../../../sdk/chain/judgeBatch.ts';
import { toXdmError } from '../../../../sdk/chain/rpcErrors.ts';
import { lastBlockOf } from '../../../../sdk/chain/stateBatches.ts';
import { formatTime } from '../../../../sdk/chain/time.ts';
import type { XdmError } from '../../../../sdk/core/errors.ts';
import { keepAlarms } from '../../../alarms.ts';
import type { Alarm } from '../../../alarm.ts';
import { isEndpointFault } from '../../../endpointFault.ts';
import {
  closeCheck,
  dropGoneChecks,
  dueChecks,
  putOff,
  readLeaves,
  recordLeaves,
  recordVerdict,
  suspectChecks,
  type BatchCheck,
} from '../../../store/batchChecks.ts';
import { readCursor } from '../../../store/blocks.ts';
import type { Database } from '../../../store/schema.ts';
import type { StoredBatch } from '../../../store/stateBatches.ts';
import type { WatchedLane } from '../watchtower.ts';
import type { StageContext } from '../../../stages/stage.ts';

/** Batches looked at in one pass: each is up to 65,536 blocks. */
const PASS_LIMIT = 4;

/** Milliseconds until a batch is looked at again whose blocks are not there, which takes one request. */
const MISSING_AGAIN_MS = 5000;

/** The same for one that differs, which takes as many as it has blocks. */
const DIFFERING_AGAIN_MS = 30_000;

/** The last blocks of both chains that cannot be dropped. */
interface Finals {
  readonly l1: number;
  readonly l2: number;
  /** Of the last L1 block read, seconds. */
  readonly timestamp: number;
}

/**
 * Compares each committed batch with our own L2 nodes: as soon as it is committed, and once more when its blocks are final there.
 * A batch that differs is called out, and condemned if its blocks are final and no node of ours agrees with it.
 * @returns number of batches on which something new was found
 */
export async function checkBatches(watched: WatchedLane, context: StageContext): Promise<number> {
  const { client, l2ToL1: routeId } = watched;
  const { store } = context;
  const [l1, l2] = await Promise.all([
    readCursor(store.db, Number(client.lane.l1ChainId)),
    readCursor(store.db, Number(client.lane.l2ChainId)),
  ]);
  if (l1 === undefined) return 0;
  // Where nobody has said yet what is final on L2, such as where one of two endpoints is down from the start, a false batch is
  // called out all the same.
  const finals = { l1: l1.finalNumber, l2: l2?.finalNumber ?? -1, timestamp: l1.timestamp };
  const finalElements = finals.l2 - Number(client.lane.startBlock) + 1;
  const due = await dueChecks(store.db, routeId, { now: Date.now(), finalElements, limit: PASS_LIMIT });
  const { moved, failure } = await checkEach(watched, due, { finals, context });
  await raise(watched, finals, context);
  await store.write(async (db) => await dropGoneChecks(db, routeId, finals.l1));
  if (failure !== undefined) throw failure;
  return moved;
}

/** Checks one after the other: what comes to nothing keeps no other from being looked at, but where no node answers at all. */
async function checkEach(
  watched: WatchedLane,
  due: readonly BatchCheck[],
  looking: Looking,
): Promise<{ readonly moved: number; readonly failure: XdmError | undefined }> {
  let moved = 0;
  let failure: XdmError | undefined;
  for (const check of due) {
    try {
      if (await checkOne(watched, check, looking)) moved++;
    } catch (error) {
      failure = toXdmError(error);
      const nextCheckAt = Date.now() + MISSING_AGAIN_MS;
      await looking.context.store.write(async (db) => await putOff(db, check.batch, nextCheckAt));
      if (isEndpointFault(failure)) break;
    }
  }
  return { moved, failure };
}

interface Looking {
  readonly finals: Finals;
  readonly context: StageContext;
}

/** Returns whether something new was found. */
async function checkOne(watched: WatchedLane, check: BatchCheck, { finals, context }: Looking): Promise<boolean> {
  const { client, l2ToL1: routeId, l2Nodes } = watched;
  const { store, signals, logger } = context;
  const { batch, verdict: before } = check;
  const isFinal = lastBlockOf(client, batch) <= BigInt(finals.l2);
  const closing = isFinal && check.lastBlockHash !== undefined;
  if (closing && (await isUnchanged(watched, check))) {
    await store.write(async (db) => await closeCheck(db, routeId, batch));
    return true;
  }
  const known = await readLeaves(store.db, routeId, batch.batchRoot);
  const judged = await judgeBatch(client, batch, { nodes: l2Nodes, known });
  await store.write(async (db) => await recordJudgement(db, watched, { batch, judged, isFinal }));
  const { kind } = judged.verdict;
  if (kind === before) return false;
  const batchIndex = Number(batch.batchIndex);
  if (kind !== 'missing') signals.emit('batchChecked', { batchIndex, agrees: kind === 'agrees' });
  logger[kind === 'differs' ? 'error' : 'debug']({ batchIndex, verdict: kind }, 'compared a state batch with L2');
  return true;
}

type DifferingVerdict = Extract<JudgedStateBatch['verdict'], { readonly kind: 'differs' }>;

interface Judgement {
  readonly batch: StoredBatch;
  readonly judged: JudgedStateBatch;
  /** Whether its blocks are final on L2. */
  readonly isFinal: boolean;
}

async function recordJudgement(db: Database, watched: WatchedLane, judgement: Judgement): Promise<void> {
  const { batch, judged, isFinal } = judgement;
  const { verdict } = judged;
  if (verdict.kind === 'agrees') {
    if (isFinal) {
      await closeCheck(db, watched.l2ToL1, batch);
      return;
    }
    const end = Number(batch.prevTotalElements + batch.batchSize);
    await recordLeaves(db, watched.l2ToL1, { batchRoot: batch.batchRoot, end, stateRoots: verdict.stateRoots });
  }
  await recordVerdict(db, batch, opinionOf(watched, judgement));
}

/** Whether every node that answers still has the last block that the batch was compared with: with it all before it. */
async function isUnchanged({ client, l2Nodes }: WatchedLane, { batch, lastBlockHash }: BatchCheck): Promise<boolean> {
  const last = lastBlockOf(client, batch);
  const answers = await Promise.allSettled(l2Nodes.map(async (l2) => await readBlockHash(l2, last)));
  const hashes = answers.filter((answer) => answer.status === 'fulfilled').map(({ value }) => value);
  return hashes.length > 0 && hashes.every((hash) => hash === lastBlockHash);
}

function opinionOf(
  { client }: WatchedLane,
  { batch, judged: { verdict, lastBlockHash }, isFinal }: Judgement,
): Parameters<typeof recordVerdict>[2] {
  const { kind } = verdict;
  const nextCheckAt = Date.now() + (kind === 'differs' ? DIFFERING_AGAIN_MS : MISSING_AGAIN_MS);
  if (kind !== 'differs') return { verdict: kind, nextCheckAt, ...(lastBlockHash !== undefined && { lastBlockHash }) };
  const { firstBlock, isExact, isContested } = verdict;
  const first = client.lane.startBlock + batch.prevTotalElements;
  const range = `L2 blocks ${first} to ${lastBlockOf(client, batch)}`;
  const where = isExact
    ? `block ${firstBlock} is the first that differs`
    : 'which of them is the first that differs cannot be told, for nobody here knows its state roots';
  return {
    verdict: kind,
    nextCheckAt,
    firstBlock: Number(firstBlock),
    detail: `state batch ${batch.batchIndex} (${range}) is not what our L2 node has: ${where}${doubtOf(verdict, isFinal)}`,
    condemned: isFinal && !isContested,
  };
}

/** What speaks against acting on a verdict. */
function doubtOf({ isContested, unheard }: DifferingVerdict, isFinal: boolean): string {
  if (unheard !== undefined) return `; one of our L2 nodes alone denies it, and ${unheard} say nothing of it`;
  if (isContested) return '; our L2 nodes do not agree on it';
  return isFinal ? '' : '; these blocks are not final on L2, so that this can pass';
}

/** Raises the alarms that there is a reason for, and ends the others. */
async function raise({ client, l2ToL1 }: WatchedLane, { timestamp }: Finals, context: StageContext): Promise<void> {
  const { fraudProofWindow } = client.lane;
  const suspects = await suspectChecks(context.store.db, l2ToL1);
  const differing: Alarm[] = [];
  const missing: Alarm[] = [];
  for (const { batch, verdict, detail } of suspects) {
    const end = batch.timestamp + fraudProofWindow;
    const isOver = BigInt(timestamp) >= end;
    const subject = `${batch.batchIndex}`;
    if (verdict === 'differs') {
      const hint = isOver
        ? `it is final since ${formatTime(end)}, and nobody can delete it: have the guardian run \`xdm pause\` at once, and do not end the pause unless the batch turns out to be right`
        : `delete it with \`xdm challenge ${subject}\` before ${formatTime(end)}, when it becomes final; if nobody can, have the guardian run \`xdm pause\` before that`;
      differing.push({ kind: 'false-state-batch', subject, message: `${detail}; ${hint}`, halts: false });
    } else if (BigInt(timestamp) >= batch.timestamp + fraudProofWindow / 2n) {
      const what = `our L2 node lacks blocks of state batch ${subject} (up to ${lastBlockOf(client, batch)}), or does not answer`;
      const deadline = isOver
        ? `: it is final since ${formatTime(end)}; have the guardian run \`xdm pause\` until that is known`
        : ` before ${formatTime(end)}, when it becomes final, or have the guardian run \`xdm pause\` before that`;
      const hint = `nobody here can tell whether it is right: find out why L2 is behind, or silent${deadline}`;
      missing.push({ kind: 'l2-data-missing', subject, message: `${what}; ${hint}`, halts: false });
    }
  }
  await keepAlarms(context, 'false-state-batch', differing);
  await keepAlarms(context, 'l2-data-missing', missing);
}
