import { formatEther } from 'ethers';

import { getAgreedBlock } from '../../../../sdk/chain/agreedBlock.ts';
import { readDepositBlocks, type ExecutedDeposit } from '../../../../sdk/chain/l2Deposits.ts';
import { queueSourceHash } from '../../../../sdk/core/deposit.ts';
import type { Deployment } from '../../../../sdk/core/deployment.ts';
import { keepAlarms } from '../../../alarms.ts';
import type { Alarm } from '../../../alarm.ts';
import { readCursor } from '../../../store/blocks.ts';
import {
  expectedAmong,
  expectedFrom,
  firstOutOfOrder,
  forgetMatched,
  readDepositCheck,
  recordDepositCheck,
  replacedDeposits,
  type DepositCheck,
  type HeldDeposit,
} from '../../../store/depositChecks.ts';
import type { WatchedLane } from '../watchtower.ts';
import { matchDeposits, type MatchedDeposits, type Obstacle, type QueueView } from './matchDeposits.ts';
import type { StageContext } from '../../../stages/stage.ts';

/** L2 blocks looked at in one pass. */
const PASS_LIMIT = 100;

/** Elements looked at in one pass, from the next one on: a block of L2 does not hold more of them. */
const ELEMENTS_LIMIT = 10_000;

/** Milliseconds within which our L1 node may learn that an element is final after L2's sequencer has. */
const EARLY_GRACE_MS = 30_000;

/** Milliseconds that L1 may stand still before a deposit that it does not know is one too many. */
const WAITING_LIMIT_MS = 900_000;

/** Elements on either side of the next one that a deposit is compared with, to say what is wrong with it. */
const SEARCH_WIDTH = 1000;

/**
 * Compares every deposit in L2's final blocks with the queue: an L2 node agrees with a sequencer that invents a mint, or that
 * executes an element twice. Stands at a block until all of its deposits are right; one that comes before its turn is so, and an alarm
 * lasts until those before it have come.
 * @returns number of blocks that it went on by; 0 also where these held nothing and are all there are: nobody waits for them
 */
export async function checkDeposits(watched: WatchedLane, context: StageContext): Promise<number> {
  const { client, l1ToL2: routeId } = watched;
  const { store, signals } = context;
  const { lane, l2 } = client;
  const [l1Cursor, l2Cursor] = await Promise.all([
    readCursor(store.db, Number(lane.l1ChainId)),
    readCursor(store.db, Number(lane.l2ChainId)),
  ]);
  const last = (await readDepositCheck(store.db, routeId)) ?? { blockNumber: Number(lane.l2DeployedAt), nextIndex: 0 };
  const count = Math.min((l2Cursor?.finalNumber ?? 0) - last.blockNumber, PASS_LIMIT);
  if (l1Cursor === undefined) return 0;
  const { finalNumber } = l1Cursor;
  if (count <= 0) {
    await raise(watched, { ...last, finalNumber }, context);
    return 0;
  }

  const blocks = await readDepositBlocks(l2, last.blockNumber + 1, count);
  const hashes = blocks.flatMap(({ deposits }) => deposits.map(({ hash }) => hash));
  const hasDeposits = hashes.length > 0;
  const view = hasDeposits ? await viewQueue(watched, { first: last.nextIndex, hashes }, context) : EMPTY;
  const exemptions = { accepted: watched.acceptedDeposits, isDerived: lane.deposits === 'derived' };
  const matched = matchDeposits(last, blocks, view, exemptions);
  const next = { ...matched, held: heldOf(matched, { last, view, lane }) };
  // Blocks without deposits are looked at again where it is lost.
  const options = { mayBeLost: !hasDeposits };
  await store.write(async (db) => {
    await recordDepositCheck(db, routeId, next);
    await forgetMatched(db, routeId, { nextIndex: next.nextIndex, finalNumber });
  }, options);
  if (matched.matched.length > 0) signals.emit('depositsMatched', { count: matched.matched.length });
  await raise(watched, { ...next, finalNumber }, context);
  return hasDeposits || count === PASS_LIMIT ? next.blockNumber - last.blockNumber : 0;
}

const EMPTY: QueueView = { expected: [], finalNumber: -1, finalTimestamp: Number.NEGATIVE_INFINITY };

async function viewQueue(
  { client, l1ToL2, queueFinality }: WatchedLane,
  { first, hashes }: { readonly first: number; readonly hashes: readonly string[] },
  { store }: StageContext,
): Promise<QueueView> {
  // Before what is recorded is looked up: then the elements of the block are, if the cursor is past it.
  const final = await getAgreedBlock(client.l1, queueFinality);
  const cursor = await readCursor(store.db, Number(client.lane.l1ChainId));
  const isRead = cursor !== undefined && cursor.number >= final.number;
  const near = await expectedFrom(store.db, l1ToL2, { first, limit: ELEMENTS_LIMIT });
  // Behind one that L2 has skipped it can have executed any number.
  const above = near.at(-1)?.index ?? first;
  const far = near.length < ELEMENTS_LIMIT ? [] : await expectedAmong(store.db, l1ToL2, { above, hashes });
  return {
    expected: [...near, ...far],
    finalNumber: final.number,
    finalTimestamp: isRead ? final.timestamp : Number.NEGATIVE_INFINITY,
  };
}

