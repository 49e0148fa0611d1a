import { describeRevert } from '../sdk/chain/reverts.ts';
import { formatTime } from '../sdk/chain/time.ts';
import { whatHalts } from './alarm.ts';
import { explainParked } from './parkedReasons.ts';
import type { MessageDetails } from './store/messageDetails.ts';
import type { TransactionRecord } from './store/transactionRecords.ts';
import { tryAgain } from './tryAgain.ts';
import { counted } from '../sdk/core/counted.ts';

/** What a message waits for. */
export type WaitCode =
  /** Nothing any more: it was delivered, or it was tried and its target refused it. */
  | 'delivered'
  | 'failed'
  /** Its own block was dropped. */
  | 'orphaned'
  /** An alarm has the lane stand still. */
  | 'halted'
  /** It was delivered in a block that is not final. */
  | 'delivery-not-final'
  /** Its transaction is not mined, or not final. */
  | 'transaction-pending'
  | 'transaction-not-final'
  /** It was set aside. */
  | 'parked'
  /** For a state batch, for its proof, for the end of the batch's window. */
  | 'no-state-batch'
  | 'not-proven'
  | 'challenge-period'
  /** It can go, with the next pass of a node that relays. */
  | 'next-pass'
  /** For its block to be final; in a queue for its turn, and for the block of its delivery to be read. */
  | 'source-not-final'
  | 'queued'
  | 'executed';

/** Why a message stands where it does. */
export interface Why {
  readonly code: WaitCode;
  /** For people, with the numbers and times, and what to do where something is to be done. */
  readonly text: string;
  /** When it ends or is tried again, milliseconds, where a clock says so. */
  readonly until?: number;
}

/**
 * Says why a message stands where it does: what it waits for, and until when, as far as the node knows.
 * @param now milliseconds
 */
export function whyWaiting(details: MessageDetails, now: number): Why {
  const { message, halts, delivery, destination, destinationChainId } = details;
  const { stage } = message;
  if (stage === 'relayed' || stage === 'failed') return whyFinished(details);
  if (delivery !== undefined) {
    const { outcome, blockNumber, transactionHash } = delivery;
    const where = `in block ${blockNumber} of chain ${destinationChainId} (transaction ${transactionHash})`;
    const text = `It was ${outcome === 'relayed' ? 'delivered' : 'tried'} ${where}, which is not final yet: the last final one is ${destination?.finalNumber ?? 'not known'}.`;
    return { code: 'delivery-not-final', text };
  }
  if (message.isOrphaned) {
    const text = `A reorganisation has dropped block ${message.sent.blockNumber}, in which it was sent: it is gone, unless it is mined again.`;
    return { code: 'orphaned', text };
  }
  if (stage === 'submitted') return whySubmitted(details);
  const [halt] = halts;
  if (halt !== undefined) {
    return { code: 'halted', text: `Since ${time(halt.raisedAt)} ${whatHalts(halt)} stands still: ${halt.message}` };
  }
  if (details.queue !== undefined) return whyQueued(details);
  return whyNotSubmitted(details, now);
}

function whyFinished({ message, retryCommand }: MessageDetails): Why {
  const by = `by transaction ${message.relayTransactionHash ?? 'unknown'}`;
  if (message.stage === 'relayed') return { code: 'delivered', text: `It was delivered ${by}.` };
  const data = message.failureReason ?? '0x';
  const text = `It was tried ${by}, and its target refused it: ${describeRevert(data)}. Anybody can try again ${tryAgain(`${retryCommand} ${message.messageHash}`, data)}`;
  return { code: 'failed', text };
}

function whySubmitted({ message, transactions, destination }: MessageDetails): Why {
  const own = transactions.find(({ id }) => id === message.transactionId);
  if (own === undefined) return { code: 'transaction-pending', text: 'Its transaction is looked after by the node.' };
  if (own.stage === 'pending') return { code: 'transaction-pending', text: whyPending(own) };
  const last = destination?.finalNumber ?? 'not known';
  const text = `Its transaction ${own.transactionHash ?? ''} was mined in block ${own.blockNumber ?? ''}, which is not final or settled yet: the last final one is ${last}.`;
  return { code: 'transaction-not-final', text };
}

