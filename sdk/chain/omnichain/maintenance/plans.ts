import { toQuantity, type JsonRpcProvider } from 'ethers';
import { z } from 'zod';

import { XdmError } from '../../../core/errors.ts';
import { sleep } from '../../sleep.ts';
import { request } from '../../request.ts';
import type { MaintenanceCall } from './maintainer.ts';

/** What one of several sources would have a light client take, in order. */
export type Plan = readonly MaintenanceCall[];

/** A plan, and how much of it the contract was seen to take. */
export interface TriedPlan {
  readonly plan: Plan;
  /** How many of its calls, from the first on. */
  readonly taken: number;
  /** Whether it refuses the call after these; otherwise nobody has tried it. */
  readonly isRefused: boolean;
}

/** How long several sources are waited for, milliseconds. */
export interface Patience {
  /** Once one has said something that is good. */
  readonly afterGood: number;
  /** While none has. */
  readonly atMost: number;
}

/** Calls that are tried together: nodes give a trial no more gas than a block or two have, and each takes some 400,000. */
const MOST_TRIED = 16;

const trialSchema = z.array(z.object({ calls: z.array(z.object({ status: z.string() })) })).length(1);

/**
 * What those say who answer, in the order in which they were asked. Once one has said something that is good the others are waited for only so
 * long: a silent one holds up nobody. What is no good cuts nobody short: it is said soonest by who does not look.
 * @throws what keeps the last of them from answering, where none does
 */
export async function hear<T>(
  asked: readonly Promise<T>[],
  isGood: (said: T) => boolean,
  { afterGood, atMost }: Patience,
): Promise<T[]> {
  const said = new Map<number, T>();
  const answers = asked.map(async (asking, index) => {
    const answer = await asking;
    said.set(index, answer);
    if (!isGood(answer)) throw new XdmError('state-unavailable', 'nothing good');
  });
  const ended = new AbortController();
  const [good, all] = [Promise.any(answers).catch(() => undefined), Promise.allSettled(answers)];
  await Promise.race([good, sleep(atMost, ended.signal)]);
  if (said.size === 0) await Promise.any(asked).catch(throwLast);
  else await Promise.race([all, sleep(afterGood, ended.signal)]);
  ended.abort();
  return asked.flatMap((_, index) => (said.has(index) ? [said.get(index)!] : []));
}

function throwLast(error: unknown): never {
  throw (error as AggregateError).errors.at(-1);
}

/**
 * Tries a plan, as far as a node can: one that does not know `eth_simulateV1` tries its first call alone, as the others come after what is
 * not there yet.
 */
export async function tryPlan(provider: JsonRpcProvider, plan: Plan): Promise<TriedPlan> {
  if (plan.length === 0) return { plan, taken: 0, isRefused: false };
  const calls = plan.slice(0, MOST_TRIED).map(({ to, data, gasLimit }) => ({ to, data, gas: toQuantity(gasLimit) }));
  try {
    const parameters = [{ blockStateCalls: [{ calls }] }, 'latest'];
    const [block] = await request(provider, 'eth_simulateV1', { parameters, schema: trialSchema });
    const refused = block!.calls.findIndex(({ status }) => BigInt(status) === 0n);
    return { plan, taken: refused === -1 ? calls.length : refused, isRefused: refused !== -1 };
  } catch (error) {
    if (!(error instanceof XdmError)) throw error;
  }
  const isTaken = await isFirstTaken(provider, plan[0]!);
  return { plan, taken: isTaken ? 1 : 0, isRefused: !isTaken };
}

/**
 * The plan that comes furthest by what the contract takes of it, without what it refuses. Sources can be behind, or lie: what the contract refuses
 * of one says nothing of the others, and what is true at first can go on with what is not.
 * @returns where it takes none, the furthest one, for whoever sends it to be told why; no calls where there is nothing new
 */
export function furthestTaken(tried: readonly TriedPlan[]): Plan {
  const [best] = tried.filter(({ plan }) => plan.length > 0).toSorted(compareTried);
  if (best === undefined) return [];
  return best.isRefused && best.taken > 0 ? best.plan.slice(0, best.taken) : best.plan;
}

/** A plan of so many calls is a part of a longer one: there are more once it is carried out. */
const MANY = 64;

/** A plan as far as a block that is wanted, or the first one above; undefined where it does not lead there. */
export function planTo(plan: Plan, wanted: bigint): Plan | undefined {
  const last = plan.findIndex(({ block }) => block !== undefined && block >= wanted);
  if (last !== -1) return plan.slice(0, last + 1);
  return plan.length < MANY ? undefined : plan;
}

async function isFirstTaken(provider: JsonRpcProvider, { to, data }: MaintenanceCall): Promise<boolean> {
  try {
    await provider.call({ to, data });
    return true;
  } catch {
    return false;
  }
}

function compareTried(one: TriedPlan, other: TriedPlan): number {
  const byTaken = compareFurther(one.plan.slice(0, one.taken), other.plan.slice(0, other.taken));
  return byTaken === 0 ? compareFurther(one.plan, other.plan) : byTaken;
}

/** Those who sign next come before blocks: whoever lacks them soon takes no block any more. */
function compareFurther(one: Plan, other: Plan): number {
  const upkeep = upkeepOf(other) - upkeepOf(one);
  if (upkeep !== 0) return upkeep;
  const [mine, theirs] = [newestOf(one), newestOf(other)];
  return mine === theirs ? 0 : mine > theirs ? -1 : 1;
}

function upkeepOf(plan: Plan): number {
  return plan.filter(({ isUpkeep }) => isUpkeep).length;
}

/** The newest block that a plan brings; -1 where it brings none. */
export function newestOf(plan: Plan): bigint {
  return plan.reduce((newest, { block = 0n }) => (block > newest ? block : newest), -1n);
}
