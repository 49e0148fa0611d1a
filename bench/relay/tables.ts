import { grouped, type Table } from '../gas/tables.ts';
import { quantile, type Figures } from './figures.ts';
import { verdictsOf } from './targets.ts';

const MEGABYTE = 1_000_000;

/** Places in the code that are named. */
const NAMED_COSTS = 12;

export function targets(figures: Figures): Table {
  return {
    header: ['', 'target', 'measured', 'met'],
    rows: verdictsOf(figures).map(({ name, limit, measured, isMet }) => [
      name,
      limit,
      measured,
      isMet ? 'yes' : '**no**',
    ]),
  };
}

export function lanes({ ready, deposits }: Figures): Table {
  return {
    header: ['', 'messages', 'a second', 'what L2 itself executes, a second'],
    rows: [
      ['L2 to L1, ready together', grouped(ready.messages), ready.rate.toFixed(0), '-'],
      ['L1 to L2', grouped(deposits.messages), deposits.rate.toFixed(0), deposits.bareRate.toFixed(0)],
    ],
  };
}

export function latencies({ latency }: Figures): Table {
  const row = (name: string, values: readonly number[]): string[] => [
    name,
    ...[0.5, 0.9, 0.99].map((share) => quantile(values, share).toFixed(0)),
  ];
  return {
    header: ['ms that the node adds', 'p50', 'p90', 'p99'],
    rows: [
      ['L1 to L2, after the L1 block that is deep enough', latency.l1ToL2],
      ['L2 to L1, after the window', latency.l2ToL1],
    ].map(([name, values]) => row(name as string, values as readonly number[])),
  };
}

export function backlogs({ backlogs: all }: Figures): Table {
  return {
    header: [
      'messages that wait',
      'indexed, s',
      'arrived, s',
      'CPU, s',
      'CPU, ms a message',
      'memory, MB',
      'L1 gas a message',
    ],
    rows: all.map(({ messages, indexed, relayed, cpu, peakMemory, gas }) => [
      grouped(messages),
      indexed.toFixed(1),
      relayed.toFixed(1),
      cpu.toFixed(1),
      ((1000 * cpu) / messages).toFixed(2),
      grouped(peakMemory / MEGABYTE),
      grouped(gas / messages),
    ]),
  };
}

/** How the cost grows from each size to the next: 1 where it is in proportion to the number of messages. */
export function growth({ backlogs: all }: Figures): Table {
  const steps = all.slice(1).map((larger, place) => ({ larger, smaller: all[place]! }));
  return {
    header: ['from ... to ... messages', 'messages, times', 'CPU, times', 'CPU a message, times'],
    rows: steps.map(({ smaller, larger }) => {
      const [messages, cpu] = [larger.messages / smaller.messages, larger.cpu / smaller.cpu];
      return [
        `${grouped(smaller.messages)} to ${grouped(larger.messages)}`,
        messages.toFixed(1),
        cpu.toFixed(1),
        (cpu / messages).toFixed(2),
      ];
    }),
  };
}

export function calls({ calls: { messages, counts } }: Figures): Table {
  const entries = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
  const total = entries.reduce((sum, [, count]) => sum + count, 0);
  return {
    header: [`calls for ${grouped(messages)} messages`, 'calls', 'a message'],
    rows: [['all', total] as const, ...entries].map(([name, count]) => [
      name,
      grouped(count),
      (count / messages).toFixed(3),
    ]),
  };
}

export function room({ stored, idle }: Figures): Table {
  const rows = [
    ['idle, % of a core, settings as they are by default', (100 * idle.share).toFixed(1)],
    ["idle, % of a core, the local network's settings", (100 * idle.localShare).toFixed(1)],
  ];
  if (stored !== undefined) {
    const name = `${grouped(stored.messages)} messages in the store`;
    rows.push(
      [`${name}: seconds to the first relay, first start`, stored.first.toFixed(1)],
      [`${name}: the same after a kill`, stored.restart.toFixed(1)],
      [`${name}: memory at most, MB`, grouped(stored.peakMemory / MEGABYTE)],
      [`${name}: bytes of the store a message`, grouped(stored.storeBytes / stored.messages)],
    );
  }
  return { header: ['', 'measured'], rows };
}

export function costs({ costs: all }: Figures): Table {
  return {
    header: ['what the CPU did, with what it called', '%'],
    rows: all.slice(0, NAMED_COSTS).map(({ place, share }) => [place, (100 * share).toFixed(1)]),
  };
}