/** What the check stands at. What L1 does not say yet is only a question of time, but not of any time. */
function heldOf(
  { obstacle, nextIndex }: MatchedDeposits,
  { last, view, lane }: { readonly last: DepositCheck; readonly view: QueueView; readonly lane: Deployment },
): HeldDeposit | undefined {
  if (obstacle === undefined) return undefined;
  const { why, deposit, blockNumber } = obstacle;
  const since = last.held?.depositHash === deposit.hash ? last.held.since : Date.now();
  const waited = Date.now() - since;
  const held = { depositHash: deposit.hash, blockNumber, since, detail: describe(obstacle, nextIndex, lane) };
  if (why === 'early' && waited < EARLY_GRACE_MS) return { ...held, why: 'waiting' };
  const isRead = view.finalTimestamp !== Number.NEGATIVE_INFINITY;
  if (why === 'waiting' && isRead && waited > WAITING_LIMIT_MS) return { ...held, why: 'unexpected' };
  return { ...held, why };
}

function describe({ deposit, blockNumber }: Obstacle, nextIndex: number, lane: Deployment): string {
  const { hash, from, to, mint, value } = deposit;
  const does = `mints ${formatEther(mint)} ETH for ${from} and sends ${formatEther(value)} ETH to ${to ?? 'a new contract'}`;
  return `deposit ${hash} in L2 block ${blockNumber} ${does}: ${relationOf(deposit, nextIndex, lane)}`;
}

/** What a deposit has to do with the queue, as far as its source hash tells. */
function relationOf({ sourceHash }: ExecutedDeposit, nextIndex: number, lane: Deployment): string {
  if (lane.deposits === 'derived') return `it is not element ${nextIndex} of the queue, which is next`;
  for (let index = Math.max(0, nextIndex - SEARCH_WIDTH); index < nextIndex + SEARCH_WIDTH; index++) {
    if (queueSourceHash(lane.l1ChainId, lane.canonicalTransactionChain, BigInt(index)) !== sourceHash) continue;
    if (index < nextIndex) return `element ${index} of the queue was executed before`;
    if (index > nextIndex) return `it is element ${index} of the queue, and element ${nextIndex} is next`;
    return `L1 has another element ${index} in its final blocks, or none`;
  }
  return 'it is no element of the queue';
}

/** Raises the alarms that there is a reason for, and ends the others. */
async function raise(
  { l1ToL2 }: WatchedLane,
  { held, nextIndex, finalNumber }: Pick<DepositCheck, 'held' | 'nextIndex'> & { readonly finalNumber: number },
  context: StageContext,
): Promise<void> {
  const ahead = await firstOutOfOrder(context.store.db, l1ToL2, nextIndex);
  const skipped: Alarm[] =
    ahead === undefined
      ? []
      : [{ kind: 'skipped-deposit', subject: `${nextIndex}`, message: skippedMessage(nextIndex, ahead), halts: false }];
  await keepAlarms(context, 'skipped-deposit', skipped);
  const replaced = await replacedDeposits(context.store.db, l1ToL2, finalNumber);
  const alarms: Alarm[] = replaced.map(({ index, hash }) => ({
    kind: 'unexpected-deposit',
    subject: hash,
    message: `L2 has executed element ${index} of the queue as deposit ${hash}, and L1 has another in its place now, or none; ${UNEXPECTED}`,
    halts: true,
  }));
  if (held?.why === 'unexpected') {
    const message = `${held.detail}; ${UNEXPECTED}`;
    alarms.push({ kind: 'unexpected-deposit', subject: held.depositHash, message, halts: true });
  }
  await keepAlarms(context, 'unexpected-deposit', alarms);
  const early: Alarm[] =
    held?.why === 'early'
      ? [{ kind: 'early-deposit', subject: held.depositHash, message: `${held.detail}; ${EARLY}`, halts: false }]
      : [];
  await keepAlarms(context, 'early-deposit', early);
}

function skippedMessage(nextIndex: number, ahead: number): string {
  return (
    `L2 has executed element ${ahead} of the queue, and not element ${nextIndex}, which comes first: ` +
    'have whoever executes the queue execute it now'
  );
}

const UNEXPECTED =
  'L2 holds what L1 does not owe, so that nothing is relayed or committed until this is settled: find out what L2 executes, ' +
  'challenge the batches from that block on, wind L2 back, or let the deposit pass with --accepted-deposits';

const EARLY =
  'the element can still be dropped by L1, and L2 would have to be wound back then: let the sequencer wait longer (queueFinality)';
