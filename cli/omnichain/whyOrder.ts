// Why an order of an omnichain lane stands where it does: what the chains of its way say, and the node.
import type { Why } from '../../relayer/why.ts';
import type { LightClientStatus } from '../../sdk/actions/omnichain/getLightClientStatus.ts';
import type { OrderTrace } from '../../sdk/actions/omnichain/getOrderTrace.ts';
import { formatFields, type Values } from '../format.ts';
import { nodeTexts, nodeValues } from '../why/explanation.ts';
import type { NodeView, NoNodeView, SoughtMessage } from '../why/nodeView.ts';
import { withNode } from '../why/verdict.ts';
import { isHeld, nextStep, orderResult } from './orderResult.ts';

/** All that is known of why an order stands where it does. */
export interface OrderExplanation {
  readonly trace: OrderTrace;
  /** The light client that it waits for, where it waits for one. */
  readonly lightClient: LightClientStatus | undefined;
  /** What the node knows of the hop that it has left last. */
  readonly node: NodeView | NoNodeView;
}

/** The hop that an order has left last: each is a message of its own to the node. */
export function soughtHop({ orderId, hops }: OrderTrace): SoughtMessage {
  const last = hops.findLast(({ sent }) => sent !== undefined);
  return { messageHash: orderId, fromChain: last?.name ?? '' };
}

/** What the node says that an order waits for; undefined where it is not at hand, or has not read it. */
export function whyOf(node: NodeView | NoNodeView): Why | undefined {
  return 'missing' in node ? undefined : node.known?.why;
}

/** As --json prints it. */
export function explainOrderValues(explanation: OrderExplanation): Values {
  const { trace, lightClient, node } = explanation;
  const { values } = orderResult(trace, lightClient, whyOf(node));
  return { verdict: verdict(explanation), ...values, node: nodeValues(node) };
}

/** For people: in one line what it waits for, then its way, then what the node says. */
export function explainOrderText(explanation: OrderExplanation): string {
  const { trace, node } = explanation;
  const { values, texts } = orderResult(trace);
  const { next: _next, ...fields } = values;
  const parts = [verdict(explanation), formatFields(fields, texts)];
  if ('missing' in node) return [...parts, `This is what the chains say: ${node.missing}.`].join('\n\n');
  return [...parts, ...nodeTexts(node)].join('\n\n');
}

function verdict({ trace, lightClient, node }: OrderExplanation): string {
  const { status, hops } = trace;
  const attempt = hops.findLast((hop) => hop.attempt !== undefined)?.attempt;
  const by = attempt === undefined ? '' : ` by transaction ${attempt.transactionHash}`;
  if (status === 'relayed') return `delivered${by}`;
  const why = whyOf(node);
  const next = nextStep(trace, lightClient, why) ?? '';
  if (status === 'failed') return `tried${by}, and its target has failed; ${next}`;
  const failing = 'missing' in node ? [] : node.failing;
  return withNode(next, { why: isHeld(why) ? undefined : why, failing });
}
