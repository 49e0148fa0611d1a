import { formatEther } from 'ethers';

import { whatHalts } from '../../relayer/alarm.ts';
import type { AttemptRecord, TransactionRecord } from '../../relayer/store/transactionRecords.ts';
import type { MessageEvent } from '../../relayer/store/schema.ts';
import { bumpedFees } from '../../relayer/tx/fees.ts';
import { formatTime } from '../../sdk/chain/time.ts';
import { formatDuration, formatFields, formatTable, type Values } from '../format.ts';
import { statusResult } from '../messageResult.ts';
import type { NodeView, NoNodeView } from './nodeView.ts';
import { verdictOf, type Words } from './verdict.ts';

/** All that is known of why a message stands where it does. */
export interface Explanation extends Omit<Words, 'why' | 'failing'> {
  readonly node: NodeView | NoNodeView;
}

function verdict(explanation: Explanation): string {
  const { node } = explanation;
  return 'missing' in node
    ? verdictOf({ ...explanation, why: undefined, failing: [] })
    : verdictOf({ ...explanation, why: node.known?.why, failing: node.failing });
}

/** What is meant by events that come without a reason and are not plain. */
const EVENTS: Partial<Record<MessageEvent, string>> = {
  orphaned: 'a reorganisation has dropped its block',
  returned: 'it was mined again',
  withdrawn: 'its proof holds no longer: it is proven anew',
  reopened: 'its transaction came to nothing',
};

/** As --json prints it: times are Unix seconds, fees wei. */
export function explanationValues(explanation: Explanation): Values {
  const { sent, state, clocks, node } = explanation;
  const { batch, ...others } = clocks;
  return {
    verdict: verdict(explanation),
    ...statusResult(sent, state).values,
    blockNumber: sent.blockNumber,
    l1Timestamp: Number(state.l1Timestamp),
    clocks: {
      ...others,
      source: { ...clocks.source },
      l1: { ...clocks.l1 },
      batch: batch === undefined ? undefined : { ...batch, committedAt: Number(batch.committedAt) },
    },
    node: nodeValues(node),
  };
}

export function nodeValues(node: NodeView | NoNodeView): Values {
  if ('missing' in node) return { missing: node.missing };
  const { store, known, alarms, failing, spending, maxFeePerGas, maxSpendPerDay } = node;
  return {
    store,
    failing: [...failing],
    alarms: alarms.map(({ raisedAt, ...alarm }) => ({ ...alarm, raisedAt: toSeconds(raisedAt) })),
    spentToday: spending.map((spent) => ({ ...spent })),
    maxSpendPerDay,
    message: known === undefined ? undefined : messageValues(known, maxFeePerGas),
  };
}

function messageValues({ details, why }: NonNullable<NodeView['known']>, cap: bigint | undefined): Values {
  const { stage, parkedReason, tries, nextTryAt } = details.message;
  return {
    stage,
    waitsFor: why.code,
    reason: why.text,
    until: why.until === undefined ? undefined : toSeconds(why.until),
    parkedReason,
    tries,
    nextTryAt: nextTryAt === 0 ? undefined : toSeconds(nextTryAt),
    transactions: details.transactions.map(({ attempts, createdAt, ...transaction }) => ({
      ...transaction,
      createdAt: toSeconds(createdAt),
      isAtCap: isAtCap(attempts, cap),
      attempts: attempts.map(({ signedAt, ...attempt }) => ({ ...attempt, signedAt: toSeconds(signedAt) })),
    })),
    history: details.history.map(({ event, at, reason, transactionHash, times, lastAt }) => {
      return { event, at: toSeconds(at), reason, transactionHash, times, lastAt: toSeconds(lastAt) };
    }),
  };
}

/** Whether no replacement can pay what nodes take as more without paying more than is allowed. */
function isAtCap(attempts: readonly AttemptRecord[], cap: bigint | undefined): boolean | undefined {
  const last = attempts.at(-1);
  if (last === undefined || cap === undefined) return undefined;
  const fees = { maxFeePerGas: last.maxFeePerGas, maxPriorityFeePerGas: undefined };
  return bumpedFees(fees, fees, cap) === undefined;
}

/** For people: in one line what it waits for, then every clock, then what the node says. */
export function explanationText(explanation: Explanation): string {
  const { node } = explanation;
  const parts = [verdict(explanation), formatFields(clockFields(explanation))];
  if ('missing' in node) return [...parts, `This is what the chains say: ${node.missing}.`].join('\n\n');
  return [...parts, ...nodeTexts(node)].join('\n\n');
}

