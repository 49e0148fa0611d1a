import { drawChart, type Axis } from '../chart.ts';
import { grouped } from '../gas/tables.ts';
import { toMarkdown, toText } from '../gas/text.ts';
import type { Figures } from './figures.ts';
import * as tables from './tables.ts';

/** What a run prints. */
export function printed(figures: Figures): string {
  const parts = [
    [`targets, ${figures.machine}`, tables.targets(figures)],
    ['throughput', tables.lanes(figures)],
    ['latency', tables.latencies(figures)],
    ['backlogs of messages from L2', tables.backlogs(figures)],
    ['how the cost grows', tables.growth(figures)],
    ['calls of the endpoints', tables.calls(figures)],
    ['room, and time to start', tables.room(figures)],
    ['the largest costs', tables.costs(figures)],
  ] as const;
  return parts.map(([title, table]) => `${title}\n\n${toText(table)}`).join('\n\n');
}

const MESSAGES: Axis = {
  name: 'messages that wait',
  scale: 'logarithmic',
  least: 100,
  most: 10_000,
  ticks: [100, 200, 500, 1000, 2000, 5000, 10_000],
  label: grouped,
};

const SECONDS: Axis = {
  name: 'seconds',
  scale: 'logarithmic',
  least: 0.1,
  most: 100,
  ticks: [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100],
};

const SHARE: Axis = {
  name: 'share of the messages, %',
  scale: 'linear',
  least: 0,
  most: 100,
  ticks: [0, 25, 50, 75, 90, 100],
};

const MILLISECONDS: Axis = {
  name: 'milliseconds at most',
  scale: 'logarithmic',
  least: 10,
  most: 3000,
  ticks: [10, 30, 100, 300, 1000, 3000],
};

/** The chart of what a backlog takes, by its size. */
export function backlogChart({ backlogs }: Figures): string {
  return drawChart({
    title: 'Catching up with messages from L2, with an empty store',
    x: MESSAGES,
    y: SECONDS,
    lines: [
      { name: 'all have arrived', points: backlogs.map(({ messages, relayed }) => [messages, relayed]) },
      { name: 'all are indexed', points: backlogs.map(({ messages, indexed }) => [messages, indexed]) },
      { name: 'CPU of the node', points: backlogs.map(({ messages, cpu }) => [messages, cpu]) },
    ],
    levels: [],
  });
}

/** The chart of what the node adds to the time of a message. */
export function latencyChart({ latency }: Figures): string {
  const line = (name: string, values: readonly number[]) => {
    return { name, points: values.map((value, place) => [(100 * (place + 1)) / values.length, value] as const) };
  };
  return drawChart({
    title: 'What the node adds to what the chains impose',
    x: SHARE,
    y: MILLISECONDS,
    lines: [line('L1 to L2', latency.l1ToL2), line('L2 to L1', latency.l2ToL1)],
    levels: [],
  });
}

/** docs/performance.md. */
export function document(figures: Figures): string {
  return `${[...opening(figures), ...body(figures), ...closing(figures)].join('\n\n')}\n`;
}

function opening(figures: Figures): string[] {
  return [
    '<!-- Written by `npm run bench:relay`: change bench/relay/, and run it again. -->',
    '# Performance',
    `What the node does on one machine (${figures.machine}) that also runs both chains: two anvils, of which L1 has a block each second with
30,000,000 gas, and L2 one as soon as a transaction waits. The node is a process of its own, \`xdm relayer\`, with the settings of the
local network where nothing else is said. Messages have 132 bytes and are promised 100,000 gas; their targets record them.`,
    '## Targets',
    toMarkdown(tables.targets(figures)),
    `What is near its limit, or beyond it: a store that was filled at once has no nodes of the message tree yet, which are kept as
batches are delivered, and builds it anew before the first batch leaves: half of the time of a restart. Messages from L1 share two cores
with the chain that executes them: from run to run they went at 70 to 87 % of its own rate. An idle node reads each
block of both chains in two requests, compares its contracts' counts, and stores how far it has got, without waiting for the disk.`,
  ];
}