function whyPending({ attempts, nonce, signer, createdAt }: TransactionRecord): string {
  const last = attempts.at(-1);
  const hash = last === undefined ? '' : ` ${last.hash}`;
  const fee = last === undefined ? '' : `, which pays up to ${Number(last.maxFeePerGas) / 1e9} gwei`;
  return `Its transaction${hash} (nonce ${nonce} of ${signer}, attempt ${attempts.length}${fee}) is not mined since ${time(createdAt)}.`;
}

function whyQueued({ message, queue, source, sourceChainId, destinationChainId }: MessageDetails): Why {
  const { blockNumber } = message.sent;
  if (queue?.isExecuted === true) {
    const text = `Its element of the queue was executed on chain ${destinationChainId}: the block of its delivery is still to be read.`;
    return { code: 'executed', text };
  }
  const before = queue?.before ?? 0;
  const behind =
    before === 0 ? 'It is the next element of the queue' : `It comes after ${counted(before, 'element')} of the queue`;
  if (blockNumber > (source?.finalNumber ?? 0)) {
    return { code: 'source-not-final', text: `${sourceNotFinal({ message, source, sourceChainId })} ${behind}.` };
  }
  const handed = (queue?.handedAt ?? 0) > 0 ? `; it was last handed to L2 at ${time(queue?.handedAt ?? 0)}` : '';
  return { code: 'queued', text: `${behind}, and waits for whoever executes the queue${handed}.` };
}

function sourceNotFinal({
  message,
  source,
  sourceChainId,
}: Pick<MessageDetails, 'message' | 'source' | 'sourceChainId'>): string {
  const { blockNumber } = message.sent;
  return `Block ${blockNumber} of chain ${sourceChainId}, in which it was sent, is not final yet: the last final one is ${source?.finalNumber ?? 0}.`;
}

function whyNotSubmitted(details: MessageDetails, now: number): Why {
  const { message, batches, destination, source } = details;
  const { stage, parkedReason, nextTryAt, tries, readyAt, sent } = message;
  const opensAt = (readyAt ?? 0) * 1000;
  const clock = Math.max((destination?.timestamp ?? 0) * 1000, now);
  if (stage === 'proven' && opensAt > clock) {
    const text = `It is proven; the fraud-proof window of its state batch is open until ${time(opensAt)}.`;
    return { code: 'challenge-period', text, until: opensAt };
  }
  if (parkedReason !== null) {
    const next = nextTryAt > now ? `The next try is at ${time(nextTryAt)}` : 'It is tried again with the next pass';
    const text = `${explainParked(parkedReason)} It was set aside ${tries === 0 ? '' : `${counted(tries, 'time')} `}(${parkedReason}). ${next}.`;
    return { code: 'parked', text, until: nextTryAt };
  }
  if (stage === 'proven') {
    return {
      code: 'next-pass',
      text: `It can be delivered since ${time(opensAt)}, and goes with the next pass of a node that relays.`,
    };
  }
  if (batches === undefined) return whyUnproven(details);
  if (batches.batch === undefined) {
    const text = `No state batch covers L2 block ${sent.blockNumber}, in which it was sent, yet: the next one begins at block ${batches.nextBlock}. It waits for the proposer.`;
    return { code: 'no-state-batch', text };
  }
  const { batchIndex } = batches.batch;
  const text = `State batch ${batchIndex} covers it: it waits to be proven, for which its own L2 node must have that batch's last block (read up to ${source?.number ?? 'none'}).`;
  return { code: 'not-proven', text };
}

/** Of a message that waits for nothing else. */
function whyUnproven(details: MessageDetails): Why {
  const { message, source, destinationChainId } = details;
  if (message.sent.blockNumber > (source?.finalNumber ?? 0)) {
    return { code: 'source-not-final', text: sourceNotFinal(details) };
  }
  return { code: 'not-proven', text: `It waits to be proven to chain ${destinationChainId}.` };
}

function time(milliseconds: number): string {
  return formatTime(Math.floor(milliseconds / 1000));
}
