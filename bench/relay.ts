// How fast the node is, and what it takes: two chains and the node as a process of its own. Prints tables; --json prints all of it for
// machines. A run that leaves nothing out writes docs/performance.md and its charts anew.
//
// usage: node bench/relay.ts [--messages 1000] [--json]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

import { countCalls, measureBacklog, prepareBacklog, type BacklogFigures } from './relay/backlog.ts';
import { measureDeposits } from './relay/deposits.ts';
import type { Figures } from './relay/figures.ts';
import { measureIdle } from './relay/idle.ts';
import { measureLatency } from './relay/latency.ts';
import { readCosts } from './relay/profile.ts';
import { measureReady } from './relay/ready.ts';
import { backlogChart, document, latencyChart, printed } from './relay/report.ts';
import { measureStored, type StoredFigures } from './relay/stored.ts';
import { verdictsOf } from './relay/targets.ts';
import { startWorld, type World } from './relay/world.ts';

/** Messages of a lane, backlogs, and messages in the full store, of a whole run. */
const MESSAGES = 1000;
const BACKLOGS = [100, 1000, 10_000];
const STORED = 100_000;

/** Messages each way whose latency is measured. */
const LATENCIES = 20;

const USAGE = 'usage: npm run bench:relay -- [--messages N] [--json]';

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    messages: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(USAGE);
  process.exit(0);
}

const isWhole = values.messages === undefined;
const messages = Number(values.messages ?? MESSAGES);
if (!Number.isInteger(messages) || messages < 1) {
  console.error(`--messages has ${values.messages}: give a whole number from 1 on`);
  process.exit(2);
}

// What was started ends with it: chains and nodes are groups of their own.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** Runs something on a local network of its own. */
async function inWorld<T>(what: string, work: (world: World) => Promise<T>): Promise<T> {
  console.error(`measuring ${what} ...`);
  const world = await startWorld();
  try {
    return await work(world);
  } finally {
    await world.stop();
  }
}

const profiles = mkdtempSync(join(tmpdir(), 'xdm-profile-'));
let figures: Figures;
try {
  const sizes = isWhole ? BACKLOGS : [messages];
  const backlogs: BacklogFigures[] = [];
  let stored: StoredFigures | undefined;
  for (const size of sizes) {
    await inWorld(`a backlog of ${size} messages`, async (world) => {
      await prepareBacklog(world, size);
      backlogs.push(await measureBacklog(world, size));
      if (!isWhole || size !== sizes.at(-1)) return;
      console.error(`measuring a store of ${STORED} messages ...`);
      stored = await measureStored(world, STORED);
    });
  }
  const largest = sizes.at(-1) ?? messages;
  // Apart from the others: a process that is profiled is slower.
  await inWorld('what the CPU does', async (world) => {
    await prepareBacklog(world, largest);
    await measureBacklog(world, largest, profiles);
  });
  const counts = await inWorld('calls of the endpoints', async (world) => {
    await prepareBacklog(world, messages);
    return await countCalls(world, messages);
  });
  // Of its own: what is deposited there beside the queue is what a watchtower would halt the lane for.
  const deposits = await inWorld('messages from L1', async (world) => await measureDeposits(world, messages));
  const lanes = await inWorld('messages that are ready, latency and idling', async (world) => ({
    ready: await measureReady(world, messages),
    idle: await measureIdle(world),
    latency: await measureLatency(world, LATENCIES),
  }));
  const machine = `${cpus().length} cores, Node ${process.versions.node}`;
  figures = { machine, deposits, ...lanes, backlogs, calls: { messages, counts }, stored, costs: readCosts(profiles) };
} finally {
  rmSync(profiles, { recursive: true, force: true });
}

console.log(values.json ? JSON.stringify(figures, undefined, 2) : printed(figures));
if (isWhole) {
  writeFileSync('docs/performance.md', document(figures));
  writeFileSync('docs/performance-backlog.svg', backlogChart(figures));
  writeFileSync('docs/performance-latency.svg', latencyChart(figures));
}
console.error(
  isWhole ? 'docs/performance.md is written' : 'docs/performance.md is left as it is: this was not the whole run',
);
const missed = verdictsOf(figures).filter(({ isMet }) => !isMet);
for (const { name, limit, measured } of missed) console.error(`target missed: ${name}: ${measured}, not ${limit}`);
if (isWhole && missed.length > 0) process.exitCode = 1;