function body(figures: Figures): string[] {
  return [
    '## Throughput',
    `Messages from L2 become ready while the node runs: from the first L1 block that takes them to the last arrival. L1 has room for some
400 of them in a block. Messages from L1 wait when the node starts: from the first arrival to the last. Anvil takes one deposit a block,
and its blocks take longer the more state it has; so the same deposits are handed to it by themselves, before and after.`,
    toMarkdown(tables.lanes(figures)),
    '## Latency',
    `One message each way after the other, L1 with a block as soon as a transaction waits. From L1: from the block that is as deep as is
configured to the L2 block that executes it. From L2: from the first L1 block in which it can be relayed to the one in which it is.`,
    '![Share of the messages against milliseconds](performance-latency.svg)',
    toMarkdown(tables.latencies(figures)),
    '## Backlogs',
    `The node starts on messages from L2 that are all ready, with an empty store: seconds from the start of its process.`,
    '![Seconds against the number of messages](performance-backlog.svg)',
    toMarkdown(tables.backlogs(figures)),
    `The cost grows in proportion to the number of messages, once there are enough of them for the start of the process not to count:`,
    toMarkdown(tables.growth(figures)),
    '## Calls of the endpoints',
    'Counted by a proxy, in a run of its own: a backlog as above.',
    toMarkdown(tables.calls(figures)),
    '## Room, and time to start',
    toMarkdown(tables.room(figures)),
  ];
}

function closing(figures: Figures): string[] {
  return [
    '## The largest costs',
    `By a profile of the largest backlog (\`node --cpu-prof\`). Each function of ours is named with what it called of others'.`,
    toMarkdown(tables.costs(figures)),
    'What was largest before, and what was done about it:',
    [
      `- **Proofs that nobody used** (half of the CPU, 4 ms a message): where more than 16 messages wait under one batch they go by the
  message tree, and only its proof is fetched, verified and stored. One that must go alone goes by its path.`,
      `- **Text** (13 %): ethers reads and writes UTF-8 byte by byte. The platform does it now.`,
      `- **Decoding logs** (13 %): events that come by the thousand are read word by word, and checksums of addresses are remembered.`,
      `- **A statement for each row** (5 %, and a fifth of the time of a delivery): many rows are written by one statement, and statements
  that come again are prepared once.`,
      `- **Waiting**: the stages that read the store looked at it at intervals. Now they are woken when another one has moved something: a
  backlog of 1,000 took 6.1 s, and took 3.0 s then.`,
      `- **Blocks that always follow**: a chain that had another block was read again at once. While L2 executed 50 deposits a second, each
  of their blocks was a pass, a commit and a wake-up of every stage; now it is read once in each interval, and a block without anything in
  it wakes nobody while nothing waits. Messages from L1 went at 67 % of L2's own rate, and at 87 % then.`,
      `- **Questions before each deposit** (as long as its execution): L2 is asked for the next ones together, and an answer holds for 50 ms.
  36 % of L2's own rate became 67 %.`,
      `- **Refusals of L2**: for a moment after a block anvil still has its deposit in the pool, and refuses the next one. It is handed over
  again at once; the stage failed before, and waited for seconds.`,
      `- **Garbage**: nobody collected most of a busy node's memory. Its heap is kept small: 10,000 messages that wait took 490 MB, and 263
  then. Collecting it is paid for with CPU, which the table above shows.`,
      `- **Idling**: requests went by \`fetch\`, which takes twice the CPU of Node's own HTTP client; each block took three requests and a wait
  for the disk, and each stage that looks at the store asked it three or four things to find nothing.`,
      `- **Signing** a transaction of 120 kB takes some 30 ms, most of it hashing it three times. Its hash came by parsing it again,
  and comes from its bytes now.`,
    ].join('\n'),
    '## How it is measured',
    `\`npm run bench:relay\` runs all of it and writes this page; \`--messages N\` runs with as many messages and leaves out the full store.
CPU and memory are what Linux says of the node's process (\`/proc\`). The store of many messages is filled by the node's own functions from
messages that L2 really has, whose deliveries are made up; those that wait are relayed. An idle node is watched for 15 s, from 20 s after
its start on.`,
  ];
}
