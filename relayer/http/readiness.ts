import { formatTime } from '../../sdk/chain/time.ts';
import { explainParked } from '../parkedReasons.ts';
import { describeFailing, type StageProgress } from '../telemetry/progress.ts';
import type { NodeState } from '../replica.ts';
import type { ServedNode } from './servedNode.ts';
import type { RouteSnapshot, Snapshot } from './snapshot.ts';
import { counted } from '../../sdk/core/counted.ts';

/** One thing that must go on for the node to be ready. */
export interface Check {
  /** Such as `alarms`, `chain 900`, `relay 901 -> 900`. */
  readonly name: string;
  readonly ok: boolean;
  /** What was found, with the values; where it is not right, what to do. */
  readonly reason: string;
}

/** Whether what should move moves. */
export interface Readiness {
  readonly ready: boolean;
  readonly state: NodeState;
  readonly checks: readonly Check[];
}

/** Alarms that keep messages from moving, though they do not halt the lane. */
const STOPPING: ReadonlySet<string> = new Set([
  'signer-unfunded',
  'spending-limit',
  'light-client-frozen',
  'light-client-expired',
]);

/** Looks for what should move and does not. Who stands by has nothing to move: it is ready to take over. */
export function checkReadiness(node: ServedNode, snapshot: Snapshot): Readiness {
  const state = node.state();
  if (state === 'standby') {
    return { ready: true, state, checks: [{ name: 'standby', ok: true, reason: 'another process works on the lane' }] };
  }
  if (state === 'stopping') {
    return { ready: false, state, checks: [{ name: 'stopping', ok: false, reason: 'the node was told to stop' }] };
  }
  const checks = [
    checkAlarms(snapshot),
    ...snapshot.chains.map(({ chainId }) => checkChain(node, chainId, snapshot.at)),
    checkStages(node, snapshot.at),
    ...snapshot.routes.flatMap((route) => checkRoute(node, route, snapshot.at)),
    ...checkTransactions(node, snapshot),
  ];
  return { ready: checks.every(({ ok }) => ok), state, checks };
}

function checkAlarms({ alarms }: Snapshot): Check {
  const found = alarms.filter(({ kind, halts }) => halts || STOPPING.has(kind));
  const said = found.map(({ kind, subject, message }) => `${kind} (${subject}): ${message}`);
  const others =
    alarms.length === 0
      ? 'none is raised'
      : `${counted(alarms.length, 'alarm')} raised, none of which stops messages: see /v1/alarms`;
  return { name: 'alarms', ok: found.length === 0, reason: said.length > 0 ? said.join('; ') : others };
}

function checkChain({ progress, stuckAfter }: ServedNode, chainId: number, now: number): Check {
  const name = `chain ${chainId}`;
  const chain = progress.chain(chainId);
  const seenAt = chain?.seenAt ?? progress.startedAt();
  if (now - seenAt > stuckAfter) {
    const reason = `the chain was not read since ${time(seenAt)}: look at its endpoint, and at what the log says of the stage "watch ${chainId}"`;
    return { name, ok: false, reason };
  }
  if (chain === undefined) return { name, ok: true, reason: `it was not read since ${time(seenAt)}` };
  // What is new is read all the same, and comes to nothing.
  const unfinal = progress.finalityProblem(chainId);
  const said = unfinal === undefined ? '' : `nothing gets final since ${time(unfinal.since)}: ${unfinal.problem}`;
  if (unfinal !== undefined && now - unfinal.since > stuckAfter) return { name, ok: false, reason: said };
  const { head, read, movedAt } = chain;
  const ok = read >= head || now - movedAt <= stuckAfter;
  const reason = `read up to block ${read} of ${head}${ok ? '' : `, and not moved since ${time(movedAt)}: see the log`}, asked last at ${time(seenAt)}`;
  return { name, ok, reason: said === '' ? reason : `${reason}; ${said}` };
}