/** What the node says of a message, paragraph for paragraph. */
export function nodeTexts(node: NodeView): string[] {
  const { store, known, alarms } = node;
  const calls = alarms.map(({ kind, subject, halts, raisedAt, message }) => {
    const stop = halts ? `, for which ${whatHalts({ kind, subject })} stands still` : '';
    return `alarm ${kind}${stop}, since ${timeOf(raisedAt)}: ${message}`;
  });
  if (known === undefined) return [`The node has not read it (${store}).`, ...calls];
  const { details } = known;
  return [
    formatFields(nodeFields(node, known)),
    ...details.transactions.map((transaction) => transactionText(transaction, node.maxFeePerGas)),
    ...calls,
    formatTable(
      details.history.map(({ at, event, reason, times, lastAt, transactionHash }) => ({
        at: timeOf(at),
        event: times === 1 ? event : `${event}, ${times} times until ${timeOf(lastAt)}`,
        why: reason ?? transactionHash ?? EVENTS[event] ?? '',
      })),
    ),
  ];
}

function clockFields({ sent, state, clocks }: Explanation): Values {
  const { messageHash, fromChain, blockNumber, transactionHash } = sent;
  const { status, sentAt, readyAt, l1Timestamp, relayTransactionHash, failureReason } = state;
  const { source, l1, isPaused, batch, nextBlock, queueIndex, queueLength } = clocks;
  const chain = fromChain.toUpperCase();
  const isFinal = source.final !== undefined && blockNumber <= source.final;
  const finality = isFinal ? 'final' : `not final: ${chain} is up to block ${source.final ?? 'none'}`;
  const covered =
    batch === undefined
      ? `none yet; the next begins at L2 block ${nextBlock ?? 'unknown'}, L2 is at ${source.head}`
      : `${batch.index}, L2 blocks ${batch.firstBlock} to ${batch.lastBlock}, committed ${formatTime(batch.committedAt)}`;
  const left = readyAt !== undefined && readyAt > l1Timestamp ? `, in ${formatDuration(readyAt - l1Timestamp)}` : '';
  const now = `${formatTime(l1Timestamp)}; block ${l1.head} of ${formatTime(l1.timestamp)}`;
  return {
    messageHash,
    fromChain,
    status,
    sent: `${sentAt === 0n ? 'never, by now' : formatTime(sentAt)}, ${chain} block ${blockNumber}, ${finality}`,
    transaction: transactionHash,
    ...(fromChain === 'l2'
      ? {
          'state batch': covered,
          'window ends': readyAt === undefined ? undefined : `${formatTime(readyAt)}${left}`,
          'relaying on L1': isPaused ? 'is paused' : 'is not paused',
        }
      : { queue: `element ${queueIndex ?? 'unknown'}, of ${queueLength ?? 'unknown'} that there are` }),
    "L1's time": now,
    ...(relayTransactionHash !== undefined && { 'last attempt': relayTransactionHash }),
    ...(failureReason !== undefined && { failureReason }),
  };
}

function nodeFields(
  { store, spending, maxSpendPerDay }: NodeView,
  { details, why }: NonNullable<NodeView['known']>,
): Values {
  const { message, source, destination } = details;
  const { stage, parkedReason, tries, nextTryAt } = message;
  const read = (chainId: number, cursor: typeof source): string =>
    cursor === undefined ? '' : `chain ${chainId} up to block ${cursor.number}, final ${cursor.finalNumber}`;
  const cursors = [read(details.sourceChainId, source), read(details.destinationChainId, destination)];
  return {
    node: store,
    'has read': cursors.filter((text) => text !== '').join('; '),
    stage,
    'waits for': why.text,
    ...(parkedReason !== null && {
      'set aside': `${parkedReason}, ${tries} ${tries === 1 ? 'try' : 'tries'}`,
      'next try': nextTryAt === 0 ? 'now' : timeOf(nextTryAt),
    }),
    ...(spending.length > 0 && { 'spent today': spending.map(spentText).join(', ') }),
    ...(maxSpendPerDay !== undefined && {
      'a day allows': `${maxSpendPerDay} ETH for each signer, from midnight UTC on`,
    }),
  };
}

function transactionText(
  { nonce, signer, stage, attempts, purpose }: TransactionRecord,
  cap: bigint | undefined,
): string {
  const fees = attempts.map(({ hash, maxFeePerGas, signedAt }) => {
    return `  ${timeOf(signedAt)}  ${hash}  up to ${gwei(maxFeePerGas)} gwei`;
  });
  const limit = cap === undefined ? '' : `, ${gwei(cap)} gwei allowed`;
  const full = isAtCap(attempts, cap) === true ? '; it cannot pay more, and waits' : '';
  return [`transaction to ${purpose}: nonce ${nonce} of ${signer}, ${stage}${limit}${full}`, ...fees].join('\n');
}

function spentText({ chainId, address, wei }: NodeView['spending'][number]): string {
  return `${formatEther(wei)} ETH by ${address} on chain ${chainId}`;
}

function gwei(wei: bigint): number {
  return Number(wei) / 1e9;
}

function toSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

function timeOf(milliseconds: number): string {
  return formatTime(toSeconds(milliseconds));
}
