import type { DepositBlock, ExecutedDeposit } from '../../../../sdk/chain/l2Deposits.ts';
import type { ExpectedDeposit, RecordedDeposit } from '../../../store/depositChecks.ts';

/** What is known of the queue. */
export interface QueueView {
  /** In order: what was passed over of late, elements recorded from the next one on, and behind these what L2 has executed now. */
  readonly expected: readonly RecordedDeposit[];
  /** The last L1 block that is as final as an element must be. */
  readonly finalNumber: number;
  /** Of that block, seconds; minus infinity while L1 is not read up to it. */
  readonly finalTimestamp: number;
}

/** Which deposits need no element of the queue. */
export interface Exemptions {
  readonly accepted: readonly string[];
  /** Whether L2 derives its deposits from L1, and tells itself about L1 in the first one of each block. */
  readonly isDerived: boolean;
}

/** A deposit that is not known to be right. */
export interface Obstacle {
  /** `unexpected`: L1, as far as it is final, says otherwise; `early`: right, and not final on L1; `waiting`: L1 does not say yet. */
  readonly why: 'unexpected' | 'early' | 'waiting';
  readonly deposit: ExecutedDeposit;
  readonly blockNumber: number;
}

export interface MatchedDeposits {
  /** The last block all of whose deposits are right. */
  readonly blockNumber: number;
  /** Index of the element that is to come next. */
  readonly nextIndex: number;
  readonly matched: readonly ExpectedDeposit[];
  /** In the block after it. */
  readonly obstacle?: Obstacle | undefined;
}

/**
 * Compares the deposits in consecutive L2 blocks with the queue: each must be an element, once, and should be the next one. Where L2 drops
 * blocks while the queue is executed, it can have an element without the one before it, which then comes later: nothing is
 * owed to anybody less or more for that.
 * @param start the last block before them, and the index of the element that is to come next
 */
export function matchDeposits(
  start: Pick<MatchedDeposits, 'blockNumber' | 'nextIndex'>,
  blocks: readonly DepositBlock[],
  view: QueueView,
  exemptions: Exemptions,
): MatchedDeposits {
  const done = new Set(view.expected.flatMap(({ isMatched, index }) => (isMatched ? [index] : [])));
  // Of what L2 has executed out of order, one view can show a part.
  let result: MatchedDeposits = { ...start, nextIndex: nextAfter(start.nextIndex, view, done), matched: [] };
  for (const block of blocks) {
    let { nextIndex } = result;
    const matched: ExpectedDeposit[] = [];
    for (const deposit of block.deposits) {
      const found = findElement(deposit, nextIndex, view, done);
      if (typeof found === 'object') {
        matched.push(found);
        done.add(found.index);
        nextIndex = nextAfter(nextIndex, view, done);
      } else if (!isExempt(deposit, exemptions)) {
        const why = found === 'waiting' && block.timestamp <= view.finalTimestamp ? 'unexpected' : found;
        return { ...result, obstacle: { why, deposit, blockNumber: block.number } };
      }
    }
    result = { blockNumber: block.number, nextIndex, matched: [...result.matched, ...matched] };
  }
  return result;
}

/** @param done indices of those that L2 has executed */
function findElement(
  { hash }: ExecutedDeposit,
  nextIndex: number,
  { expected, finalNumber }: QueueView,
  done: ReadonlySet<number>,
): ExpectedDeposit | Obstacle['why'] {
  // Passed over because its sender could lack the value: it can have been dropped with its block, and come behind what comes after it.
  const lapsed = expected.find((element) => element.index < nextIndex && element.depositHash === hash);
  if (lapsed !== undefined && !done.has(lapsed.index)) return lapsed.blockNumber <= finalNumber ? lapsed : 'early';
  let index = nextIndex;
  for (const element of expected) {
    if (element.index < index) continue;
    // Not recorded: a gap is read again, and then it is there.
    if (element.index > index) return 'waiting';
    const isFinal = element.blockNumber <= finalNumber;
    if (!done.has(index)) {
      if (element.depositHash === hash) return isFinal ? element : 'early';
      // L1 can still put another in its place.
      if (!isFinal) return 'waiting';
      if (!element.canLapse) break;
    }
    index++;
  }
  if (index > (expected.at(-1)?.index ?? -1)) return 'waiting';
  const later = expected.find((element) => element.index > index && element.depositHash === hash);
  // It can be an element of an L1 block that is not read yet: the deposit's block tells.
  if (later === undefined) return 'waiting';
  if (done.has(later.index)) return 'unexpected';
  return later.blockNumber <= finalNumber ? later : 'early';
}

/** Index of the element that is to come next: behind what was executed, and what lapsed before that. */
function nextAfter(nextIndex: number, { expected }: QueueView, done: ReadonlySet<number>): number {
  let next = nextIndex;
  let index = nextIndex;
  for (const element of expected) {
    if (element.index < index) continue;
    // What is not recorded is not known to be done.
    if (element.index > index) break;
    if (done.has(index)) next = index + 1;
    else if (!element.canLapse) break;
    index++;
  }
  return next;
}

/** What tells L2 of L1, where L2 derives itself: Optimism's L1-attributes deposit. */
const ATTRIBUTES = {
  from: '0xdeaddeaddeaddeaddeaddeaddeaddeaddead0001',
  to: '0x4200000000000000000000000000000000000015',
} as const;

/** Gas of a transaction that calls nothing. */
const BARE_GAS = 21_000n;

function isExempt(deposit: ExecutedDeposit, { accepted, isDerived }: Exemptions): boolean {
  const { hash, from, to, mint, value, gasLimit, data, position } = deposit;
  if (accepted.includes(hash.toLowerCase())) return true;
  if (mint !== 0n || value !== 0n) return false;
  // It can do nothing at all: with such a one `xdm deploy` finds out whether L2 takes deposits.
  if (from.toLowerCase() === to?.toLowerCase() && data === '0x' && gasLimit <= BARE_GAS) return true;
  return isDerived && position === 0 && from.toLowerCase() === ATTRIBUTES.from && to?.toLowerCase() === ATTRIBUTES.to;
}
