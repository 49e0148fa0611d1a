import { sleep } from '../../sdk/chain/sleep.ts';
import type { Fault } from './faults.ts';
import type { NodeProcess } from './nodeProcess.ts';
import type { World } from './world.ts';

/** What a kind of lane has done and looked at in a scenario. */
export interface Play<Kind extends World> {
  /** Sends messages of all kinds, until there were as many as wanted. */
  sendTraffic(world: Kind, traffic: Traffic): Promise<void>;
  /** Has a while pass on all chains: blocks, and the time that something waits for. */
  passTime(world: Kind): Promise<void>;
  /** What is not done yet: empty once the node has nothing left to do. */
  leftUndone(world: Kind, expected: Expected): Promise<string[]>;
  /** All that is wrong, once the node has stopped. */
  audit(world: Kind, expected: Expected): Promise<string[]>;
}

/** What is sent while things go wrong. */
export interface Traffic {
  /** Of each kind in a round. */
  readonly count: number;
  readonly rounds: number;
  /** Milliseconds between the ends and the beginnings of rounds. */
  readonly pause: number;
}

/** What a message can wait for at the end of a scenario, and why that is true. */
export interface Expected {
  /** Reasons for which messages may still be set aside. */
  readonly parked?: readonly string[];
  /** Alarms that may still last. */
  readonly alarms?: readonly string[];
}

/** A fault, when it begins after the scenario's start and how long it lasts, both in milliseconds. */
export interface TimedFault<Kind extends World = World> {
  readonly at: number;
  /** 0, or not given, of what is over as soon as it has happened. */
  readonly lasts?: number;
  readonly fault: Fault<Kind>;
}

/** What goes wrong while messages go back and forth. */
export interface Scenario<Kind extends World = World> extends Expected {
  readonly name: string;
  readonly traffic: Traffic;
  readonly faults: readonly TimedFault<Kind>[];
  /** Options of the node beside those it always has. */
  readonly options?: Readonly<Record<string, string>>;
  /** Codes of errors which the node may end with, to be started again: by default those of an endpoint that is of no use at its start. */
  readonly deaths?: readonly number[];
}

/** Longest time after the last fault in which nothing becomes done, milliseconds. */
const SETTLING_MS = 60_000;

/** Exit code of the command line for what may pass by itself. */
const TRANSIENT = 3;

/** Plays a scenario, waits until the node is done, stops it, and returns all that is wrong then. */
export async function playOn<Kind extends World>(
  lane: Play<Kind>,
  world: Kind,
  scenario: Scenario<Kind>,
): Promise<string[]> {
  const { nodes } = world;
  const before = nodes.map(({ deaths, lines }) => ({ deaths: deaths.length, lines: lines.length }));
  const start = performance.now();
  for (const node of nodes) node.start(scenario.options ?? {});
  await Promise.all(nodes.map(async (node, position) => await untilRunning(node, before[position]?.lines ?? 0)));
  await Promise.all([
    lane.sendTraffic(world, scenario.traffic),
    ...scenario.faults.map(async (timed) => await happen(world, timed)),
  ]);
  const undone = await settle(lane, world, scenario);
  const codes = await Promise.all(nodes.map(async (node) => await node.stop()));
  const problems = [
    ...(undone.length > 0 ? notDone(undone, nodes) : await lane.audit(world, scenario)),
    ...codes.filter((code) => code !== 0).map((code) => `it ended with ${code ?? 'a signal'} when it was told to stop`),
    ...nodes.flatMap((node, position) => complaints(node, scenario, before[position] ?? { deaths: 0, lines: 0 })),
  ];
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${scenario.name}: ${seconds} s, ${problems.length === 0 ? 'nothing' : problems.length} wrong`);
  const shown = problems.slice(0, MOST_PROBLEMS);
  // At once: other scenarios of a long run take their time.
  if (shown.length > 0) console.log(shown.join('\n'));
  return shown;
}

/** What the node's processes went through since then that no fault accounts for. */
function complaints(
  node: NodeProcess,
  { deaths = [TRANSIENT] }: Pick<Scenario, 'deaths'>,
  since: { readonly deaths: number; readonly lines: number },
): string[] {
  return [
    ...node.deaths
      .slice(since.deaths)
      .filter(({ code }) => !deaths.includes(code ?? -1))
      .map(({ code, signal, words }) => `it ended by itself with ${code ?? signal}: ${words}`),
    ...node.lines
      .slice(since.lines)
      .filter((line) => line['code'] === 'internal')
      .map((line) => `it met what it does not foresee: ${JSON.stringify(line)}`),
  ];
}

/** What a reader looks at. */
const MOST_PROBLEMS = 20;

/** What is left to do, and what the node says of it. */
function notDone(undone: readonly string[], nodes: readonly NodeProcess[]): string[] {
  const warnings = nodes.flatMap(({ lines }) => lines.filter(({ level }) => level >= WARNING).slice(-SHOWN));
  return [
    `the node is not done with ${undone.length}:`,
    ...undone.slice(0, SHOWN),
    ...warnings.map((line) => JSON.stringify(line)),
  ];
}

const WARNING = 40;
const SHOWN = 8;

/** Longest wait for a node to run, milliseconds, on a machine that has much else to do. */
const STARTING_MS = 30_000;

/** Waits until the node runs: what happens then, happens at its times however slow the machine is. */
async function untilRunning({ lines, deaths }: NodeProcess, since: number): Promise<void> {
  const deadline = performance.now() + STARTING_MS;
  const isRunning = (): boolean => lines.slice(since).some(({ msg }) => msg === 'the node runs');
  while (!isRunning() && performance.now() < deadline) await sleep(20);
  if (!isRunning()) throw new Error(`the node does not run: ${deaths.at(-1)?.words ?? ''}`);
}

async function happen<Kind extends World>(world: Kind, { at, lasts = 0, fault }: TimedFault<Kind>): Promise<void> {
  await sleep(at);
  const end = await fault.begin(world);
  await sleep(lasts);
  await end();
}

/** Waits until nothing is left to do; returns what is, where it does not become less for long. Time passes quickly meanwhile. */
async function settle<Kind extends World>(lane: Play<Kind>, world: Kind, expected: Expected): Promise<string[]> {
  let least = Number.POSITIVE_INFINITY;
  let deadline = 0;
  for (;;) {
    const start = performance.now();
    const undone = await lane.leftUndone(world, expected);
    const end = performance.now();
    if (undone.length < least) [least, deadline] = [undone.length, end + SETTLING_MS];
    if (undone.length === 0 || end > deadline) return undone;
    // A look at all that has ever happened takes its time, which the node needs, too.
    for (let block = 0; block < BLOCKS_A_LOOK || performance.now() - end < end - start; block++) {
      await lane.passTime(world);
      await sleep(BLOCK_MS);
    }
  }
}

/** Least number of blocks that are added to each chain between two looks, and milliseconds from one to the next. */
const BLOCKS_A_LOOK = 3;
const BLOCK_MS = 150;
