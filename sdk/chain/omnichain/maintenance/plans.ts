import { sleep } from '../../sleep.ts';
import type { MaintenanceCall } from './maintainer.ts';
import type { LightClientPlace } from './readings.ts';

/** What one of several sources would have a light client take, in order. */
export type Plan = readonly MaintenanceCall[];

/**
 * What those say who answer, in the order in which they were asked. Once one has, the others are waited for only so long: a silent one
 * holds up nobody.
 * @param patience milliseconds
 * @throws what keeps the last of them from answering, where none does
 */
export async function hear<T>(asked: readonly Promise<T>[], patience: number): Promise<T[]> {
  const said = new Map<number, T>();
  const answers = asked.map(async (answer, index) => void said.set(index, await answer));
  try {
    await Promise.any(answers);
  } catch (error) {
    throw (error as AggregateError).errors.at(-1);
  }
  const ended = new AbortController();
  await Promise.race([Promise.allSettled(answers), sleep(patience, ended.signal)]);
  ended.abort();
  return asked.flatMap((_, index) => (said.has(index) ? [said.get(index)!] : []));
}

/**
 * The plan that comes furthest of those that the contract begins to take. Sources can be behind, or lie: what the contract refuses of one says
 * nothing of the others.
 * @returns where it takes none, the furthest one, for whoever sends it to be told why; no calls where there is nothing new
 */
export async function furthestTaken(place: LightClientPlace, plans: readonly Plan[]): Promise<Plan> {
  const different = new Map(plans.filter((plan) => plan.length > 0).map((plan) => [textOf(plan), plan]));
  const ordered = [...different.values()].toSorted(compareFurther);
  const [furthest] = ordered;
  if (furthest === undefined || ordered.length === 1) return furthest ?? [];
  for (const plan of ordered) if (await isTaken(place, plan[0]!)) return plan;
  return furthest;
}

async function isTaken({ provider }: LightClientPlace, { to, data }: MaintenanceCall): Promise<boolean> {
  try {
    await provider.call({ to, data });
    return true;
  } catch {
    return false;
  }
}

function textOf(plan: Plan): string {
  return plan.map(({ data }) => data).join(' ');
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

function newestOf(plan: Plan): bigint {
  return plan.reduce((newest, { block = 0n }) => (block > newest ? block : newest), 0n);
}
