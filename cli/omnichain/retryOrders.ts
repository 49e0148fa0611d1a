import type { Signer } from 'ethers';

import type { OrderTrace } from '../../sdk/actions/omnichain/getOrderTrace.ts';
import type { TransferInResult } from '../../sdk/actions/omnichain/transferIn.ts';
import type { OmnichainClient } from '../../sdk/chain/omnichain/client.ts';
import type { OrderAttempt } from '../../sdk/chain/omnichain/logs.ts';
import { tryAgain } from '../../relayer/tryAgain.ts';
import { describeRevert } from '../../sdk/chain/reverts.ts';
import { XdmError } from '../../sdk/core/errors.ts';
import { EXIT_CODES, worstOf, type ExitCode } from '../exitCodes.ts';
import { sentenceOf, type Output, type Result } from '../output.ts';
import { EXIT_BY_STATUS, nextStep } from './orderResult.ts';

/** Which orders, and who pays. */
export interface RetryOrders {
  /** Of orders, or of transactions that have sent some. */
  readonly hashes: readonly string[];
  readonly gasLimit: bigint | undefined;
  /** Asked for where an order has failed: nothing else takes an account. */
  readonly openAccount: () => Promise<Signer>;
}

const SAID = { relayed: 'its target has taken it', failed: 'its target has failed' } as const;

/** What there is to do then. */
const NEXT: Readonly<
  Record<OrderAttempt['outcome'] | 'sent-on', (orderId: string, reason: string) => string | undefined>
> = {
  relayed: () => undefined,
  failed: (orderId, reason) => tryAgain(`xdm retry ${orderId}`, reason),
  'sent-on': (orderId) => `the node proves it there, if it runs, or xdm transferIn ${orderId}`,
};

/** What became of an order. */
interface Retried {
  readonly result: Result;
  readonly exitCode: ExitCode;
}

/** Tries orders again whose targets have failed, each on the chain where it did: on the relay chain, what the target answers goes on. */
export async function retryOrders(
  client: OmnichainClient,
  { hashes, gasLimit, openAccount }: RetryOrders,
  output: Output,
): Promise<ExitCode> {
  const { findTraces } = await import('./findTraces.ts');

  const found = (await Promise.all(hashes.map(async (hash) => await findTraces(client, hash)))).flat();
  // An order and its transaction can both be given.
  const traces = [...new Map(found.map((trace) => [trace.orderId, trace])).values()];
  const isFailed = traces.some(({ status }) => status === 'failed');
  const signer = isFailed ? await openAccount() : undefined;
  const retried: Retried[] = [];
  // One after the other: an account's nonces are counted by its chain.
  for (const trace of traces) {
    retried.push(
      signer === undefined || trace.status !== 'failed'
        ? untouched(trace)
        : await retryOrder(client, trace, { signer, gasLimit }),
    );
  }
  const columns = ['orderId', 'outcome', 'chain', 'transactionHash', 'note'];
  output.table(
    retried.map(({ result }) => result),
    columns,
  );
  return worstOf(retried.map(({ exitCode }) => exitCode));
}

/** Of one that has not failed there is nothing to try again. */
function untouched(trace: OrderTrace): Retried {
  const { orderId, status } = trace;
  const outcome = status === 'relayed' ? 'already-relayed' : status;
  const values = { orderId, outcome, chain: undefined, transactionHash: undefined, failureReason: undefined };
  const next = nextStep(trace);
  return {
    result: { values: { ...values, next, note: next ?? 'there is nothing left to do' } },
    exitCode: EXIT_BY_STATUS[status],
  };
}

async function retryOrder(
  client: OmnichainClient,
  { orderId, hops }: OrderTrace,
  means: { readonly signer: Signer; readonly gasLimit: bigint | undefined },
): Promise<Retried> {
  const { retryMessageIn } = await import('../../sdk/actions/omnichain/transferIn.ts');
  const { chainId, name, attempt } = hops.findLast((hop) => hop.attempt !== undefined)!;
  const about = { orderId, chain: name };
  try {
    const result = await retryMessageIn(client, { onChain: chainId, order: attempt as OrderAttempt, ...means });
    return outcomeOf(about, result);
  } catch (error) {
    // The others are tried all the same.
    if (!(error instanceof XdmError)) throw error;
    const values = {
      ...about,
      outcome: 'error',
      transactionHash: undefined,
      failureReason: undefined,
      next: error.hint,
    };
    return { result: { values: { ...values, note: sentenceOf(error) } }, exitCode: EXIT_CODES[error.code] };
  }
}

function outcomeOf(
  { orderId, chain }: { readonly orderId: string; readonly chain: string },
  { transactionHash, attempt, forwarded }: TransferInResult,
): Retried {
  const reason = attempt?.reason;
  const failureReason = reason === undefined ? undefined : describeRevert(reason);
  const outcome = forwarded === undefined ? (attempt?.outcome ?? 'failed') : 'sent-on';
  const next = NEXT[outcome](orderId, reason ?? '0x');
  const said = failureReason ?? (outcome === 'sent-on' ? `${chain} has logged it for its destination` : SAID[outcome]);
  const note = next === undefined ? said : `${said}; ${next}`;
  return {
    result: { values: { orderId, outcome, chain, transactionHash, failureReason, next, note } },
    exitCode: EXIT_BY_STATUS[outcome === 'sent-on' ? 'relayed' : outcome],
  };
}
