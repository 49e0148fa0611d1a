import { quantile, type Figures } from './figures.ts';

/** A target, and what was measured. */
export interface Verdict {
  readonly name: string;
  readonly limit: string;
  readonly measured: string;
  readonly isMet: boolean;
}

const MEGABYTE = 1_000_000;

/** All targets that were measured. */
export function verdictsOf(figures: Figures): Verdict[] {
  const { ready, deposits, latency, idle, backlogs, stored } = figures;
  const large = backlogs.find(({ messages }) => messages === 10_000);
  return [
    atLeast(`${ready.messages} ready messages from L2, a second`, ready.rate, 200),
    atLeast(
      `${deposits.messages} messages from L1, % of what L2's node executes`,
      (100 * deposits.rate) / deposits.bareRate,
      80,
    ),
    ...(large === undefined
      ? []
      : [
          below('10,000 that wait: seconds until all are indexed', large.indexed, 10),
          below('10,000 that wait: seconds until all have arrived', large.relayed, 90),
        ]),
    ...(stored === undefined
      ? []
      : [
          below(`${stored.messages} in the store: MB of memory`, stored.peakMemory / MEGABYTE, 300),
          below(`${stored.messages} in the store: seconds from a restart to a relay`, stored.restart, 3),
        ]),
    below('% of a core, idle', 100 * idle.share, 2),
    below('ms that the node adds, L1 to L2, median', quantile(latency.l1ToL2, 0.5), 300),
    below('ms that the node adds, L2 to L1, median', quantile(latency.l2ToL1, 0.5), 500),
  ];
}

function atLeast(name: string, value: number, limit: number): Verdict {
  return { name, limit: `>= ${limit}`, measured: shown(value), isMet: value >= limit };
}

function below(name: string, value: number, limit: number): Verdict {
  return { name, limit: `< ${limit}`, measured: shown(value), isMet: value < limit };
}

function shown(value: number): string {
  return value < 10 ? value.toFixed(1) : `${Math.round(value)}`;
}