function checkStages({ progress, stuckAfter }: ServedNode, now: number): Check {
  const stages = progress.stages();
  const problems = stages.flatMap((stage) => problemOf(stage, stuckAfter, now) ?? []);
  if (problems.length > 0) return { name: 'stages', ok: false, reason: problems.join('; ') };
  // What fails for less time is no reason to be red, but worth knowing for whoever looks.
  const failing = stages.flatMap((stage) => describeFailing(stage) ?? []);
  return { name: 'stages', ok: true, reason: failing.join('; ') || 'every stage passes' };
}

function problemOf(stage: StageProgress, stuckAfter: number, now: number): string | undefined {
  const { name, failing, passedAt, interval } = stage;
  if (failing !== undefined && now - failing.since > stuckAfter) return describeFailing(stage);
  if (failing === undefined && now - passedAt > stuckAfter + interval) {
    return `"${name}" hangs: its last pass ended at ${time(passedAt)}`;
  }
  return undefined;
}

function checkRoute(node: ServedNode, route: RouteSnapshot, now: number): Check[] {
  if (!route.isServed) return [];
  return route.waitsFor.by === 'queue' ? checkQueue(node, route, now) : checkRelay(node, route, now);
}

function checkQueue(node: ServedNode, { name: route, queue, sourceChainId }: RouteSnapshot, now: number): Check[] {
  if (queue === undefined) return [];
  const { count, oldestAt } = queue;
  const isStuck = oldestAt !== undefined && now - oldestAt > node.stuckAfter;
  const ok = !isStuck || hasMoved(node, `sequence ${sourceChainId}`, now);
  const reason = `${counted(count, 'element')} of the queue to be executed`;
  const since = `, the first since ${time(oldestAt ?? now)}: look at L2's node, and at what the log says of the sequencer`;
  return [{ name: `queue ${route}`, ok, reason: ok ? reason : reason + since }];
}

function checkRelay(node: ServedNode, { name: route, tally, stalled }: RouteSnapshot, now: number): Check[] {
  const name = `relay ${route}`;
  const { count } = tally.ready;
  const isStuck = stalled !== undefined && now - node.progress.startedAt() > node.stuckAfter;
  // Those that nobody has looked at wait rightly while others go before them.
  const ok = !isStuck || (stalled.reason === null && hasMoved(node, `submit ${route}`, now));
  const parked = Object.entries(tally.parked).map(([reason, number]) => `${number} for ${reason}`);
  const aside = parked.length === 0 ? '' : `, and messages are set aside: ${parked.join(', ')}`;
  if (ok) return [{ name, ok, reason: `${counted(count, 'message')} ready to be relayed${aside}` }];
  const why =
    stalled.reason === null ? 'nobody has looked at it' : `${stalled.reason}: ${explainParked(stalled.reason)}`;
  const reason = `${counted(count, 'message')} ready to be relayed; ${stalled.messageHash} stands still since ${time(stalled.since)} (${why})`;
  return [{ name, ok, reason }];
}

function checkTransactions({ stuckAfter, signers }: ServedNode, { pending, at }: Snapshot): Check[] {
  return signers.map(({ chainId, address }) => {
    const own = pending.filter((tally) => tally.chainId === chainId && tally.signer === address);
    const count = own.reduce((sum, tally) => sum + tally.count, 0);
    const oldest = Math.min(...own.map(({ oldestAt }) => oldestAt));
    const ok = count === 0 || at - oldest <= stuckAfter;
    const wait = `, the first since ${time(oldest)}: the chain asks for more than maxFeePerGas, the account cannot pay, or no node takes it`;
    const reason = `${counted(count, 'transaction')} not mined${ok ? '' : wait}`;
    return { name: `transactions ${address} on ${chainId}`, ok, reason };
  });
}

function hasMoved({ progress, stuckAfter }: ServedNode, stage: string, now: number): boolean {
  const found = progress.stages().find(({ name }) => name === stage);
  return found !== undefined && now - found.movedAt <= stuckAfter;
}

function time(milliseconds: number): string {
  return Number.isFinite(milliseconds) ? formatTime(Math.floor(milliseconds / 1000)) : 'never';
}
