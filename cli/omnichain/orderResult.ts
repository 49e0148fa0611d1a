// Where an order stands, as every command prints it.
import { getAddress } from 'ethers';

import { tryAgain } from '../../relayer/tryAgain.ts';
import type { Why } from '../../relayer/why.ts';
import type { LightClientStatus } from '../../sdk/actions/omnichain/getLightClientStatus.ts';
import type { OrderHop, OrderTrace } from '../../sdk/actions/omnichain/getOrderTrace.ts';
import { formatTime } from '../../sdk/chain/time.ts';
import { describeRevert } from '../../sdk/chain/reverts.ts';
import { counted } from '../../sdk/core/counted.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { formatNested, type Values } from '../format.ts';
import { sentenceOf, type TextResult } from '../output.ts';

/** What a script is told of where an order stands: that it waits is no error of whoever asked. */
export const EXIT_BY_STATUS: Readonly<Record<OrderTrace['status'], ExitCode>> = {
  relayed: EXIT.done,
  failed: EXIT.messageFailed,
  'ready-for-transfer': EXIT.notReady,
  'waiting-for-light-client': EXIT.notReady,
  'light-client-frozen': EXIT.error,
};

/**
 * Where an order stands, with every transaction of its way.
 * @param lightClient how the light client is that it waits for, if that was asked
 * @param why what the node waits for, if that was asked
 */
export function orderResult(trace: OrderTrace, lightClient?: LightClientStatus, why?: Why): TextResult {
  const { orderId, status, hops, sentAt } = trace;
  const [first, last] = [hops[0]!, hops.at(-1)!];
  const { sender, message } = first.sent!;
  const { target, msgType, relay } = message;
  return {
    values: {
      orderId,
      status,
      fromChain: first.name,
      toChain: last.name,
      sentAt: sentAt === undefined ? undefined : Number(sentAt),
      sender,
      target: getAddress(target),
      type: msgType,
      relay,
      hops: hops.map(hopValues),
      failureReason: failureOf(trace),
      next: nextStep(trace, lightClient, why),
    },
    texts: {
      ...(sentAt !== undefined && { sentAt: formatTime(sentAt) }),
      hops: formatNested(hops.flatMap(hopRows)),
    },
  };
}

function hopValues({ chainId, name, lightClient, attempt, sent }: OrderHop): Values {
  return {
    chain: name,
    chainId,
    lightClient: lightClient === undefined ? undefined : { ...lightClient },
    attempt: attempt && {
      outcome: attempt.outcome,
      transactionHash: attempt.transactionHash,
      blockNumber: attempt.blockNumber,
      reason: attempt.reason,
    },
    sent: sent && { transactionHash: sent.transactionHash, blockNumber: sent.blockNumber },
  };
}

/** A line for each thing that happened there, and what the chain knows of the one before. */
function hopRows({ name, lightClient, attempt, sent }: OrderHop): Values[] {
  const knows = lightClient && `${lightClient.isFrozen ? 'frozen' : lightClient.kind} up to block ${lightClient.head}`;
  const events = [
    ...(attempt === undefined ? [] : [{ event: attempt.outcome, at: attempt }]),
    ...(sent === undefined ? [] : [{ event: lightClient === undefined ? 'sent' : 'sent on', at: sent }]),
  ];
  if (events.length === 0) return [rowOf(name, 'not arrived', undefined, knows)];
  return events.map(({ event, at }) => rowOf(name, event, at, knows));
}

function rowOf(
  chain: string,
  event: string,
  at: { readonly blockNumber: number; readonly transactionHash: string } | undefined,
  knows: string | undefined,
): Values {
  return { chain, event, block: at?.blockNumber, transactionHash: at?.transactionHash, 'light client': knows };
}

/** What the target's failure says; undefined of an order that has not failed. */
function failureOf({ status, hops }: OrderTrace): string | undefined {
  if (status !== 'failed') return undefined;
  const reason = lastAttempt(hops)?.reason;
  return reason === undefined ? undefined : describeRevert(reason);
}

function lastAttempt(hops: readonly OrderHop[]): OrderHop['attempt'] {
  return hops.findLast(({ attempt }) => attempt !== undefined)?.attempt;
}

/** The hop that is next, as a sentence names it. */
export interface NextHop {
  /** The light client there. */
  readonly client: string;
  readonly on: string;
  readonly of: string;
  /** Number of the block that it must know. */
  readonly block: number;
  readonly head: bigint;
}

/** The hop that an order waits for; undefined once it has arrived or failed. */
export function nextHop({ hops, pending }: OrderTrace): NextHop | undefined {
  if (pending === undefined) return undefined;
  const position = hops.findIndex(({ chainId }) => chainId === pending.onChain);
  const [before, next] = [hops[position - 1]!, hops[position]!];
  const [on, of] = [next.name, before.name];
  return {
    client: `the light client of ${of} on ${on}`,
    on,
    of,
    block: pending.order.blockNumber,
    head: next.lightClient?.head ?? 0n,
  };
}

/** Whether a node that could prove an order does not: it has set it aside, or stands still. */
export function isHeld(why: Why | undefined): boolean {
  return why?.code === 'parked' || why?.code === 'halted';
}

/** What has to happen before it gets any further, and who can make it; undefined where nothing has. */
export function nextStep(trace: OrderTrace, lightClient?: LightClientStatus, why?: Why): string | undefined {
  const { status, orderId, hops } = trace;
  const next = nextHop(trace);
  if (next === undefined) {
    return status === 'failed' ? tryAgain(`xdm retry ${orderId}`, lastAttempt(hops)?.reason ?? '0x') : undefined;
  }
  const { client, on, of, block, head } = next;
  if (status === 'ready-for-transfer' && why !== undefined && isHeld(why)) {
    return `it can be proven to ${on}: xdm transferIn ${orderId}; the node does not by now: ${why.text}`;
  }
  if (status === 'ready-for-transfer') {
    return `it can be proven to ${on}: the node does, if it runs, or xdm transferIn ${orderId}`;
  }
  if (status === 'light-client-frozen') {
    return `${client} is frozen, since two blocks of one height were vouched for: the owner of the service on ${on} has to replace it`;
  }
  const waits = `waits until ${client} knows block ${block}, and it knows blocks up to ${head}`;
  return `${waits}: ${updateStep({ on, of }, lightClient)}`;
}

function updateStep({ on, of }: Pick<NextHop, 'on' | 'of'>, known: LightClientStatus | undefined): string {
  const command = `xdm lightclient update --on ${on} --of ${of}`;
  if (known?.isExpired === true) {
    return `it has expired, and takes no update any more: the owner of the service on ${on} has to replace it`;
  }
  if (known?.problem !== undefined) return `whether there is an update is not known: ${sentenceOf(known.problem)}`;
  if (known === undefined) return `a maintainer updates it, or ${command}`;
  if (known.next.length === 0) return 'its source has nothing newer yet';
  return `${counted(known.next.length, 'update')} can be sent: a maintainer does, and its log says why where it does not, or ${command}`;
}
